/**
 * What stands between open notebooks and the same results elsewhere.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { IErrorReport, INotebookReport } from '../api/types';

/** What a report may do besides reading the notebook; both take longer. */
export interface IReportOptions {
  /** Read every file of the notebook's environment. */
  readonly verify?: boolean;
  /** Ask channels and indexes whether they still offer its packages. */
  readonly fetch?: boolean;
}

/** The report on an open notebook: what stands between it and the same results elsewhere. */
export interface INotebookReporting {
  readonly panel: NotebookPanel;
  /** The last report; null before the first one. */
  readonly report: INotebookReport | null;
  /** Why there is no newer report; null when there is. */
  readonly error: IErrorReport | null;
  readonly isChecking: boolean;
  /** What has changed since the last report: how the notebook stands to its environment, its content, or nothing. */
  readonly since: 'standing' | 'content' | null;
  /** What the last report was asked to do. */
  readonly options: IReportOptions;
  /** Emitted when anything above has changed. */
  readonly changed: ISignal<this, void>;

  /** Make a report. What it was asked to do once, it does each time. Never rejects: `error` says how it went. */
  check(options?: IReportOptions): Promise<INotebookReport | null>;
  /** Which cell of the notebook the report means by a number: its index now; -1 when it is gone. */
  cellAt(number: number): number;
}

/** The reports on open notebooks. */
export interface IEnvStoreReports {
  /** The report on a notebook: the same object for the same notebook. It is made when it is asked for. */
  reporting(panel: NotebookPanel): INotebookReporting;
}

/**
 * Ask for this token to know what stands between open notebooks and the same results elsewhere.
 */
export const IEnvStoreReports = new Token<IEnvStoreReports>(
  'jupyter-envstore:IEnvStoreReports',
  'Reports on what stands between open notebooks and the same results elsewhere.'
);
