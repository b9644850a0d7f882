/**
 * How the environment that an open notebook carries stands to the kernel that it runs on.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { MessageLoop, type Message } from '@lumino/messaging';
import { Signal, type ISignal } from '@lumino/signaling';

import type {
  IEnvStoreClient,
  IEnvStoreModel,
  IEnvStoreNotebooks,
  IKernelInUse,
  INotebookEdit,
  INotebookStanding,
  INotebookState
} from '../tokens';
import { Again } from './again';
import type { BareNotebooks } from './bare-notebooks';
import type { Carriable } from './carriable';
import { kernelInUse } from './kernel-in-use';
import { wordsOfPanel } from './notebook-request';
import type { RunningVersions } from './running-versions';

/** Where a notebook's metadata says what it carries. */
export const KEY = 'envstore';

/** Statuses after which a kernel is another process than before. */
const RESTARTS: ReadonlyArray<string> = ['starting', 'restarting', 'autorestarting'];

/** What has to be known besides the notebook. */
export interface IStandingContext {
  readonly client: Pick<IEnvStoreClient, 'notebookState' | 'embed' | 'strip' | 'record'>;
  readonly model: Pick<IEnvStoreModel, 'versionsChanged'>;
  readonly versions: RunningVersions;
  readonly carriable: Carriable;
  readonly bare: BareNotebooks;
}

/** Whether nothing was written into a notebook yet. */
export function isEmpty({ model }: NotebookPanel): boolean {
  return model !== null && model.sharedModel.cells.every(cell => cell.getSource().trim() === '');
}

/** How all open notebooks stand. */
export class NotebookStandings implements IEnvStoreNotebooks {
  constructor(private readonly context: IStandingContext) {}

  standing(panel: NotebookPanel): NotebookStanding {
    let known = this._known.get(panel);
    if (!known) {
      known = new NotebookStanding(panel, this.context);
      this._known.set(panel, known);
    }
    return known;
  }

  private readonly _known = new WeakMap<NotebookPanel, NotebookStanding>();
}

/**
 * How one notebook stands. The server is asked again when the kernel, the notebook's metadata or the store's versions
 * have changed; for a notebook that nobody sees, when it is shown.
 */
export class NotebookStanding implements INotebookStanding {
  constructor(
    readonly panel: NotebookPanel,
    private readonly context: IStandingContext
  ) {
    const { sessionContext } = panel;
    sessionContext.kernelChanged.connect(this.onKernelChanged, this);
    sessionContext.statusChanged.connect(this.onStatusChanged, this);
    sessionContext.specsManager.specsChanged.connect(this.look, this);
    context.versions.changed.connect(this.look, this);
    context.model.versionsChanged.connect(this.look, this);
    this._path = panel.context.path;
    panel.context.pathChanged.connect(this.onPathChanged, this);
    MessageLoop.installMessageHook(panel, this._hook);
    panel.disposed.connect(this.dispose, this);
    void panel.context.ready.then(() => {
      if (!panel.isDisposed) {
        if (isEmpty(panel)) {
          // A new one where another one was: nobody has taken anything out of this.
          context.bare.delete(this._path);
        }
        this._wasCarrying = this.isCarrying;
        panel.model?.metadataChanged.connect(this.onMetadataChanged, this);
        this.look();
      }
    });
  }

  get kernel(): IKernelInUse | null {
    return this.panel.isDisposed ? null : kernelInUse(this.panel.sessionContext, this.context.versions);
  }

  get state(): INotebookState | null {
    return this._state;
  }

  get isSettled(): boolean {
    return this._state !== null && !this._isStarting && this._read === this._looked;
  }

  get isBare(): boolean {
    return this.context.bare.has(this._path);
  }

