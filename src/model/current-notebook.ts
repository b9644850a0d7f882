/**
 * Which notebook is in front, and which kernel it has.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Signal, type ISignal } from '@lumino/signaling';

/** A kernel, as people know it. */
export interface IKernelInUse {
  /** "geo v3" for one of ours, else the kernel's own title. */
  readonly title: string;
  /** The environment that it belongs to, as `namespace/name`; null when it is none of ours. */
  readonly environment: string | null;
}

export class CurrentNotebook {
  constructor(private readonly tracker: INotebookTracker) {
    tracker.currentChanged.connect(this.onCurrentChanged, this);
    this.onCurrentChanged();
  }

  /** The notebook's file name; null when none is open. */
  get name(): string | null {
    return this._panel?.title.label ?? null;
  }

  /** Null when the notebook has no kernel, or there is no notebook. */
  get kernel(): IKernelInUse | null {
    const session = this._panel?.sessionContext;
    const name = session?.session?.kernel?.name;
    if (!session || !name) {
      return null;
    }
    const spec = session.specsManager.specs?.kernelspecs[name];
    const mark = spec?.metadata?.envstore as { environment?: string; version?: number } | undefined;
    if (typeof mark?.environment !== 'string') {
      return { title: session.kernelDisplayName, environment: null };
    }
    const [, short] = mark.environment.split('/');
    return { title: `${short} v${mark.version}`, environment: mark.environment };
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  private onCurrentChanged(): void {
    const panel = this.tracker.currentWidget;
    if (panel === this._panel) {
      return;
    }
    this._session?.kernelChanged.disconnect(this.tell, this);
    this._session?.specsManager.specsChanged.disconnect(this.tell, this);
    this._panel?.title.changed.disconnect(this.tell, this);
    this._panel = panel;
    this._session = panel?.sessionContext ?? null;
    this._session?.kernelChanged.connect(this.tell, this);
    this._session?.specsManager.specsChanged.connect(this.tell, this);
    panel?.title.changed.connect(this.tell, this);
    this.tell();
  }

  private tell(): void {
    this._changed.emit();
  }

  private _panel: NotebookPanel | null = null;
  private _session: ISessionContext | null = null;
  private readonly _changed = new Signal<this, void>(this);
}
