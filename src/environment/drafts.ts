/**
 * The drafts of all environments. What has changes is kept when its tab is closed, and when the page is loaded again.
 */
import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';

import { keyOf } from '../model/environment-list';
import type { IEnvStoreClient } from '../tokens';
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
  of(environment: { namespace: string; name: string }): Draft {
    const key = keyOf(environment);
    let draft = this._drafts.get(key);
    if (!draft) {
      draft = this.make(`${PREFIX}${key}`);
      this._drafts.set(key, draft);
    }
    return draft;
  }

  private make(key: string): Draft {
    const draft = new Draft(async (specification, edit) => {
      const { add = [], remove = [] } = edit;
      return (await this.client.editText({ specification, add, remove })).specification;
    });
    const { store } = this;
    if (store) {
      void store.fetch(key).then(kept => {
        if (isState(kept)) {
          draft.restore(kept);
        }
        draft.changed.connect(() => {
          const { state } = draft;
          void (state ? store.save(key, { ...state }) : store.remove(key));
        });
      });
    }
    return draft;
  }

  private readonly _drafts = new Map<string, Draft>();
}

function isState(kept: ReadonlyPartialJSONValue | undefined): kept is ReadonlyPartialJSONValue & IDraftState {
  const { base, before, text } = (kept ?? {}) as Partial<IDraftState>;
  return typeof base === 'number' && typeof before === 'string' && typeof text === 'string';
}
