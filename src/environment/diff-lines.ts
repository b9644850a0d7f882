/**
 * A unified diff as numbered lines. Pure.
 */

/** A line of a difference, with its numbers on both sides. */
export interface IDiffLine {
  readonly look: 'same' | 'add' | 'remove' | 'gap';
  /** From 1; null on the side where the line is not. */
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

/** Lines of a text that is shown whole; of a longer one only what stands near a change. */
const MOST_LINES = 400;

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/**
 * Read a unified diff.
 *
 * @param diff - What stands before the first `@@` is left out. Empty: the texts are the same.
 * @param before - The text on the left, so that what the diff leaves out can be shown as well; null when not known.
 */
export function diffLines(diff: string, before: string | null): IDiffLine[] {
  const old = before?.replace(/\n$/, '').split('\n') ?? null;
  const isWhole = old !== null && old.length <= MOST_LINES;
  const lines: IDiffLine[] = [];
  let [left, right] = [1, 1];
  // The lengths of a hunk say where it ends: a removed line that begins with "--" looks like a head.
  let [leftRest, rightRest] = [0, 0];

  const skip = (until: number): void => {
    if (isWhole) {
      for (; left < until; left++, right++) {
        lines.push({ look: 'same', before: left, after: right, text: old[left - 1] ?? '' });
      }
    } else if (lines.length > 0 && until > left) {
      lines.push({ look: 'gap', before: null, after: null, text: '…' });
    }
  };

  for (const line of diff.split('\n')) {
    const hunk = HUNK.exec(line);
    if (leftRest + rightRest === 0 && hunk) {
      [leftRest, rightRest] = [Number(hunk[2] ?? 1), Number(hunk[4] ?? 1)];
      // A side without lines is numbered by the line before it.
      skip(Number(hunk[1]) + (leftRest === 0 ? 1 : 0));
      left = Number(hunk[1]) + (leftRest === 0 ? 1 : 0);
      right = Number(hunk[3]) + (rightRest === 0 ? 1 : 0);
    } else if (leftRest + rightRest > 0 && !line.startsWith('\\')) {
      const text = line.slice(1);
      if (line.startsWith('-')) {
        lines.push({ look: 'remove', before: left++, after: null, text });
        leftRest--;
      } else if (line.startsWith('+')) {
        lines.push({ look: 'add', before: null, after: right++, text });
        rightRest--;
      } else {
        lines.push({ look: 'same', before: left++, after: right++, text });
        leftRest--;
        rightRest--;
      }
    }
  }
  if (isWhole) {
    skip(old.length + 1);
  }
  return lines;
}
