/**
 * Which notebooks are to carry nothing: somebody took out of them what they carried. It is kept over a reload, and not
 * in the notebook, of which nothing of ours is to remain.
 */
import type { IStateDB } from '@jupyterlab/statedb';

const KEY = 'jupyter-envstore:bare-notebooks';

/** Notebooks that are remembered. */
const MOST = 500;

export class BareNotebooks {
  has(path: string): boolean {
    return this._paths.has(path);
  }

  add(path: string): void {
    if (!this._paths.has(path)) {
      // Those of longest ago stand first.
      this._paths = new Set([...this._paths, path].slice(-MOST));
      this.keep();
    }
  }

  delete(path: string): void {
    if (this._paths.delete(path)) {
      this.keep();
    }
  }

  /** A notebook has another path. */
  rename(before: string, after: string): void {
    if (this.has(before)) {
      this._paths.delete(before);
      this.add(after);
    }
  }

  /** Take back what was kept, and keep what changes from now on. */
  async restore(database: IStateDB): Promise<void> {
    const kept = await database.fetch(KEY);
    this._database = database;
    if (Array.isArray(kept)) {
      this._paths = new Set([...kept.map(String), ...this._paths].slice(-MOST));
    }
  }

  private keep(): void {
    void this._database?.save(KEY, [...this._paths]);
  }

  private _paths = new Set<string>();
  private _database: IStateDB | null = null;
}
