/**
 * Which version a command is about: the one that its arguments name, the active one, or one that is asked for.
 */
import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IEnvironment, IVersion } from '../api/types';
import { tellFailure } from '../components/failures';
import { versionTitle } from '../environment/version-texts';
import type { IEnvStoreClient, IVersionName } from '../tokens';
import { ENVIRONMENT_ARGS, environmentOf, isNamed, type ICommandContext } from './context';

/** Versions that one can choose from in a dialog. */
const MOST = 200;

/** What commands about versions need. */
export interface IVersionContext extends ICommandContext {
  readonly client: IEnvStoreClient;
}

/** The description of the arguments that name a version. */
export const VERSION_ARGS = {
  ...ENVIRONMENT_ARGS,
  version: { type: 'integer', description: 'The number of the version; asked for when left out.' }
} as const;

/** Whether a command was given a version, as from a version's menu. */
export function hasVersion(args: ReadonlyPartialJSONObject): boolean {
  return isNamed(args) && typeof args.version === 'number';
}

/** Whether an environment has a version. */
export function isBuilt(environment: IEnvironment): boolean {
  return environment.active_version !== null;
}

/**
 * Return the version that the arguments of a command name; ask for what they leave out. Undefined when the person does
 * not choose, or there is none.
 *
 * @param fits - Which versions can be chosen.
 */
export async function versionOf(
  context: IVersionContext,
  args: ReadonlyPartialJSONObject,
  question: string,
  fits: (version: IVersion) => boolean = () => true
): Promise<IVersionName | undefined> {
  const { client, trans } = context;
  const named = namedVersion(args);
  if (named) {
    return named;
  }
  const environment = await environmentOf(context, args, question, isBuilt);
  if (!environment) {
    return undefined;
  }
  const { namespace, name, active_version: active } = environment;
  if (typeof args.version === 'number') {
    return { namespace, name, number: args.version };
  }
  try {
    const page = await client.versions(namespace, name, { limit: MOST });
    const choices = page.items
      .map(item => ({ ...item, active: item.number === active }))
      .filter(item => !item.deleted && fits(item));
    if (choices.length === 0) {
      Notification.info(trans.__('%1 has no other version.', name), { autoClose: 6_000 });
      return undefined;
    }
    const { value } = await InputDialog.getItem({
      title: question,
      label: trans.__('Version of %1', `${namespace}/${name}`),
      items: choices.map(item => versionTitle(item, trans))
    });
    const chosen = choices.find(item => versionTitle(item, trans) === value);
    return chosen && { namespace, name, number: chosen.number };
  } catch (error) {
    tellFailure(trans.__('The versions of %1 cannot be listed.', name), error, trans);
    return undefined;
  }
}

/** The version that the arguments name, else the active one of the environment. */
export async function versionOrActive(
  context: ICommandContext,
  args: ReadonlyPartialJSONObject,
  question: string
): Promise<IVersionName | undefined> {
  const named = namedVersion(args);
  if (named) {
    return named;
  }
  const environment = await environmentOf(context, args, question, isBuilt);
  const number = typeof args.version === 'number' ? args.version : environment?.active_version;
  return environment && number !== null && number !== undefined
    ? { namespace: environment.namespace, name: environment.name, number }
    : undefined;
}

/** The version that the arguments name in full: one of an environment that is not listed, too. */
function namedVersion(args: ReadonlyPartialJSONObject): IVersionName | undefined {
  const { namespace, name, version: number } = args;
  return typeof namespace === 'string' && typeof name === 'string' && typeof number === 'number'
    ? { namespace, name, number }
    : undefined;
}
