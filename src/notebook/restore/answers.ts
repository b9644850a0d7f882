/**
 * What people answered when they were offered to build what a notebook carries, kept over a reload: they are asked once
 * about a notebook and its lock.
 */
import type { IStateDB } from '@jupyterlab/statedb';
import type { JSONObject, ReadonlyPartialJSONValue } from '@lumino/coreutils';

/** The answer to an offer: not now, or the build that it began. */
export type Answer = { readonly kind: 'not-now' } | { readonly kind: 'build'; readonly build: number };

const KEY = 'jupyter-envstore:restore-answers';
/** Notebooks that are remembered; of those that were answered longest ago it is forgotten. */
const MOST = 200;

interface IKept {
  readonly path: string;
  readonly lock: string;
  /** Null for “not now”. */
  readonly build: number | null;
}

export class RestoreAnswers {
  /**
   * @param database - Where they are kept; null: for as long as the page is there.
   */
  constructor(private readonly database: IStateDB | null) {
    this._loaded = this.load();
  }

  /** What was answered about the notebook with that lock; null when nobody was asked yet. */
  async find(path: string, lock: string): Promise<Answer | null> {
    await this._loaded;
    const found = this._kept.find(item => item.path === path && item.lock === lock);
    if (!found) {
      return null;
    }
    return found.build === null ? { kind: 'not-now' } : { kind: 'build', build: found.build };
  }

  /** Remember what was answered. */
  async keep(path: string, lock: string, answer: Answer): Promise<void> {
    await this._loaded;
    const build = answer.kind === 'build' ? answer.build : null;
    this._kept = [{ path, lock, build }, ...this._kept.filter(item => item.path !== path)].slice(0, MOST);
    await this.save();
  }

  /** Forget what was answered about a notebook: it is to be asked again. */
  async forget(path: string): Promise<void> {
    await this._loaded;
    this._kept = this._kept.filter(item => item.path !== path);
    await this.save();
  }

  /** A notebook has another path. */
  async rename(before: string, after: string): Promise<void> {
    await this._loaded;
    const answer = this._kept.find(item => item.path === before);
    if (answer) {
      const others = this._kept.filter(item => item.path !== before && item.path !== after);
      this._kept = [{ ...answer, path: after }, ...others];
      await this.save();
    }
  }

  private async load(): Promise<void> {
    // Without what was answered before, people are asked once more.
    const kept = await this.database?.fetch(KEY).catch(() => undefined);
    this._kept = readKept(kept);
  }

  private async save(): Promise<void> {
    await this.database?.save(KEY, { answers: this._kept as unknown as JSONObject[] });
  }

  private _kept: ReadonlyArray<IKept> = [];
  private readonly _loaded: Promise<void>;
}

function readKept(kept: ReadonlyPartialJSONValue | undefined): IKept[] {
  const answers = (kept as { answers?: unknown } | null | undefined)?.answers;
  return (Array.isArray(answers) ? answers : []).filter(
    (item): item is IKept =>
      typeof item?.path === 'string' &&
      typeof item.lock === 'string' &&
      (item.build === null || typeof item.build === 'number')
  );
}
