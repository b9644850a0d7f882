/**
 * What the store takes on the disk, read when somebody looks and something has changed: counting costs the server more
 * than a list does.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { IUsage } from '../api/types';
import type { IEnvStoreClient, IEnvStoreModel } from '../tokens';

/** Milliseconds between a change and the reading, so that several changes are one reading. */
const PAUSE = 2_000;
/** Milliseconds after which a reading is old: other programs and the clock free things too. */
const OLD = 10 * 60_000;

export class DiskUsage implements IDisposable {
  /**
   * @param now - The time, in milliseconds.
   */
  constructor(
    private readonly client: Pick<IEnvStoreClient, 'usage'>,
    model: Pick<IEnvStoreModel, 'versionsChanged' | 'finished'>,
    private readonly now: () => number = Date.now
  ) {
    model.versionsChanged.connect(this.onChange, this);
    model.finished.connect(this.onChange, this);
  }

  /** What was read last; null before the first time. */
  get value(): IUsage | null {
    return this._value;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    Signal.clearData(this);
  }

  /** Tell whether somebody looks; only then is anything read. */
  watch(isWatched: boolean): void {
    this._isWatched = isWatched;
    this.readSoon(0);
  }

  private onChange(): void {
    this._isStale = true;
    this.readSoon(PAUSE);
  }

  private readSoon(pause: number): void {
    const isDue = this._isStale || this.now() - this._readAt > OLD;
    if (this._isWatched && isDue && this._timer === undefined && !this._isReading) {
      this._timer = setTimeout(() => void this.read(), pause);
    }
  }

  private async read(): Promise<void> {
    this._timer = undefined;
    this._isStale = false;
    this._isReading = true;
    this._readAt = this.now();
    try {
      this._value = await this.client.usage();
    } catch {
      // The list says that the server is away. What was known stays until it is asked again.
    }
    this._isReading = false;
    if (!this._isDisposed) {
      this._changed.emit();
      this.readSoon(PAUSE);
    }
  }

  private _value: IUsage | null = null;
  private _isWatched = false;
  private _isStale = true;
  private _isReading = false;
  private _isDisposed = false;
  private _readAt = -Infinity;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _changed = new Signal<this, void>(this);
}
