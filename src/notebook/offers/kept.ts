/**
 * Answers that are kept. Who asks while one is waited for gets the same; a question that failed may be asked again.
 */
export class Kept<T> {
  /** @param lasts - Milliseconds for which an answer is taken for true. */
  constructor(
    private readonly lasts = Infinity,
    private readonly now: () => number = Date.now
  ) {}

  /** The answer that is known by a key, or what `ask` says. */
  read(key: string, ask: () => Promise<T>): Promise<T> {
    const last = this._answers.get(key);
    if (last && this.now() - last.at < this.lasts) {
      return last.reading;
    }
    const answer = { at: this.now(), reading: ask() };
    this._answers.set(key, answer);
    answer.reading.catch(() => {
      if (this._answers.get(key) === answer) {
        this._answers.delete(key);
      }
    });
    return answer.reading;
  }

  private readonly _answers = new Map<string, { readonly at: number; readonly reading: Promise<T> }>();
}
