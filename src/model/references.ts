/**
 * How versions are written. Pure.
 */
import type { IEnvironmentName, IVersionName } from '../tokens';
import { keyOf } from './environment-list';

/** `namespace/name@number`. */
export function referenceOf(namespace: string, name: string, number: number): string {
  return `${namespace}/${name}@${number}`;
}

/** Read the reference of a version; null when it is none. */
export function readReference(reference: string): IVersionName | null {
  const match = /^([^/@]+)\/([^/@]+)@(\d+)$/.exec(reference);
  return match && { namespace: match[1]!, name: match[2]!, number: Number(match[3]) };
}

/**
 * Read a reference as people write one: `geo`, `team/geo`, `geo@3`.
 *
 * @param namespace - Where a name without one is looked for.
 * @returns The number is null where none is written: the active version is meant. Null when it is no reference.
 */
export function readWritten(
  text: string,
  namespace: string
): { namespace: string; name: string; number: number | null } | null {
  const match = /^(?:([^/@\s]+)\/)?([^/@\s]+)(?:@(\d+))?$/.exec(text.trim());
  return (
    match && {
      namespace: match[1] ?? namespace,
      name: match[2]!,
      number: match[3] === undefined ? null : Number(match[3])
    }
  );
}

/** A version's name beside those of an environment: `v5`, of another one `team/geo v5`. */
export function shortReference(reference: string, home: IEnvironmentName): string {
  const target = readReference(reference);
  if (!target) {
    return reference;
  }
  return keyOf(target) === keyOf(home)
    ? `v${target.number}`
    : `${target.namespace}/${target.name} v${target.number}`;
}
