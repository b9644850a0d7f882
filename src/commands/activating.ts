/**
 * Commands that make another version the active one, and tell how to undo it.
 */
import { Notification } from '@jupyterlab/apputils';
import { checkIcon, undoIcon } from '@jupyterlab/ui-components';

import type { IBuild } from '../api/types';
import { tellFailure } from '../components/failures';
import { CommandIDs, type IVersionName } from '../tokens';
import { describe, isNamed } from './context';
import { hasVersion, VERSION_ARGS, versionOf, type IVersionContext } from './version-choice';

/** Milliseconds for which an activation can be undone with one click. */
const UNDO = 15_000;

export function addActivatingCommands(context: IVersionContext): void {
  const { app, model, trans } = context;

  app.commands.addCommand(CommandIDs.activateVersion, {
    label: args => {
      if (!hasVersion(args)) {
        return isNamed(args)
          ? trans.__('Activate another version…')
          : trans.__('Activate a Version of an Environment…');
      }
      const active = model.environment(String(args.namespace), String(args.name))?.active_version ?? 0;
      return Number(args.version) < active
        ? trans.__('Roll back to v%1', Number(args.version))
        : trans.__('Activate v%1', Number(args.version));
    },
    caption: trans.__('Let the kernel of an environment start another version; running kernels keep theirs'),
    icon: args => {
      const active = model.environment(String(args.namespace), String(args.name))?.active_version ?? 0;
      if (!isNamed(args)) {
        return undefined;
      }
      return Number(args.version) > active ? checkIcon : undoIcon;
    },
    describedBy: describe(VERSION_ARGS),
    execute: async args => {
      const question = trans.__('Activate which version?');
      const version = await versionOf(context, args, question, item => !item.active);
      return version && activate(context, version);
    }
  });
}

/**
 * Make a version the active one.
 *
 * @returns The build that makes its files first; null when it is active already, or could not be activated.
 */
async function activate(context: IVersionContext, version: IVersionName): Promise<IBuild | null> {
  const { app, client, model, trans } = context;
  const { namespace, name, number } = version;
  // A store with thousands of environments lists only some of them.
  const environment =
    model.environment(namespace, name) ?? (await client.environment(namespace, name).catch(() => null));
  const before = environment?.active_version ?? null;
  if (before === number) {
    Notification.info(trans.__('%1 v%2 is active already.', name, number), { autoClose: 4_000 });
    return null;
  }
  let build: IBuild | null;
  try {
    build = await model.activate(namespace, name, number);
  } catch (error) {
    const what =
      before === null
        ? trans.__('%1 v%2 was not activated.', name, number)
        : trans.__('%1 v%2 was not activated, v%3 stays active.', name, number, before);
    tellFailure(what, error, trans);
    return null;
  }
  if (build) {
    const { id } = build;
    Notification.info(
      trans.__(
        'The files of %1 v%2 had been freed. They are built again, then it becomes active.',
        name,
        number
      ),
      {
        autoClose: UNDO,
        actions: [
          {
            label: trans.__('Show the build'),
            callback: () => {
              const args = { namespace, name, tab: 'builds', build: id };
              void app.commands.execute(CommandIDs.openEnvironment, args);
            }
          },
          {
            label: trans.__('Cancel'),
            callback: () => void app.commands.execute(CommandIDs.cancelBuild, { build: id })
          }
        ]
      }
    );
    return build;
  }
  Notification.success(
    trans.__('%1 v%2 is active. Notebooks already running keep the version they have.', name, number),
    {
      autoClose: UNDO,
      actions:
        before === null
          ? []
          : [
              {
                label: trans.__('Undo'),
                callback: () =>
                  void app.commands.execute(CommandIDs.activateVersion, { namespace, name, version: before })
              }
            ]
    }
  );
  return null;
}
