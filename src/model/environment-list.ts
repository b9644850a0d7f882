/**
 * The environments that were read, in an order that does not change while builds run. Knows nothing of HTTP.
 */
import type { IBuild, IEnvironment } from '../api/types';

/** Text by which an environment is known here; names are unique without regard to case. */
export function keyOf(environment: { namespace: string; name: string }): string {
  return `${environment.namespace}/${environment.name}`.toLowerCase();
}

export class EnvironmentList {
  /** The environments, by namespace and name. */
  get items(): ReadonlyArray<IEnvironment> {
    return this._items;
  }

  /** Changes when a kernel of one of the environments came, went or moved to another version. */
  get kernels(): string {
    return this._items
      .filter(item => item.active_version !== null)
      .map(item => `${keyOf(item)}@${item.active_version}`)
      .join(' ');
  }

  find(namespace: string, name: string): IEnvironment | undefined {
    return this._byKey.get(keyOf({ namespace, name }));
  }

  /** Take a reading of the whole list; an environment that was read later by itself stays as that said. */
  replace(read: ReadonlyArray<IEnvironment>): void {
    this.set(read.map(item => this.newer(item)));
  }

  /** Take a reading of one environment. */
  put(environment: IEnvironment): void {
    const others = this._items.filter(item => keyOf(item) !== keyOf(environment));
    this.set([...others, this.newer(environment)]);
  }

  drop(namespace: string, name: string): void {
    const key = keyOf({ namespace, name });
    this.set(this._items.filter(item => keyOf(item) !== key));
  }

  /** Put the latest reading of a build in the place of an earlier one. */
  putBuild(build: IBuild): void {
    this._items = this._items.map(item => (item.build?.id === build.id ? { ...item, build } : item));
    this.index();
  }

  private newer(environment: IEnvironment): IEnvironment {
    const known = this._byKey.get(keyOf(environment));
    return known && Date.parse(known.updated) > Date.parse(environment.updated) ? known : environment;
  }

  private set(items: IEnvironment[]): void {
    this._items = items.sort(
      (a, b) => collator.compare(a.namespace, b.namespace) || collator.compare(a.name, b.name)
    );
    this.index();
  }

  private index(): void {
    this._byKey = new Map(this._items.map(item => [keyOf(item), item]));
  }

  private _items: IEnvironment[] = [];
  private _byKey = new Map<string, IEnvironment>();
}

/** As people sort: without regard to case, and 2 before 10. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
