/**
 * One preview that was asked for: what would change, and given up when nobody wants it any more.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import { toReport } from '../api/request';
import type { IErrorReport, IPreview, IPreviewRequest } from '../api/types';
import type { IEnvStoreModel } from '../tokens';

export class PreviewRun implements IDisposable {
  constructor(
    model: Pick<IEnvStoreModel, 'preview'>,
    readonly request: IPreviewRequest
  ) {
    this.done = model.preview(request, this._abort.signal).then(
      preview => this.end(preview, null),
      (error: unknown) => this.end(null, toReport(error))
    );
  }

  /** Resolves when there is nothing more to come. */
  readonly done: Promise<void>;

  /** When it was asked for, in milliseconds. */
  readonly began = Date.now();

  /** Emitted when it has an outcome, or the message was changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isSolving(): boolean {
    return this._preview === null && this._error === null;
  }

  /** What would change; null while that is not known, and when there is no way. */
  get preview(): IPreview | null {
    return this._preview;
  }

  /** Why there is no preview. */
  get error(): IErrorReport | null {
    return this._error;
  }

  /** What the version will be called: as offered, until a person has said otherwise. */
  get message(): string {
    return this._message ?? this._preview?.message ?? '';
  }

  setMessage(message: string): void {
    this._message = message;
    this._changed.emit();
  }

  get isDisposed(): boolean {
    return this._abort.signal.aborted;
  }

  /** Nobody wants it any more: the server need not go on. */
  dispose(): void {
    this._abort.abort();
    Signal.clearData(this);
  }

  private end(preview: IPreview | null, error: IErrorReport | null): void {
    if (!this.isDisposed) {
      this._preview = preview;
      this._error = error;
      this._changed.emit();
    }
  }

  private _preview: IPreview | null = null;
  private _error: IErrorReport | null = null;
  private _message: string | null = null;
  private readonly _abort = new AbortController();
  private readonly _changed = new Signal<this, void>(this);
}
