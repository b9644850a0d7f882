/**
 * Which changes of a comparison are shown. Pure.
 */
import type { IPackageChange } from '../api/types';
import type { ChangeKind } from './change-kinds';

/** What of the changes a person wants to see. */
export interface IChangeFilter {
  /** Null: all kinds. */
  readonly kind: ChangeKind | null;
  /** Only what a person asked for by name. */
  readonly direct: boolean;
  /** A part of the name. */
  readonly text: string;
}

/** Those that a person asked for first, by name: the filter leaves the order as it is. */
export function shownChanges(
  changes: ReadonlyArray<IPackageChange>,
  filter: IChangeFilter
): ReadonlyArray<IPackageChange> {
  const text = filter.text.trim().toLowerCase();
  return changes.filter(
    change =>
      (filter.kind === null || change.kind === filter.kind) &&
      (!filter.direct || change.direct) &&
      change.name.toLowerCase().includes(text)
  );
}

/** How many changes there are of each kind, when only the kind is not filtered. */
export function countKinds(
  changes: ReadonlyArray<IPackageChange>,
  filter: IChangeFilter
): ReadonlyMap<ChangeKind | null, number> {
  const shown = shownChanges(changes, { ...filter, kind: null });
  const counts = new Map<ChangeKind | null, number>([[null, shown.length]]);
  for (const { kind } of shown) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
