/**
 * The drafts of all environments. What has changes is kept when its tab is closed, and when the page is loaded again.
 */
import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';

import { keyOf } from '../model/environment-list';
import type { IEnvironmentName, IEnvStoreClient } from '../tokens';
import { Draft, type IDraftState } from './draft';

const PREFIX = 'jupyter-envstore:draft:';

export class Drafts {
  /**
   * @param client - Changes entries of texts.
   * @param store - Where drafts are kept; null keeps them as long as the page.
   */
  constructor(
    private readonly client: Pick<IEnvStoreClient, 'editText'>,
    private readonly store: IStateDB | null
  ) {}

  /** The draft of an environment: the same one each time. */
  of(environment: IEnvironmentName): Draft {
    const key = keyOf(environment);
    let draft = this._drafts.get(key);
    if (!draft) {
      draft = this.make(key);
      this._drafts.set(key, draft);
    }
    return draft;
  }

  /** The draft of an environment, with what was kept of it. */
  async restored(environment: IEnvironmentName): Promise<Draft> {
    const draft = this.of(environment);
    await this._restored.get(draft);
    return draft;
  }

  /** Take the draft of an environment along to its new name. */
  async move(before: IEnvironmentName, after: IEnvironmentName): Promise<void> {
    const [from, to] = [keyOf(before), keyOf(after)];
    if (from === to) {
      return;
    }
    const draft = this._drafts.get(from);
    if (draft) {
      this._drafts.delete(from);
      this._drafts.set(to, draft);
      this._keys.set(draft, to);
    }
    const kept = await this.store?.fetch(PREFIX + from);
    await this.store?.remove(PREFIX + from);
    if (draft) {
      this.keep(draft);
    } else if (isState(kept)) {
      await this.store?.save(PREFIX + to, kept);
    }
  }

  private make(key: string): Draft {
    const draft = new Draft(async (specification, edit) => {
      const { add = [], remove = [], addPip = [], removePip = [] } = edit;
      const asked = { specification, add, remove, add_pip: addPip, remove_pip: removePip };
      return (await this.client.editText(asked)).specification;
    });
    this._keys.set(draft, key);
    const restored = this.store?.fetch(PREFIX + key).then(kept => {
      if (isState(kept)) {
        draft.restore(kept);
      }
      draft.changed.connect(this.keep, this);
    });
    if (restored) {
      this._restored.set(draft, restored);
    }
    return draft;
  }

  private keep(draft: Draft): void {
    const key = PREFIX + this._keys.get(draft)!;
    const { state } = draft;
    void (state ? this.store?.save(key, { ...state }) : this.store?.remove(key));
  }

  private readonly _drafts = new Map<string, Draft>();
  /** Under which name each is kept. */
  private readonly _keys = new WeakMap<Draft, string>();
  /** Resolves when what was kept of each is there. */
  private readonly _restored = new WeakMap<Draft, Promise<void>>();
}

function isState(kept: ReadonlyPartialJSONValue | undefined): kept is ReadonlyPartialJSONValue & IDraftState {
  const { base, before, text } = (kept ?? {}) as Partial<IDraftState>;
  return typeof base === 'number' && typeof before === 'string' && typeof text === 'string';
}
