/**
 * Which notebook is in front, and which kernel it has.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';

import type { IKernelInUse } from '../tokens';
import { kernelInUse } from './kernel-in-use';
import type { RunningVersions } from './running-versions';

/** Statuses after which a kernel is another process than before. */
const RESTARTS: ReadonlyArray<string> = ['starting', 'restarting', 'autorestarting'];

export class CurrentNotebook {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly versions: RunningVersions
  ) {
    versions.changed.connect(this.tell, this);
    tracker.currentChanged.connect(this.onCurrentChanged, this);
    this.onCurrentChanged();
  }

  /** The notebook's file name; null when none is open. */
  get name(): string | null {
    return this._panel?.title.label ?? null;
  }

  /** Null when the notebook has no kernel, or there is no notebook. */
  get kernel(): IKernelInUse | null {
    return this._session && kernelInUse(this._session, this.versions);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  private onCurrentChanged(): void {
    const panel = this.tracker.currentWidget;
    if (panel === this._panel) {
      return;
    }
    this._session?.kernelChanged.disconnect(this.onKernelChanged, this);
    this._session?.statusChanged.disconnect(this.onStatusChanged, this);
    this._session?.specsManager.specsChanged.disconnect(this.tell, this);
    this._panel?.title.changed.disconnect(this.tell, this);
    this._panel = panel;
    this._session = panel?.sessionContext ?? null;
    this._session?.kernelChanged.connect(this.onKernelChanged, this);
    this._session?.statusChanged.connect(this.onStatusChanged, this);
    this._session?.specsManager.specsChanged.connect(this.tell, this);
    panel?.title.changed.connect(this.tell, this);
    this.onKernelChanged();
  }

  private onKernelChanged(): void {
    const kernel = this._session?.session?.kernel;
    if (kernel) {
      this.versions.expect(kernel);
    }
    this.tell();
  }

  private onStatusChanged(_: ISessionContext, status: Kernel.Status): void {
    if (RESTARTS.includes(status)) {
      this._isStarting = true;
    } else if (this._isStarting && status === 'idle') {
      this._isStarting = false;
      void this.versions.refresh();
    }
  }

  private tell(): void {
    this._changed.emit();
  }

  private _panel: NotebookPanel | null = null;
  private _session: ISessionContext | null = null;
  private _isStarting = false;
  private readonly _changed = new Signal<this, void>(this);
}