  get isFollowing(): boolean {
    return this._isFollowing;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get carried(): JSONObject | null {
    const carried = this.panel.model?.sharedModel.getMetadata(KEY);
    return typeof carried === 'object' && !Array.isArray(carried) ? (carried as JSONObject | null) : null;
  }

  get offered(): INotebookEdit | null {
    const version = this.kernel?.version;
    return version ? this.context.carriable.known(version) : null;
  }

  async prepare(): Promise<void> {
    const version = this.kernel?.version;
    if (version && (await this.context.carriable.ask(version))) {
      this._changed.emit();
    }
  }

  metadata(): JSONObject {
    return { ...(this.panel.model?.sharedModel.metadata as JSONObject | undefined) };
  }

  refresh(): Promise<void> {
    return this._reading.run();
  }

  async embed(environment?: string, platforms?: ReadonlyArray<string>): Promise<INotebookEdit> {
    const edit = await this.context.client.embed({
      metadata: this.metadata(),
      environment: environment ?? this.kernel?.version,
      platforms
    });
    if (this.panel.isDisposed) {
      return edit;
    }
    if (edit.changed && edit.metadata) {
      this.carry(edit.metadata);
    }
    this.context.bare.delete(this._path);
    return edit;
  }

  async strip(): Promise<INotebookEdit> {
    const edit = await this.context.client.strip({ metadata: this.metadata() });
    if (this.panel.isDisposed) {
      return edit;
    }
    if (edit.changed) {
      this.write(edit.metadata);
    }
    this._run = null;
    this.context.bare.add(this._path);
    return edit;
  }

  async record(environment: string, counts: ReadonlyArray<number | null>): Promise<INotebookEdit> {
    // What it carries may change until the answer is there, and is not sent.
    const edit = await this.context.client.record({ metadata: {}, environment, counts });
    this._run = (edit.metadata?.run as JSONObject | undefined) ?? null;
    if (this.isCarrying) {
      this.carry({});
    }
    return edit;
  }

  get ranOn(): string | null {
    const run = this._run ?? this.carried?.run;
    const lock = typeof run === 'object' && !Array.isArray(run) ? run?.lock : null;
    return typeof lock === 'string' ? lock : null;
  }

  forgetRun(): void {
    this._run = null;
    const { run, ...rest } = this.carried ?? {};
    if (run !== undefined && typeof rest.schema === 'number') {
      this.write('lockfile' in rest ? rest : null);
    }
  }

  carry(prepared: JSONObject): void {
    const { carried, _run: run } = this;
    this.write({ ...carried, ...prepared, ...(run && { run }) });
    this._run = null;
  }

  follow(isFollowing: boolean): void {
    if (isFollowing !== this._isFollowing) {
      this._isFollowing = isFollowing;
      this._changed.emit();
    }
  }

  putBack(carried: JSONObject | null): void {
    if (this.panel.isDisposed) {
      return;
    }
    this.write(carried);
    if (this.isCarrying) {
      this.context.bare.delete(this._path);
    } else {
      this.context.bare.add(this._path);
    }
  }

  /** Whether it carries an environment of ours; a record of a run may stand there alone. */
  private get isCarrying(): boolean {
    return typeof this.carried?.schema === 'number' && 'lockfile' in this.carried;
  }

  private write(carried: JSONObject | null): void {
    const shared = this.panel.model?.sharedModel;
    if (carried) {
      shared?.setMetadata(KEY, carried);
    } else {
      shared?.deleteMetadata(KEY);
    }
  }

  private onKernelChanged(): void {
    this._run = null;
    const kernel = this.panel.sessionContext.session?.kernel;
    if (kernel) {
      this.context.versions.expect(kernel);
    }
    this.look();
  }

  private onStatusChanged(_: ISessionContext, status: Kernel.Status): void {
    if (RESTARTS.includes(status)) {
      this._isStarting = true;
      this._starts++;
    } else if (this._isStarting && status === 'idle') {
      const starts = this._starts;
      void this.context.versions.refresh().then(() => {
        // Meanwhile it may be starting once more, as another version.
        if (starts === this._starts) {
          this._isStarting = false;
          this._changed.emit();
        }
      });
    }
  }

  /** What it carries may also come and go by others who edit it, or by the host's editor of metadata. */
  private onMetadataChanged(): void {
    const { isCarrying } = this;
    if (isCarrying !== this._wasCarrying) {
      this._wasCarrying = isCarrying;
      this.context.bare[isCarrying ? 'delete' : 'add'](this._path);
    }
    this.look();
  }

  private onPathChanged(_: unknown, path: string): void {
    this.context.bare.rename(this._path, path);
    this._path = path;
  }

  /** Something may be otherwise than before. */
  private look(): void {
    this._looked++;
    this._changed.emit();
    if (this.panel.isVisible) {
      void this.refresh();
    }
  }

  private async read(): Promise<void> {
    const { panel } = this;
    if (panel.isDisposed || !panel.model) {
      return;
    }
    const { session, kernelPreference } = panel.sessionContext;
    const looked = this._looked;
    try {
      const state = await this.context.client.notebookState({
        ...wordsOfPanel(panel),
        kernel: session?.kernel?.name ?? kernelPreference.name,
        environment: this.kernel?.version
      });
      this._state = state;
    } catch {
      // The list says that the server is away, and why a request is refused cannot be mended here.
      this._state = null;
    }
    this._read = looked;
    this._changed.emit();
  }

  private dispose(): void {
    MessageLoop.removeMessageHook(this.panel, this._hook);
    Signal.clearData(this);
  }

  private readonly _hook = (_: unknown, message: Message): boolean => {
    if (message.type === 'after-show' && this._read !== this._looked) {
      void this.refresh();
    }
    return true;
  };

  private _state: INotebookState | null = null;
  /** How often something may have changed, and how many of these times the state knows. */
  private _looked = 1;
  private _read = 0;
  /** The record of a run, for the time when it carries an environment: until then it is left as it is. */
  private _run: JSONObject | null = null;
  private _isFollowing = false;
  private _isStarting = false;
  /** How often a start of its kernel was noticed. */
  private _starts = 0;
  private _wasCarrying = false;
  private _path: string;
  private readonly _reading = new Again(() => this.read());
  private readonly _changed = new Signal<this, void>(this);
}
