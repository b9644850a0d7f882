/**
 * Which notebook is in front, and how it stands.
 */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Signal, type ISignal } from '@lumino/signaling';

import type { IEnvStoreNotebooks, INotebookStanding } from '../tokens';

export class CurrentNotebook {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly notebooks: IEnvStoreNotebooks
  ) {
    tracker.currentChanged.connect(this.onCurrentChanged, this);
    this.onCurrentChanged();
  }

  /** The notebook's file name; null when none is open. */
  get name(): string | null {
    return this._panel?.title.label ?? null;
  }

  /** Null when none is open. */
  get standing(): INotebookStanding | null {
    return this._standing;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  private onCurrentChanged(): void {
    const panel = this.tracker.currentWidget;
    if (panel === this._panel) {
      return;
    }
    this._standing?.changed.disconnect(this.tell, this);
    this._panel?.title.changed.disconnect(this.tell, this);
    this._panel = panel;
    this._standing = panel && this.notebooks.standing(panel);
    this._standing?.changed.connect(this.tell, this);
    panel?.title.changed.connect(this.tell, this);
    this.tell();
  }

  private tell(): void {
    this._changed.emit();
  }

  private _panel: NotebookPanel | null = null;
  private _standing: INotebookStanding | null = null;
  private readonly _changed = new Signal<this, void>(this);
}
