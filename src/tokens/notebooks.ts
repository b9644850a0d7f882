/**
 * What environments open notebooks carry.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token, type JSONObject } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { INotebookEdit, INotebookState } from '../api/types';

/** A kernel, as people know it. */
export interface IKernelInUse {
  /** "geo v3" for one of ours, else the kernel's own title. */
  readonly title: string;
  /** The environment that it belongs to, as `namespace/name`; null when it is none of ours. */
  readonly environment: string | null;
  /** The version that it runs, as `namespace/name@3`; null when it is none of ours. */
  readonly version: string | null;
  /** The number of the version that it would run after a restart; null when that is the same. */
  readonly newer: number | null;
}

/**
 * How the environment that an open notebook carries stands to the kernel that it runs on, kept up to date while the
 * notebook is visible.
 */
export interface INotebookStanding {
  readonly panel: NotebookPanel;
  /** Null when the notebook has no kernel. */
  readonly kernel: IKernelInUse | null;
  /** What the server says; null before it was asked, and while it is away. */
  readonly state: INotebookState | null;
  /** Whether `state` is about what is the case now, and not about what was before something changed. */
  readonly isSettled: boolean;
  /** Whether somebody took out what it carried, so that it is to stay without. */
  readonly isBare: boolean;
  /** Whether the next saving lets it carry the version that it runs on. */
  readonly isFollowing: boolean;
  /** What its metadata says under our name; null when that is nothing. */
  readonly carried: JSONObject | null;
  /** Hash of the lock of its last complete run, which it says now or once it carries something; null without one. */
  readonly ranOn: string | null;
  /** What it would get of its kernel's version, and how much that adds; null until it was prepared. */
  readonly offered: INotebookEdit | null;
  /** Emitted when anything above has changed. */
  readonly changed: ISignal<this, void>;

  /** All of the notebook's metadata, as it is being edited. */
  metadata(): JSONObject;
  /** Ask the server again. Never rejects. */
  refresh(): Promise<void>;
  /** Find out what it would get. Never rejects. */
  prepare(): Promise<void>;
  /** Let the notebook carry a version, that of its kernel when none is named. It is not saved. */
  embed(environment?: string, platforms?: ReadonlyArray<string>): Promise<INotebookEdit>;
  /**
   * Let the notebook say that it was run as a whole: at once where it carries an environment, else as soon as it
   * carries one. It is not saved.
   *
   * @param environment - The version that its kernel was started with.
   * @param counts - The numbers that its cells of code got, in their order.
   */
  record(environment: string, counts: ReadonlyArray<number | null>): Promise<INotebookEdit>;
  /** Let it say nothing of that run any more. It is not saved. */
  forgetRun(): void;
  /** Take out what was put into it. It is not saved, and saving does not put anything in again. */
  strip(): Promise<INotebookEdit>;
  /** Let it carry what it carried before, or nothing: undoes one of the above. It is not saved. */
  putBack(carried: JSONObject | null): void;
  /** Let it carry what was prepared before, beside what else stands there: as saving does on its own. */
  carry(prepared: JSONObject): void;
  /** Say whether the next saving will do that. */
  follow(isFollowing: boolean): void;
}

/** The environments that open notebooks carry. */
export interface IEnvStoreNotebooks {
  /** How a notebook stands: the same object for the same notebook, until that is closed. */
  standing(panel: NotebookPanel): INotebookStanding;
}

/**
 * Ask for this token to know what environments open notebooks carry.
 */
export const IEnvStoreNotebooks = new Token<IEnvStoreNotebooks>(
  'jupyter-envstore:IEnvStoreNotebooks',
  'What environments open notebooks carry, and how those stand to their kernels.'
);
