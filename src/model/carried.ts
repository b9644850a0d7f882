/**
 * Which version here is what a notebook carries. Pure.
 */
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
