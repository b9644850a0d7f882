/**
 * The text of an environment.yml with one mistake corrected as the server proposes. Pure.
 */
import type { IRemark } from '../api/types';

/** Return the corrected text, or null when there is no proposal or it does not fit the text any more. */
export function corrected(text: string, remark: IRemark): string | null {
  const { line, wrong, correction } = remark;
  if (line === null || !wrong || correction === undefined || correction === null) {
    return null;
  }
  const lines = text.split('\n');
  const before = lines[line - 1];
  if (before === undefined || !before.includes(wrong)) {
    return null;
  }
  // A function: in a replacement text, `$` would have a meaning.
  lines[line - 1] = before.replace(wrong, () => correction);
  return lines.join('\n');
}

/** Return what puts a remark's correction into a draft, or null when there is none. */
export function correction(
  draft: { readonly text: string; setText(text: string): void },
  remark: IRemark
): (() => void) | null {
  const text = corrected(draft.text, remark);
  return text === null ? null : () => draft.setText(text);
}
