/**
 * Files that a person chooses or drops.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

const MOST_BYTES = 1_000_000;

/**
 * Read a small text file.
 *
 * @throws An `Error` with a sentence for the person when it is too large or no text.
 */
export async function readTextFile(file: File, trans: TranslationBundle): Promise<string> {
  if (file.size > MOST_BYTES) {
    throw new Error(trans.__('An environment.yml is a short list. This file is too large to be one.'));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(trans.__('It is not a text file.'));
  }
}
