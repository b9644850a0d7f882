/**
 * What versions and channels have, as far as a cell asked for it: for all notebooks of the page, so that nothing is
 * asked for each of their lines.
 */
import { isActive, type IEnvironment } from '../../api/types';
import { problemOf, readEntries } from '../../environment/asked';
import { pipName } from '../../new/pip-requirement';
import type { IEnvStoreClient } from '../../tokens';
import { Kept } from './kept';
import { Shelf, type IChannelNames, type ShelfClient } from './shelf';

export type ShelvesClient = ShelfClient & Pick<IEnvStoreClient, 'search' | 'buildRequest'>;

/** Which version of an environment is active, and what is being made of it. */
export type IStanding = Pick<IEnvironment, 'namespace' | 'name' | 'created' | 'active_version' | 'build'>;

/** The build that may bring what is not there; one that is ready is listed until its environment is read again. */
export function awaitedBuild({ build }: IStanding): number | null {
  return build && (isActive(build) || build.state === 'ready') ? build.id : null;
}

/** Milliseconds for which channels are believed to have what they had. */
const KEPT = 10 * 60_000;

export class Shelves implements IChannelNames {
  /** Those of the page, to be shared by all of it that wants to know the same. */
  static ofPage(client: ShelvesClient): Shelves {
    let known = all.get(client);
    if (!known) {
      known = new Shelves(client);
      all.set(client, known);
    }
    return known;
  }

  constructor(
    private readonly client: ShelvesClient,
    now?: () => number
  ) {
    this._names = new Kept(KEPT, now);
  }

  /** What the package index has, of the projects that a person had it asked for. */
  readonly index = new Map<string, boolean>();

  /** Whether the index has a project for a version; undefined where no person asked, or another index counts. */
  isOnIndex(project: string, { hasOwnIndex }: Shelf): boolean | undefined {
    // What one index has is no news of another one.
    return hasOwnIndex ? undefined : this.index.get(project);
  }

  /** What a version has: that never changes. Another environment may get the name of one that was deleted. */
  of({ namespace, name, created }: IStanding, number: number): Promise<Shelf> {
    return this._shelves.read(`${namespace}/${name}@${number} ${created}`, () =>
      Shelf.of(this.client, { namespace, name, number }, this)
    );
  }

  /** Whether channels have a package of exactly that name; a search tells without an error that they have not. */
  has(name: string, channels: ReadonlyArray<string>): Promise<boolean> {
    return this._names.read([name, ...channels].join(' '), async () => {
      const { items } = await this.client.search({ pattern: name, channel: channels, limit: 1 });
      // Exact names come first.
      return items[0]?.name === name.toLowerCase();
    });
  }

  /** The packages that a build was asked for, by names as pip compares them. */
  askedBy(build: number): Promise<ReadonlyArray<string>> {
    return this._requests.read(String(build), async () => {
      const { specification } = await this.client.buildRequest(build);
      return problemOf(specification) ? [] : readEntries(specification).map(({ name }) => pipName(name));
    });
  }

  private readonly _requests = new Kept<ReadonlyArray<string>>();
  private readonly _shelves = new Kept<Shelf>();
  private readonly _names: Kept<boolean>;
}

const all = new WeakMap<ShelvesClient, Shelves>();
