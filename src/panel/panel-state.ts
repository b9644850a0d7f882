/**
 * What a person has set in the panel: the filter, which groups are closed, which row is selected. It is kept over a
 * reload.
 */
import type { IStateDB } from '@jupyterlab/statedb';
import type { JSONObject } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

const KEY = 'jupyter-envstore:panel';

export class PanelState {
  get filter(): string {
    return this._filter;
  }

  set filter(filter: string) {
    if (filter !== this._filter) {
      this._filter = filter;
      this._changed.emit();
    }
  }

  /** Key of the environment that was opened last. */
  get selected(): string {
    return this._selected;
  }

  set selected(key: string) {
    if (key !== this._selected) {
      this._selected = key;
      this._changed.emit();
    }
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  isOpen(namespace: string): boolean {
    return !this._closed.has(namespace);
  }

  setOpen(namespace: string, open: boolean): void {
    if (open !== this.isOpen(namespace)) {
      if (open) {
        this._closed.delete(namespace);
      } else {
        this._closed.add(namespace);
      }
      this._changed.emit();
    }
  }

  /** Take back what was kept, and keep what changes from now on. */
  async restore(database: IStateDB): Promise<void> {
    const kept = (await database.fetch(KEY)) as Partial<JSONObject> | undefined;
    if (typeof kept?.filter === 'string') {
      this._filter = kept.filter;
    }
    if (Array.isArray(kept?.closed)) {
      this._closed = new Set(kept.closed.map(String));
    }
    this._changed.emit();
    this._changed.connect(() => {
      void database.save(KEY, { filter: this._filter, closed: [...this._closed] });
    });
  }

  private _filter = '';
  private _selected = '';
  private _closed = new Set<string>();
  private readonly _changed = new Signal<this, void>(this);
}
