/**
 * What a notebook carries, by name. Pure but for the language.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { readReference } from '../environment/sides';
import type { INotebookState } from '../tokens';

/** The environment of a reference, in the form in which two are compared. */
function environmentOf(reference: string): string {
  return reference.toLowerCase().split('@')[0]!;
}

/** Whether two references name versions of one environment. */
export function isSameEnvironment(one: string, other: string): boolean {
  return environmentOf(one) === environmentOf(other);
}

/**
 * The version here that has the very same files as what a notebook carries; null when there is none. One of the
 * kernel's environment goes before others, and among those the one that the notebook names.
 */
export function carriedHere({ environment, carried, existing }: INotebookState): string | null {
  const near = existing.filter(one => isSameEnvironment(one, environment));
  const among = near.length > 0 ? near : existing;
  return among.find(one => one.toLowerCase() === carried.toLowerCase()) ?? among[0] ?? null;
}

/** A version as people name it: "geo v3". */
export function versionName(reference: string, trans: TranslationBundle): string {
  const version = readReference(reference);
  return version ? trans.__('%1 v%2', version.name, version.number) : reference;
}

/** What a notebook carries, in two words: "geo v3", or "another environment" where that is not told. */
export function carriedName(state: INotebookState, trans: TranslationBundle): string {
  const reference = carriedHere(state) ?? state.carried;
  return reference ? versionName(reference, trans) : trans.__('another environment');
}
