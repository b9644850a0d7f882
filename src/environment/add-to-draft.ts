/**
 * Adding packages to what is being edited of an environment, from anywhere in JupyterLab.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { readPipRequirement } from '../new/pip-requirement';
import { parseRequirement, type IRequirement } from '../new/requirement';
import type { IEnvironmentName, IEnvStoreClient, IEnvStoreModel } from '../tokens';
import { readEntries } from './asked';
import type { Draft } from './draft';
import type { Drafts } from './drafts';
import { adding } from './entry-edits';

/** What has to be known of environments. */
export interface IAddingContext {
  readonly client: Pick<IEnvStoreClient, 'version'>;
  readonly model: Pick<IEnvStoreModel, 'read'>;
  readonly drafts: Pick<Drafts, 'restored'>;
}

/** What came of adding packages. */
export interface IAdded {
  readonly draft: Draft;
  /** Those that were asked for already. */
  readonly repeated: ReadonlyArray<string>;
}

/**
 * Add packages to the draft of an environment. What was changed in it already stays.
 *
 * @param add - Packages with constraints, as an environment.yml writes them.
 * @param addPip - The same for the list of pip.
 * @throws Error when one of them is no package, or the draft cannot be changed: its text says why.
 */
export async function addToDraft(
  context: IAddingContext,
  environment: IEnvironmentName,
  add: ReadonlyArray<string>,
  addPip: ReadonlyArray<string>,
  trans: TranslationBundle
): Promise<IAdded> {
  const requirements = [
    ...add.map(text => readOne(text, parseRequirement, trans)),
    ...addPip.map(text => readOne(text, readPipRequirement, trans))
  ];
  const { namespace, name } = environment;
  const draft = await context.drafts.restored(environment);
  if (!draft.isDirty) {
    const { active_version: active } = await context.model.read(namespace, name);
    if (active === null) {
      throw new Error(trans.__('%1 has no version yet.', name));
    }
    draft.follow(await context.client.version(namespace, name, active));
  }
  if (draft.problem) {
    throw new Error(trans.__('The YAML that you are editing has an error: correct it first.'));
  }
  const { edit, repeated } = adding(readEntries(draft.text), requirements);
  if (edit) {
    await draft.edit(edit);
  }
  return { draft, repeated };
}

function readOne(
  text: string,
  parse: (text: string) => IRequirement | null,
  trans: TranslationBundle
): IRequirement {
  const found = parse(text);
  if (!found) {
    throw new Error(trans.__('“%1” is no package with a constraint.', text.slice(0, 80)));
  }
  return found;
}
