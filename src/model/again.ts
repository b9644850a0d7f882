/**
 * Runs a piece of work that reads something, never twice at once.
 */

/**
 * A reading that is asked for while one is under way is done once more afterwards, since what is under way may have
 * been answered before that what happened for which it is asked.
 */
export class Again {
  constructor(private readonly work: () => Promise<void>) {}

  /** Do the work; resolves when a run that began after this call has ended. */
  run(): Promise<void> {
    if (!this._running) {
      this._running = this.once();
      return this._running;
    }
    const next = (): Promise<void> => {
      this._next = null;
      return this.run();
    };
    this._next ??= this._running.then(next, next);
    return this._next;
  }

  private async once(): Promise<void> {
    try {
      await this.work();
    } finally {
      this._running = null;
    }
  }

  private _running: Promise<void> | null = null;
  private _next: Promise<void> | null = null;
}
