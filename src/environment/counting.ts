/**
 * Asks what versions changed against those they were made from: only for those that are looked at, few at a time, and
 * never twice, since a version never changes.
 */
import type { IPackageChange } from '../api/types';
import { referenceOf } from '../model/references';
import type { IEnvStoreClient } from '../tokens';

/** Comparisons that are asked for at the same time. */
const AT_ONCE = 2;

/** The changes of a version, of which only the kinds are kept. */
export type Kinds = ReadonlyArray<Pick<IPackageChange, 'kind'>>;

/** What of a version has to be known to count its changes. */
export interface ICountable {
  readonly namespace: string;
  readonly name: string;
  readonly number: number;
  readonly parent: number | null;
  readonly package_count: number;
}

/**
 * The version that the changes of another one are counted against: the one that it was made from or, where that was
 * deleted, the nearest one before it. Null when there is none.
 *
 * @param listed - The versions that are listed, the newest first.
 * @param isWhole - Whether these are all there are.
 */
export function baseOf(
  version: Pick<ICountable, 'parent'>,
  listed: ReadonlyArray<{ readonly number: number; readonly deleted: boolean }>,
  isWhole: boolean
): number | null {
  const { parent } = version;
  if (parent === null || (!isWhole && parent < listed[listed.length - 1]!.number)) {
    return parent;
  }
  return listed.find(({ number, deleted }) => number <= parent && !deleted)?.number ?? null;
}

interface IWaiting {
  readonly version: ICountable;
  readonly take: (kinds: Kinds | null) => void;
}

export class Counting {
  constructor(private readonly client: Pick<IEnvStoreClient, 'compare'>) {}

  /** What is known already; undefined when the version was not asked for. */
  known(version: ICountable): Kinds | undefined {
    if (version.parent === null) {
      return Array.from({ length: version.package_count }, () => ({ kind: 'added' }));
    }
    return this._known.get(keyOf(version));
  }

  /**
   * Ask what a version changed: null when it cannot be compared. Counted for the platform that stands first, this
   * machine's.
   *
   * @returns A function to call when nobody wants to know it any more.
   */
  ask(version: ICountable, take: (kinds: Kinds | null) => void): () => void {
    const known = this.known(version);
    if (known !== undefined) {
      take(known);
      return () => undefined;
    }
    const waiting = { version, take };
    this._waiting.push(waiting);
    this.next();
    return () => {
      this._waiting = this._waiting.filter(other => other !== waiting);
    };
  }

  private next(): void {
    while (this._running < AT_ONCE && this._waiting.length > 0) {
      const { version, take } = this._waiting.shift()!;
      this._running++;
      void this.count(version)
        .then(take)
        .finally(() => {
          this._running--;
          this.next();
        });
    }
  }

  private async count(version: ICountable): Promise<Kinds | null> {
    const { namespace, name, parent } = version;
    try {
      const { platforms } = await this.client.compare({ namespace, name, number: parent! }, version);
      const kinds = (platforms[0]?.changes ?? []).map(({ kind }) => ({ kind }));
      this._known.set(keyOf(version), kinds);
      return kinds;
    } catch {
      // The version that it was made from may be deleted. A list without this count is still a list.
      return null;
    }
  }

  private _running = 0;
  private _waiting: IWaiting[] = [];
  private readonly _known = new Map<string, Kinds>();
}

function keyOf({ namespace, name, number, parent }: ICountable): string {
  return `${parent} ${referenceOf(namespace, name, number).toLowerCase()}`;
}
