/**
 * Versions as people name them. A notebook's word for one is a stranger's. Pure but for the language.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { plainText } from '../components/strange-text';
import { carriedHere } from '../model/carried';
import { readReference } from '../model/references';
import type { INotebookState } from '../tokens';

/** A version by name: "geo v3"; empty where the reference is none. */
export function versionName(reference: string, trans: TranslationBundle): string {
  const version = readReference(reference);
  return version ? plainText(trans.__('%1 v%2', version.name, version.number)) : '';
}

/**
 * What a notebook carries, in two words: "geo v3", or "another environment" where that is not told. A version that is
 * here goes by its name here.
 */
export function carriedName(state: INotebookState, trans: TranslationBundle): string {
  return versionName(carriedHere(state) ?? state.carried, trans) || trans.__('another environment');
}

/** What a notebook carries, and what the notebook itself calls it where that is another name. */
export function carriedNames(state: INotebookState, trans: TranslationBundle): string {
  const [name, told] = [carriedName(state, trans), versionName(state.carried, trans)];
  return told === '' || told === name ? name : trans.__('%1 (called %2 where it was made)', name, told);
}
