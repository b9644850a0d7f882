/**
 * Where the keys of a tree lead. Pure: knows nothing of the screen.
 */

/** A line of the tree that can have the focus. */
export interface ILine {
  readonly key: string;
  /** What is found when one types. */
  readonly text: string;
  /** The key of the group that it is in; null for a group. */
  readonly parent: string | null;
  /** Whether the group is open; undefined for what is no group. */
  readonly open?: boolean;
}

/** What a key does: move the focus to a line, or open or close a group. */
export type Move = { readonly to: string } | { readonly group: string; readonly open: boolean };

/**
 * Return what an arrow key, Home or End does at a line, null when nothing.
 *
 * @param lines - The visible lines, from top to bottom.
 */
export function move(key: string, at: string, lines: ReadonlyArray<ILine>): Move | null {
  const index = lines.findIndex(line => line.key === at);
  const line = lines[index];
  if (!line) {
    return null;
  }
  const to = (place: number): Move | null => (lines[place] ? { to: lines[place]!.key } : null);
  switch (key) {
    case 'ArrowDown':
      return to(index + 1);
    case 'ArrowUp':
      return to(index - 1);
    case 'Home':
      return to(0);
    case 'End':
      return to(lines.length - 1);
    case 'ArrowRight':
      if (line.open === false) {
        return { group: line.key, open: true };
      }
      return line.open ? to(index + 1) : null;
    case 'ArrowLeft':
      if (line.open) {
        return { group: line.key, open: false };
      }
      return line.parent === null ? null : { to: line.parent };
    default:
      return null;
  }
}

/** Milliseconds within which letters belong to one word. */
const WORD = 700;

/** Finds lines by the first letters of their text. */
export class TypeAhead {
  /**
   * Take a letter that was typed at a line.
   *
   * @returns The key of the next line that begins with what was typed, null when there is none.
   */
  find(letter: string, at: string, lines: ReadonlyArray<ILine>, now: number): string | null {
    this._typed = now - this._last > WORD ? letter : this._typed + letter;
    this._last = now;
    // The same letter again goes to the next line that begins with it.
    const same = [...this._typed].every(other => other === letter);
    const wanted = (same ? letter : this._typed).toLowerCase();
    const index = lines.findIndex(line => line.key === at);
    const start = index + (same ? 1 : 0);
    const order = [...lines.slice(start), ...lines.slice(0, start)];
    return order.find(line => line.text.toLowerCase().startsWith(wanted))?.key ?? null;
  }

  private _typed = '';
  private _last = -Infinity;
}
