/**
 * Lets notebooks carry their environment when they are saved.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import type { INotebookStanding, INotebookState } from '../tokens';
import type { Carriable } from './carriable';
import { carriedHere } from './carried';
import { isEmpty } from './notebook-standing';

/** Which notebooks: those that were begun on one of our environments, all that run on one, or none. */
export type EmbedWhen = 'created' | 'ours' | 'never';

/** What has to be known besides the notebook. */
export interface IEmbedContext {
  readonly carriable: Carriable;
  readonly when: () => EmbedWhen;
  /** Emitted when that has changed. */
  readonly whenChanged: ISignal<unknown, unknown>;
  /** Emitted when a code cell of a notebook has run. */
  readonly ran: ISignal<unknown, { readonly notebook: object }>;
}

/** What is known when it is decided. */
export interface IFactsOfSaving {
  readonly when: EmbedWhen;
  readonly state: INotebookState;
  /** Whether the notebook was begun on one of our environments. */
  readonly isCreated: boolean;
  /** Whether a cell ran on the kernel as it is now. */
  readonly hasRun: boolean;
}

/**
 * Whether saving is to put the kernel's version into a notebook. What cells ran on is what a notebook is to carry; what
 * came from elsewhere is never replaced.
 */
export function isDue({ when, state, isCreated, hasRun }: IFactsOfSaving): boolean {
  if (when === 'never' || !state.environment) {
    return false;
  }
  if (state.state === 'none') {
    return isCreated || (when === 'ours' && hasRun);
  }
  // Another version of the very environment on which it runs: not what bears the same name on another machine.
  return state.state === 'differs' && hasRun && (state.direction === 'older' || state.direction === 'newer');
}

/**
 * One notebook. What it is to carry is asked for ahead, so that saving waits for nothing: where it is not known yet, the
 * next saving brings it.
 */
export class EmbedOnSave {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly standing: INotebookStanding,
    private readonly context: IEmbedContext
  ) {
    panel.disposed.connect(() => Signal.clearData(this));
    void panel.context.ready.then(() => {
      if (!panel.isDisposed) {
        this.begin();
      }
    });
  }

  private begin(): void {
    const { panel, standing, context } = this;
    this._beganEmpty = isEmpty(panel);
    this.onKernel();
    panel.sessionContext.kernelChanged.connect(this.onKernel, this);
    panel.sessionContext.statusChanged.connect(this.onStatus, this);
    standing.changed.connect(this.look, this);
    context.ran.connect(this.onRan, this);
    context.whenChanged.connect(this.look, this);
    // Emitted before the model is written down, and not awaited by the host.
    panel.context.saveState.connect(this.onSaveState, this);
    this.look();
  }

  private onKernel(): void {
    this._hasRun = false;
    const { kernel } = this.standing;
    if (!kernel) {
      return;
    }
    // A person types while the first kernel starts.
    const wasEmpty = this._isFirst ? this._beganEmpty : isEmpty(this.panel);
    this._isCreated ||= kernel.environment !== null && wasEmpty;
    this._isFirst = false;
  }

  private onStatus(_: unknown, status: string): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this._hasRun = false;
    }
  }

  private onRan(_: unknown, { notebook }: { readonly notebook: object }): void {
    if (notebook === this.panel.content) {
      this._hasRun = true;
      this.look();
    }
  }

  private onSaveState(_: unknown, state: string): void {
    if (state === 'started') {
      this.put();
    }
  }

  /** Ask for what saving would put in. */
  private look(): void {
    const version = this.standing.kernel?.version;
    const isDue = Boolean(version) && this.isDue();
    if (isDue !== this.standing.isFollowing) {
      // This is then called again: the standing has changed.
      this.standing.follow(isDue);
      return;
    }
    if (!version || !isDue) {
      return;
    }
    const { lock, platforms } = this.standing.state!;
    const reference = carriedHere(this.standing.state!);
    const before = reference === null ? null : { reference, lock, platforms };
    void this.context.carriable.askFor(version, before).then(edit => {
      // Whoever asks last may be answered first.
      if (edit?.metadata && version === this.standing.kernel?.version) {
        this._prepared = { version, metadata: edit.metadata };
        this.putAtOnce();
      }
    });
  }

  /** A document that several people edit is saved by the server, which tells nobody before. */
  private putAtOnce(): void {
    if (this.panel.model?.collaborative) {
      this.put();
    }
  }

  /** Put in what is due and known. */
  private put(): void {
    const { _prepared: prepared, standing } = this;
    if (prepared && prepared.version === standing.kernel?.version && this.isDue()) {
      standing.carry(prepared.metadata);
    }
  }

  private isDue(): boolean {
    const { state, isSettled, isBare } = this.standing;
    const { _isCreated: isCreated, _hasRun: hasRun } = this;
    return (
      state !== null && isSettled && !isBare && isDue({ when: this.context.when(), state, isCreated, hasRun })
    );
  }

  private _beganEmpty = false;
  private _isFirst = true;
  private _isCreated = false;
  private _hasRun = false;
  private _prepared: { readonly version: string; readonly metadata: JSONObject } | null = null;
}
