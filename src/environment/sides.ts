/**
 * Which two versions are compared. Pure.
 */
import type { IVersion } from '../api/types';

/** Two versions as references, `namespace/name@number`. */
export interface ISides {
  readonly before: string;
  readonly after: string;
}

/** A version that a reference names. */
export interface ITarget {
  readonly namespace: string;
  readonly name: string;
  readonly number: number;
}

export function referenceOf(namespace: string, name: string, number: number): string {
  return `${namespace}/${name}@${number}`;
}

/** Null when it is no full reference. */
export function readReference(reference: string): ITarget | null {
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
export function shortReference(reference: string, home: { namespace: string; name: string }): string {
  const target = readReference(reference);
  if (!target) {
    return reference;
  }
  const isHome =
    `${target.namespace}/${target.name}`.toLowerCase() === `${home.namespace}/${home.name}`.toLowerCase();
  return isHome ? `v${target.number}` : `${target.namespace}/${target.name} v${target.number}`;
}

/**
 * What a version is set against when nothing is said: the active one, the older one on the left. The active version
 * itself is set against the one that it was made from.
 *
 * @returns Null when there is nothing to set it against.
 */
export function sidesFor(
  version: number,
  environment: { namespace: string; name: string; active_version: number | null },
  versions: ReadonlyArray<IVersion>
): ISides | null {
  const { namespace, name, active_version: active } = environment;
  let other = active;
  if (active === null || active === version) {
    const listed = versions.filter(item => item.number !== version && !item.deleted);
    const parent = versions.find(item => item.number === version)?.parent;
    const older = listed.find(item => item.number < version);
    other = (listed.find(item => item.number === parent) ?? older ?? listed[0])?.number ?? null;
  }
  if (other === null || other === version) {
    return null;
  }
  return {
    before: referenceOf(namespace, name, Math.min(version, other)),
    after: referenceOf(namespace, name, Math.max(version, other))
  };
}
