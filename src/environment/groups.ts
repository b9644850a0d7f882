/**
 * The packages of a version in two groups: those that were asked for, and those that came with them. Pure.
 */
import type { IPackage } from '../api/types';
import { readFields } from '../new/environment-text';
import { packageName, parseRequirement } from '../new/requirement';

/** A package and, where it was asked for, its constraint. */
export type PackageRow = [IPackage, string];

export function groupPackages(
  packages: ReadonlyArray<IPackage>,
  specification: string,
  filter: string
): { asked: PackageRow[]; came: PackageRow[] } {
  const constraints = new Map(
    asked(specification).map(text => [packageName(text), parseRequirement(text)?.constraint || 'any'])
  );
  const wanted = filter.trim().toLowerCase();
  const rows = packages
    .filter(item => item.name.toLowerCase().includes(wanted))
    .map((item): PackageRow => [item, constraints.get(item.name.toLowerCase()) ?? ''])
    .sort(([left], [right]) => left.name.localeCompare(right.name));
  return { asked: rows.filter(row => row[1] !== ''), came: rows.filter(row => row[1] === '') };
}

function asked(specification: string): ReadonlyArray<string> {
  try {
    return readFields(specification).packages;
  } catch {
    // A specification that only the server can read still has packages to show.
    return [];
  }
}
