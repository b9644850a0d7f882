/**
 * Notices when a notebook was run as a whole, and lets it say so: with which version, when, and on what machine.
 *
 * It does not matter who ran it: a button, a command of the host, or a person cell by cell. The numbers that a kernel
 * gives to cells tell: the first one after its start gets 1. Once a cell ran on anything else than what an earlier run
 * was on, that says nothing of the outputs any more, and is forgotten.
 */
import type { INotebookTracker, Notebook } from '@jupyterlab/notebook';

import type { IEnvStoreClient, IEnvStoreNotebooks } from '../tokens';
import { codeOf, isLastCode, type CodeCell } from './notebook-content';

const VERSION = /^([^/]+)\/(.+)$/;

/** What of the host's news of a cell that ended is looked at. */
export interface IExecuted {
  readonly notebook: Notebook;
  readonly cell: { readonly model: { readonly id: string; readonly type: string } };
  readonly success: boolean;
}

export class CompleteRuns {
  constructor(
    private readonly tracker: Pick<INotebookTracker, 'find'>,
    private readonly notebooks: IEnvStoreNotebooks,
    private readonly client: Pick<IEnvStoreClient, 'kernels' | 'version'>
  ) {}

  /** Whether runs are recorded. */
  enabled = true;

  /** A cell has ended. Resolves when everything has been done that follows from that. */
  async take({ notebook, cell, success }: IExecuted): Promise<void> {
    const { id, type } = cell.model;
    if (type !== 'code') {
      return;
    }
    const { executionCount: count, sharedModel } = cell.model as CodeCell;
    if (sharedModel.getSource().trim() === '') {
      return;
    }
    const before = count === 1 ? [] : (this._runs.get(notebook) ?? null);
    // Something else was run in between, or this failed: only another start of the kernel begins anew.
    const ran = success && before && count === before.length + 1 ? [...before, id] : null;
    this._runs.set(notebook, ran);
    // All cells are looked at after the last one only: there may be thousands of them.
    const code = ran && notebook.model && isLastCode(notebook.model, id) ? codeOf(notebook.model) : [];
    const isWhole =
      code.length > 0 &&
      ran?.length === code.length &&
      code.every((one, at) => one.id === ran[at] && !one.isDirty);
    const counts = code.map(one => one.executionCount);
    await this.compare(notebook, count === 1);
    if (isWhole && this.enabled) {
      await this.record(notebook, counts);
    }
  }

  /** Forget an earlier run where this is a run on another lock. */
  private async compare(notebook: Notebook, isFresh: boolean): Promise<void> {
    const panel = this.tracker.find(one => one.content === notebook);
    const kernel = panel?.sessionContext.session?.kernel;
    const standing = panel && this.notebooks.standing(panel);
    if (!standing || !kernel || standing.ranOn === null) {
      return;
    }
    if (!isFresh && this._compared.get(notebook) === kernel.id) {
      return;
    }
    try {
      const found = (await this.client.kernels()).find(one => one.id === kernel.id);
      const [, namespace, name] = VERSION.exec(found?.environment ?? '') ?? [];
      const lock =
        found && namespace && name && (await this.client.version(namespace, name, found.version)).lock;
      if (standing.ranOn !== lock) {
        standing.forgetRun();
      }
      this._compared.set(notebook, kernel.id);
    } catch {
      // While the server is away nobody can tell: the next cell is looked at.
    }
  }

  private async record(notebook: Notebook, counts: ReadonlyArray<number | null>): Promise<void> {
    const panel = this.tracker.find(one => one.content === notebook);
    const kernel = panel?.sessionContext.session?.kernel;
    const standing = panel && this.notebooks.standing(panel);
    // Where somebody took out what was put in, nothing is put in again.
    if (!standing || !kernel || standing.isBare) {
      return;
    }
    try {
      // Its spec says what it would start now; the server looks at its process.
      const version = (await this.client.kernels()).find(one => one.id === kernel.id);
      if (version) {
        await standing.record(`${version.environment}@${version.version}`, counts);
      }
    } catch {
      // The notebook then says nothing of this run, as its report does.
    }
  }

  /** The kernel that was last known to be compared with the earlier run of each notebook. */
  private readonly _compared = new WeakMap<Notebook, string>();
  /** The cells that each notebook ran since its kernel was started; null where nothing whole can come of it. */
  private readonly _runs = new WeakMap<Notebook, ReadonlyArray<string> | null>();
}
