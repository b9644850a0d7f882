/**
 * The log of a build as lines with the time since its beginning. Pure.
 */

/** One line of a log. */
export interface ILogLine {
  /** Seconds since the build's first line; null for a line that carries no time. */
  readonly seconds: number | null;
  readonly text: string;
}

const STAMPED = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))? (.*)$/;
const DAY = 24 * 3600;

/**
 * Turns parts of a log, as they come, into lines. A part may end within a line.
 */
export class LogReader {
  /** The lines so far. A new array each time that a part is added. */
  get lines(): ReadonlyArray<ILogLine> {
    return this._lines;
  }

  /** All text so far, as the server sent it. */
  get text(): string {
    return this._text;
  }

  /** Add the next part. */
  add(part: string): void {
    this._text += part;
    const pieces = (this._open + part).split('\n');
    this._open = pieces.pop() ?? '';
    this._lines = [...this._lines, ...pieces.map(piece => this._read(piece))];
  }

  private _read(piece: string): ILogLine {
    const match = STAMPED.exec(piece.replace(/\r$/, ''));
    if (!match) {
      return { seconds: null, text: piece };
    }
    const [hours, minutes, seconds, fraction] = [match[1], match[2], match[3], match[4] ?? '0'];
    const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`);
    this._first ??= time;
    // The stamps carry no date: one that lies before the first is of the next day.
    return { seconds: (time - this._first + DAY) % DAY, text: match[5]! };
  }

  private _lines: ReadonlyArray<ILogLine> = [];
  private _text = '';
  private _open = '';
  private _first: number | undefined;
}
