/**
 * What the offers of a notebook rest upon.
 */
import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { RunningVersions } from '../../model/running-versions';
import type { IEnvStoreClient, IEnvStoreModel } from '../../tokens';
import type { IAddOffer, INeedyKernel } from './offer';
import type { Shelves } from './shelves';

/** What can be done, in a notebook. */
export interface INotebookActions {
  add(kernel: INeedyKernel, offer: IAddOffer): void;
  showBuild(kernel: INeedyKernel, build: number): void;
  restart(panel: NotebookPanel): void;
  switchTo(kernel: INeedyKernel, version: number): void;
  run(panel: NotebookPanel, cell: Cell): void;
  /** Whether the package index has a project; tells when it cannot be asked, with null. */
  lookUp(project: string): Promise<boolean | null>;
}

/** What has to be known besides the notebook. */
export interface IOffersContext {
  readonly client: Pick<IEnvStoreClient, 'environment'>;
  readonly model: Pick<IEnvStoreModel, 'changed' | 'environment' | 'versionsChanged'>;
  /** Shared by all notebooks of the page. */
  readonly shelves: Shelves;
  readonly versions: RunningVersions;
  readonly actions: INotebookActions;
  readonly trans: TranslationBundle;
}
