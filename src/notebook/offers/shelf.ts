/**
 * What a version has, and what its channels have: for what a cell needed.
 */
import type { IModuleSupplier, IPackage } from '../../api/types';
import { hasOwnIndex, problemOf, readChannels, readEntries } from '../../environment/asked';
import { fits } from '../../environment/version-fit';
import { pipName } from '../../new/pip-requirement';
import type { IEnvStoreClient, IVersionName } from '../../tokens';
import type { IWanted } from './installations';
import { Kept } from './kept';

export type ShelfClient = Pick<IEnvStoreClient, 'version' | 'packages' | 'supplier'>;

/** Knows what channels have. */
export interface IChannelNames {
  has(name: string, channels: ReadonlyArray<string>): Promise<boolean>;
}

/** What is known of one thing that was needed; null where there is nothing sensible to say. */
export type Finding =
  | { readonly kind: 'has'; readonly said: string }
  | ({ readonly kind: 'lacks'; readonly said: string } & ILacking)
  | { readonly kind: 'unknown'; readonly module: string; readonly name: string }
  | null;

/** A package that is not there: what is to be asked for, and of which manager. */
export interface ILacking {
  readonly manager: 'conda' | 'pip';
  readonly name: string;
  readonly text: string;
}

/** What a version has, and what its channels have. */
export class Shelf {
  static async of(client: ShelfClient, version: IVersionName, names: IChannelNames): Promise<Shelf> {
    const { namespace, name, number } = version;
    const [{ specification }, { items }] = await Promise.all([
      client.version(namespace, name, number),
      client.packages(namespace, name, number)
    ]);
    return new Shelf(client, names, `${namespace}/${name}@${number}`, specification, items);
  }

  private constructor(
    private readonly client: ShelfClient,
    private readonly names: IChannelNames,
    private readonly reference: string,
    specification: string,
    private readonly packages: ReadonlyArray<IPackage>
  ) {
    const isReadable = problemOf(specification) === null;
    this.hasOwnIndex = isReadable && hasOwnIndex(specification);
    this._channels = isReadable ? readChannels(specification) : [];
    this._pip = isReadable
      ? readEntries(specification).flatMap(({ manager, name }) => (manager === 'pip' ? [name] : []))
      : [];
  }

  /** Whether packages of pip come from an index of one's own. */
  readonly hasOwnIndex: boolean;

  async findModule(module: string): Promise<Finding> {
    const found = await this.askSupplier(module);
    if (found.installed) {
      return found.standard_library ? null : { kind: 'has', said: module };
    }
    const name = found.package;
    if (found.standard_library || name === null) {
      return null;
    }
    if (found.source === 'pypi') {
      return { kind: 'lacks', said: module, manager: 'pip', name, text: name };
    }
    // Channels of one's own need not call it as others do.
    for (const candidate of new Set([name, pipName(found.module), found.module.toLowerCase()])) {
      if (await this.isInChannels(candidate)) {
        return { kind: 'lacks', said: module, manager: 'conda', name: candidate, text: candidate };
      }
    }
    return { kind: 'unknown', module, name };
  }

  async findPackage(wanted: IWanted): Promise<Finding> {
    const { manager, name, text, constraint } = wanted;
    const supplier = manager === 'pip' && !wanted.isPipOnly ? await this.supplierOf(name) : null;
    if (this.has(wanted, supplier?.installed ? supplier.package : null)) {
      return { kind: 'has', said: text };
    }
    if (manager === 'conda') {
      return { kind: 'lacks', said: text, manager, name, text };
    }
    // Where a channel has it, it is to come from there, like the rest of the environment.
    for (const candidate of candidatesOf(wanted, supplier)) {
      if (await this.isInChannels(candidate)) {
        const asked = condaConstraint(constraint);
        const entry = asked ? `${candidate} ${asked}` : candidate;
        return { kind: 'lacks', said: text, manager: 'conda', name: candidate, text: entry };
      }
    }
    return { kind: 'lacks', said: text, manager: 'pip', name, text };
  }

  /** Where a package of this version came from; null when it has none of that name. */
  managerOf(name: string): 'conda' | 'pip' | null {
    return this.packages.find(one => one.name === name)?.manager ?? null;
  }

  /** @param other - What else the package is called in this version. */
  private has({ manager, name, constraint, isPipOnly }: IWanted, other: string | null): boolean {
    if (isPipOnly) {
      return this._pip.includes(name);
    }
    const there = this.packages.find(
      one => one.name === other || (manager === 'pip' ? pipName(one.name) : one.name) === name
    );
    return there !== undefined && (constraint === '' || fits(there.version, constraint) !== false);
  }

  /** What supplies the module that a package of pip is named after; null where it cannot be one. */
  private async supplierOf(name: string): Promise<IModuleSupplier | null> {
    const module = name.replace(/-/g, '_');
    return /^[a-z_]\w*$/.test(module) ? this.askSupplier(module) : null;
  }

  private askSupplier(module: string): Promise<IModuleSupplier> {
    return this._suppliers.read(module, () => this.client.supplier(module, this.reference));
  }

  private isInChannels(name: string): Promise<boolean> {
    return this.names.has(name, this._channels);
  }

  private readonly _suppliers = new Kept<IModuleSupplier>();
  private readonly _channels: ReadonlyArray<string>;
  /** What pip is asked for. */
  private readonly _pip: ReadonlyArray<string>;
}

/** What a package of pip may be called in a channel: torch is pytorch there, and its xxhash is another one. */
function candidatesOf({ name, text, isPipOnly }: IWanted, supplier: IModuleSupplier | null): string[] {
  if (isPipOnly) {
    return [];
  }
  if (supplier?.package && supplier.package !== name) {
    return supplier.source === 'conda' ? [supplier.package] : [];
  }
  const written = /^[\w.-]+/.exec(text)?.[0].toLowerCase() ?? name;
  return [...new Set([written, name])];
}

/** A constraint as conda writes it: pip's `==2.3.*` is `=2.3`. */
function condaConstraint(constraint: string): string {
  return constraint.replace(/==([\w.+!]+?)\.\*/g, '=$1');
}
