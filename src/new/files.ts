/**
 * Files that a person chooses or drops.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

/** What a file chooser offers. */
export const ACCEPTED = '.yml,.yaml,.json';

const MOST_BYTES = 1_000_000;
/** A request to the server may have 4 million bytes, and JSON writes line ends and quotes with two. */
const MOST_LOCKFILE_BYTES = 3_500_000;

/**
 * Whether a text is a lockfile, of whatever kind: the server says which ones it can read.
 */
export function isLockfile(text: string): boolean {
  if (/^\s*@EXPLICIT/.test(text)) {
    return true;
  }
  if (/^\s*\{/.test(text)) {
    return /"packages?"\s*:\s*\[/.test(text) && /"(?:metadata|environments)"\s*:/.test(text);
  }
  const keys = new Set(text.match(/^["']?(?:packages?|metadata|environments)["']?[ \t]*:/gm) ?? []);
  return keys.size >= 2 && !/^["']?dependencies["']?[ \t]*:/m.test(text);
}

/**
 * Read a small text file.
 *
 * @throws An `Error` with a sentence for the person when it is too large or no text.
 */
export async function readTextFile(file: File, trans: TranslationBundle): Promise<string> {
  if (file.size > MOST_LOCKFILE_BYTES) {
    throw new Error(
      trans.__('This file is too large for an environment.yml, and for a lockfile that a browser sends.')
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(trans.__('It is not a text file.'));
  }
  if (file.size > MOST_BYTES && !isLockfile(text)) {
    throw new Error(trans.__('An environment.yml is a short list. This file is too large to be one.'));
  }
  return text;
}
