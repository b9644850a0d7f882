/**
 * Text that a stranger wrote, as it can be shown within a sentence of ours.
 */

/** Characters that are not seen, or change the direction of what stands beside them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu;

/** The same, where lines are to stay lines. */
const UNSEEN_IN_LINES = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** One line of at most so many characters, each of which can be seen. */
export function plainText(text: unknown, most = 80): string {
  if (typeof text !== 'string') {
    return '';
  }
  // Cut before it is searched, as it may be of any length; what is not seen takes no room.
  const seen = text
    .slice(0, 20 * most)
    .replace(UNSEEN, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(seen);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : seen;
}

/** Several lines as they stand, but for what is not seen in them. */
export function plainLines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNSEEN_IN_LINES, ' ');
}
