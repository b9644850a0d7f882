/**
 * Open notebooks for tests, as far as is looked at.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

/** A cell, as the host's model has it. */
export interface ISampleCell {
  id: string;
  type: string;
  source?: string;
  executionCount?: number | null;
  isDirty?: boolean;
  outputs?: ReadonlyArray<string>;
}

/** A cell of code that was run. */
export function ran(id: string, executionCount: number | null, more: Partial<ISampleCell> = {}): ISampleCell {
  return { id, type: 'code', source: `${id}()`, executionCount, ...more };
}

export class SamplePanel {
  cells: ISampleCell[] = [];
  metadata: JSONObject = { kernelspec: { name: 'envstore-local--geo' } };
  isDisposed = false;
  readonly disposed = new Signal<object, void>(this);
  readonly context = { ready: Promise.resolve(), localPath: 'work/rivers.ipynb' };
  readonly sessionContext = {
    kernelPreference: { name: 'envstore-local--geo' },
    session: { kernel: { id: 'k1', name: 'envstore-local--geo' } }
  };
  readonly model = {
    nbformat: 4,
    nbformatMinor: 5,
    dirty: false,
    contentChanged: new Signal<object, void>(this),
    cells: [] as unknown[],
    sharedModel: { metadata: {} as JSONObject }
  };
  readonly content = { model: this.model };

  constructor(...cells: ISampleCell[]) {
    this.show(...cells);
  }

  /** Let it have these cells. */
  show(...cells: ISampleCell[]): void {
    this.model.sharedModel.metadata = this.metadata;
    const models = cells.map(({ source = '', outputs = [], ...cell }) => ({
      isDirty: false,
      executionCount: null,
      ...cell,
      sharedModel: { getSource: () => source },
      outputs: { length: outputs.length, get: (index: number) => ({ type: outputs[index] }) }
    }));
    this.model.cells = Object.assign(models, { get: (index: number) => models[index] });
  }

  /** The same for whom it is a real one. */
  get panel(): NotebookPanel {
    return this as unknown as NotebookPanel;
  }
}
