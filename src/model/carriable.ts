/**
 * What a notebook would carry of a version.
 */
import type { INotebookEdit } from '../api/types';
import type { IEnvStoreClient, IEnvStoreModel } from '../tokens';

/** What a notebook carries already. */
export interface ICarriedLock {
  /** The version here that has the same files. */
  readonly reference: string;
  readonly lock: string;
  readonly platforms: ReadonlyArray<string>;
}

/**
 * Asks what a notebook would carry: once a version, since a version never changes. Where its name may have gone to
 * another one, because some were deleted, it is asked again.
 */
export class Carriable {
  /** The one that asks through this client: several parts of the page want to know the same. */
  static of(
    client: Pick<IEnvStoreClient, 'embed'>,
    model: Pick<IEnvStoreModel, 'versionsChanged'>
  ): Carriable {
    let known = all.get(client);
    if (!known) {
      known = new Carriable(client, model);
      all.set(client, known);
    }
    return known;
  }

  constructor(
    private readonly client: Pick<IEnvStoreClient, 'embed'>,
    model: Pick<IEnvStoreModel, 'versionsChanged'>
  ) {
    model.versionsChanged.connect(() => (this._known = new Map()));
  }

  /** What is known already: all platforms of a version. */
  known(reference: string): INotebookEdit | null {
    return this._known.get(keyOf(reference)) ?? null;
  }

  /** Ask about a version, for all of its platforms or some. Null when the server does not answer, or refuses. */
  async ask(reference: string, platforms: ReadonlyArray<string> = []): Promise<INotebookEdit | null> {
    const known = this._known;
    const key = keyOf(reference, platforms);
    try {
      const edit =
        known.get(key) ?? (await this.client.embed({ metadata: {}, environment: reference, platforms }));
      known.set(key, edit);
      return edit;
    } catch {
      // The notebook does without until it is asked again; whoever embeds by hand is told why that fails.
      return null;
    }
  }

  /** Ask about the version that a notebook has moved to: where somebody chose platforms for it, these are kept. */
  async askFor(reference: string, before: ICarriedLock | null): Promise<INotebookEdit | null> {
    const edit = await this.ask(reference);
    const kept = edit?.platforms.filter(platform => before?.platforms.includes(platform)) ?? [];
    if (!edit || !before || kept.length === 0 || kept.length === edit.platforms.length) {
      return edit;
    }
    const was = await this.ask(before.reference);
    return !was || was.lock === before.lock ? edit : this.ask(reference, kept);
  }

  private _known = new Map<string, INotebookEdit>();
}

function keyOf(reference: string, platforms: ReadonlyArray<string> = []): string {
  return [reference.toLowerCase(), ...platforms].join(' ');
}

const all = new WeakMap<object, Carriable>();
