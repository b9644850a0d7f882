/**
 * What the commands need, and how one that is run without arguments asks which environment is meant.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IEnvironment } from '../api/types';
import { tellFailure } from '../components/failures';
import { keyOf } from '../model/environment-list';
import type { IEnvStoreModel } from '../tokens';

export interface ICommandContext {
  readonly app: JupyterFrontEnd;
  readonly model: IEnvStoreModel;
  readonly trans: TranslationBundle;
  /** Null where there is no file browser. */
  readonly browser?: IDefaultFileBrowser | null;
}

/** The description of the arguments that name an environment. */
export const ENVIRONMENT_ARGS = {
  namespace: { type: 'string', description: 'The namespace of the environment.' },
  name: { type: 'string', description: 'The name of the environment; asked for when left out.' }
} as const;

/** The description of a command's arguments, as JupyterLab wants it. */
export function describe(
  properties: ReadonlyJSONObject = {},
  required: string[] = []
): { args: ReadonlyJSONObject } {
  return { args: { type: 'object', properties, required, additionalProperties: false } };
}

/** Whether a command was given the name of an environment, as from a row's menu. */
export function isNamed(args: ReadonlyPartialJSONObject): boolean {
  return typeof args.name === 'string';
}

/**
 * Return the environment that the arguments of a command name; without them, ask. Undefined when there is none, or
 * the person does not choose.
 *
 * @param question - The title of the dialog.
 * @param fits - Which environments can be chosen.
 */
export async function environmentOf(
  { model, trans }: ICommandContext,
  args: ReadonlyPartialJSONObject,
  question: string,
  fits: (environment: IEnvironment) => boolean = () => true
): Promise<IEnvironment | undefined> {
  if (isNamed(args)) {
    const name = String(args.name);
    if (args.namespace === undefined) {
      return model.environments.find(item => item.name.toLowerCase() === name.toLowerCase());
    }
    const namespace = String(args.namespace);
    try {
      // A store with thousands of environments lists only some of them.
      return model.environment(namespace, name) ?? (await model.read(namespace, name));
    } catch (error) {
      tellFailure(trans.__('%1 cannot be read.', `${namespace}/${name}`), error, trans);
      return undefined;
    }
  }
  const choices = model.environments.filter(fits);
  const { value } = await InputDialog.getItem({
    title: question,
    label: trans.__('Environment'),
    items: choices.map(item => `${item.namespace}/${item.name}`)
  });
  return choices.find(item => keyOf(item) === value?.toLowerCase());
}
