/**
 * What versions and channels have, as far as a cell asked for it: for all notebooks of the page, so that nothing is
 * asked for each of their lines.
 */
import type { IEnvironment } from '../../api/types';
import type { IEnvStoreClient } from '../../tokens';
import { Kept } from './kept';
import { Shelf, type IChannelNames, type ShelfClient } from './shelf';

export type ShelvesClient = ShelfClient & Pick<IEnvStoreClient, 'search'>;

/** Which version of an environment is active. */
export type IStanding = Pick<IEnvironment, 'namespace' | 'name' | 'created' | 'active_version' | 'build'>;

/** Milliseconds for which channels are believed to have what they had. */
const KEPT = 10 * 60_000;

export class Shelves implements IChannelNames {
  constructor(
    private readonly client: ShelvesClient,
    now?: () => number
  ) {
    this._names = new Kept(KEPT, now);
  }

  /** What the package index has, of the projects that a person had it asked for. */
  readonly index = new Map<string, boolean>();

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

  private readonly _shelves = new Kept<Shelf>();
  private readonly _names: Kept<boolean>;
}
