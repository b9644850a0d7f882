/**
 * The rows of the packages table, out of the draft and what is locked. Pure.
 */
import type { IPackage } from '../api/types';
import type { IChange, IEntry, Manager } from './asked';

/** One package that is asked for, or was before the draft. */
export interface IRow {
  readonly name: string;
  readonly manager: Manager;
  /** As the draft asks for it; of a removed one, as it was asked for. */
  readonly entry: IEntry;
  /** What is installed; null where nothing is yet. */
  readonly locked: IPackage | null;
  /** What the draft does to it, or null. */
  readonly change: IChange | null;
}

/** A package that nobody asked for by name, and who needs it. */
export interface IFollower {
  readonly item: IPackage;
  /** Names of the packages that depend on it. */
  readonly neededBy: ReadonlyArray<string>;
}

/** The packages that are asked for, in the order of the text; a removed one stays where it was. */
export function rowsOf(
  before: ReadonlyArray<IEntry>,
  after: ReadonlyArray<IEntry>,
  changes: ReadonlyArray<IChange>,
  packages: ReadonlyArray<IPackage>
): IRow[] {
  const locked = new Map(packages.map(item => [keyOf(item), item]));
  const changed = new Map(changes.filter(({ what }) => what === 'package').map(one => [keyOf(one), one]));
  const order = after.map(keyOf);
  const entries = new Map(after.map(entry => [keyOf(entry), entry]));
  before.forEach((entry, index) => {
    const key = keyOf(entry);
    if (!entries.has(key)) {
      const previous = before.slice(0, index).map(keyOf).reverse();
      const at = previous.map(other => order.indexOf(other)).find(position => position >= 0) ?? -1;
      order.splice(at + 1, 0, key);
      entries.set(key, entry);
    }
  });
  return order.map(key => {
    const entry = entries.get(key)!;
    const { name, manager } = entry;
    // What pip asks for may have come by conda.
    const item = locked.get(key) ?? locked.get(`conda ${name}`) ?? null;
    return { name, manager, entry, locked: item, change: changed.get(key) ?? null };
  });
}

/** The packages that came with those that were asked for, by name, and who needs each. */
export function followersOf(packages: ReadonlyArray<IPackage>, asked: ReadonlyArray<IEntry>): IFollower[] {
  const names = new Set(asked.map(entry => entry.name));
  const needs = new Map<string, Set<string>>();
  for (const item of packages) {
    for (const spec of item.depends) {
      const name = /^[\w.-]+/.exec(spec.slice(spec.lastIndexOf(':') + 1))?.[0].toLowerCase() ?? '';
      needs.set(name, (needs.get(name) ?? new Set()).add(item.name));
    }
  }
  return packages
    .filter(item => !names.has(item.name.toLowerCase()))
    .map(item => ({ item, neededBy: [...(needs.get(item.name.toLowerCase()) ?? [])].sort() }))
    .sort((left, right) => left.item.name.localeCompare(right.item.name));
}

/** Those whose name, or whose dependant, has a part in it. */
export function matching(followers: ReadonlyArray<IFollower>, filter: string): IFollower[] {
  const wanted = filter.trim().toLowerCase();
  return followers.filter(({ item }) => item.name.toLowerCase().includes(wanted));
}

function keyOf(thing: { manager: string; name: string }): string {
  return `${thing.manager} ${thing.name.toLowerCase()}`;
}
