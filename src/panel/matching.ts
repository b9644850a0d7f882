/**
 * Which environments the filter leaves, in their namespaces. Pure: knows neither the server nor the screen.
 */
import type { IEnvironment } from '../api/types';
import { keyOf } from '../model/environment-list';

/** The environments of one namespace. */
export interface IGroup {
  readonly namespace: string;
  readonly items: ReadonlyArray<IEnvironment>;
  /** How many it has without the filter. */
  readonly total: number;
}

/**
 * Group the environments; with a filter, those whose name has it in it or whose package is called that.
 *
 * @param withPackage - Keys of the environments that have the package; null while that is not known.
 */
export function group(
  environments: ReadonlyArray<IEnvironment>,
  filter: string,
  withPackage: ReadonlySet<string> | null
): IGroup[] {
  const wanted = filter.trim().toLowerCase();
  const groups = new Map<string, { items: IEnvironment[]; total: number }>();
  for (const environment of environments) {
    let entry = groups.get(environment.namespace);
    if (!entry) {
      groups.set(environment.namespace, (entry = { items: [], total: 0 }));
    }
    entry.total++;
    if (!wanted || keyOf(environment).includes(wanted) || withPackage?.has(keyOf(environment))) {
      entry.items.push(environment);
    }
  }
  return [...groups]
    .filter(([, { items }]) => items.length > 0)
    .map(([namespace, entry]) => ({ namespace, ...entry }));
}
