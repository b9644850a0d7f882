/**
 * How the environment that an open notebook carries stands to the kernel that it runs on.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
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
import { kernelInUse } from './kernel-in-use';
import type { RunningVersions } from './running-versions';

/** Where a notebook's metadata says what it carries. */
export const KEY = 'envstore';

/** What has to be known besides the notebook. */
export interface IStandingContext {
  readonly client: Pick<IEnvStoreClient, 'notebookState' | 'embed' | 'strip'>;
  readonly model: Pick<IEnvStoreModel, 'versionsChanged'>;
  readonly versions: RunningVersions;
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
    sessionContext.specsManager.specsChanged.connect(this.look, this);
    context.versions.changed.connect(this.look, this);
    context.model.versionsChanged.connect(this.look, this);
    MessageLoop.installMessageHook(panel, this._hook);
    panel.disposed.connect(this.dispose, this);
    void panel.context.ready.then(() => {
      if (!panel.isDisposed) {
        panel.model?.metadataChanged.connect(this.look, this);
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

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  metadata(): JSONObject {
    return { ...(this.panel.model?.sharedModel.metadata as JSONObject | undefined) };
  }

  refresh(): Promise<void> {
    this._isStale = false;
    return this._reading.run();
  }

  async embed(environment?: string, platforms?: ReadonlyArray<string>): Promise<INotebookEdit> {
    const edit = await this.context.client.embed({
      metadata: this.metadata(),
      environment: environment ?? this.kernel?.version,
      platforms
    });
    this.take(edit);
    return edit;
  }

  async strip(): Promise<INotebookEdit> {
    const edit = await this.context.client.strip({ metadata: this.metadata() });
    this.take(edit);
    return edit;
  }

  private take({ changed, metadata }: INotebookEdit): void {
    const shared = this.panel.model?.sharedModel;
    if (!changed || !shared) {
      return;
    }
    if (metadata) {
      shared.setMetadata(KEY, metadata);
    } else {
      shared.deleteMetadata(KEY);
    }
  }

  private onKernelChanged(): void {
    const kernel = this.panel.sessionContext.session?.kernel;
    if (kernel) {
      this.context.versions.expect(kernel);
    }
    this.look();
  }

  /** Something may be otherwise than before. */
  private look(): void {
    this._changed.emit();
    if (this.panel.isVisible) {
      void this.refresh();
    } else {
      this._isStale = true;
    }
  }

  private async read(): Promise<void> {
    const { panel } = this;
    if (panel.isDisposed || !panel.model) {
      return;
    }
    const { session, kernelPreference } = panel.sessionContext;
    try {
      const state = await this.context.client.notebookState({
        metadata: this.metadata(),
        kernel: session?.kernel?.name ?? kernelPreference.name,
        environment: this.kernel?.version
      });
      this._state = state;
    } catch {
      // The list says that the server is away, and why a request is refused cannot be mended here.
      this._state = null;
    }
    this._changed.emit();
  }

  private dispose(): void {
    MessageLoop.removeMessageHook(this.panel, this._hook);
    Signal.clearData(this);
  }

  private readonly _hook = (_: unknown, message: Message): boolean => {
    if (message.type === 'after-show' && this._isStale) {
      void this.refresh();
    }
    return true;
  };

  private _state: INotebookState | null = null;
  private _isStale = true;
  private readonly _reading = new Again(() => this.read());
  private readonly _changed = new Signal<this, void>(this);
}
