/**
 * Which two versions are compared. Pure.
 */
import type { IVersion } from '../api/types';
import { keyOf } from '../model/environment-list';
import { referenceOf } from '../model/references';
import type { IEnvironmentName } from '../tokens';

/** Two versions as references, `namespace/name@number`. */
export interface ISides {
  readonly before: string;
  readonly after: string;
}

/**
 * What an environment is called where versions of several stand: its name, with the namespace where another one has the
 * same name; empty where all are the same environment.
 */
export function environmentAmong(one: IEnvironmentName, all: ReadonlyArray<IEnvironmentName>): string {
  const others = all.filter(other => keyOf(other) !== keyOf(one));
  if (others.length === 0) {
    return '';
  }
  const isTwice = others.some(({ name }) => name.toLowerCase() === one.name.toLowerCase());
  return isTwice ? `${one.namespace}/${one.name}` : one.name;
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
