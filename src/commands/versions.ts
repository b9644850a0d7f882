/**
 * Commands about one version: pin it, say what it is for, compare it, delete it.
 */
import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import { deleteIcon, editIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { tellFailure } from '../components/failures';
import { pinIcon } from '../components/icons';
import { sidesFor } from '../environment/sides';
import { referenceOf } from '../model/references';
import { CommandIDs, type IVersionName } from '../tokens';
import { describe } from './context';
import { isNamed } from './context';
import { DeleteVersionQuestion } from './delete-version-question';
import { runningOn } from './kernels';
import { hasVersion, VERSION_ARGS, versionOf, type IVersionContext } from './version-choice';

export function addVersionCommands(context: IVersionContext): void {
  const { app, client, model, trans } = context;
  const { commands } = app;

  commands.addCommand(CommandIDs.pinVersion, {
    label: args => (hasVersion(args) ? trans.__('Pin') : trans.__('Pin a Version of an Environment…')),
    caption: trans.__('Keep the files of a version: they are never freed on their own'),
    icon: args => (hasVersion(args) ? pinIcon : undefined),
    describedBy: describe(VERSION_ARGS),
    execute: args => pin(context, args, true)
  });

  commands.addCommand(CommandIDs.unpinVersion, {
    label: args => (hasVersion(args) ? trans.__('Unpin') : trans.__('Unpin a Version of an Environment…')),
    caption: trans.__('Let the files of a version be freed when nobody needs them'),
    icon: args => (hasVersion(args) ? pinIcon : undefined),
    describedBy: describe(VERSION_ARGS),
    execute: args => pin(context, args, false)
  });

  commands.addCommand(CommandIDs.describeVersion, {
    label: args =>
      hasVersion(args) ? trans.__('Change the message…') : trans.__('Change the Message of a Version…'),
    icon: args => (hasVersion(args) ? editIcon : undefined),
    describedBy: describe({
      ...VERSION_ARGS,
      message: { type: 'string', description: 'What the version is for; asked for when left out.' }
    }),
    execute: async args => {
      const version = await versionOf(context, args, trans.__('Change the message of which version?'));
      const message =
        version && ((args.message as string | undefined) ?? (await askForMessage(context, version)));
      if (!version || message === null || message === undefined) {
        return undefined;
      }
      return model
        .describeVersion(version, message)
        .catch(error => tellFailure(trans.__('The message was not changed.'), error, trans));
    }
  });

  commands.addCommand(CommandIDs.compareVersions, {
    label: args => (hasVersion(args) ? trans.__('Compare') : trans.__('Compare Versions of Environments…')),
    caption: trans.__('Show two versions side by side'),
    describedBy: describe({
      ...VERSION_ARGS,
      against: {
        type: 'string',
        description:
          'The version to compare with, as namespace/name@3; the active one, or the one before, when left out.'
      }
    }),
    execute: async args => {
      const version = await versionOf(context, args, trans.__('Compare which version?'));
      if (version) {
        await compare(context, version, args.against as string | undefined);
      }
    }
  });

  commands.addCommand(CommandIDs.deleteVersion, {
    label: args => (hasVersion(args) ? trans.__('Delete…') : trans.__('Delete a Version of an Environment…')),
    icon: args => (hasVersion(args) ? deleteIcon : undefined),
    className: args => (isNamed(args) ? 'envstore-menu-danger' : ''),
    describedBy: describe(VERSION_ARGS),
    execute: async args => {
      const version = await versionOf(context, args, trans.__('Delete which version?'), item => !item.active);
      if (version && (await askToDelete(context, version))) {
        await model
          .deleteVersion(version)
          .then(() =>
            Notification.info(trans.__('%1 v%2 was deleted.', version.name, version.number), {
              autoClose: 6_000
            })
          )
          .catch(error =>
            tellFailure(trans.__('%1 v%2 was not deleted.', version.name, version.number), error, trans)
          );
      }
    }
  });

  async function askForMessage(
    { trans: words }: IVersionContext,
    version: IVersionName
  ): Promise<string | null> {
    const { message } = await client.version(version.namespace, version.name, version.number);
    const { value } = await InputDialog.getText({
      title: words.__('What is %1 v%2 for?', version.name, version.number),
      label: words.__('Message'),
      text: message,
      okLabel: words.__('Change')
    });
    return value?.trim() ?? null;
  }
}

async function pin(
  context: IVersionContext,
  args: ReadonlyPartialJSONObject,
  pinned: boolean
): Promise<unknown> {
  const { model, trans } = context;
  const question = pinned ? trans.__('Pin which version?') : trans.__('Unpin which version?');
  const version = await versionOf(context, args, question, item => item.pinned !== pinned);
  if (!version) {
    return undefined;
  }
  const { name, number } = version;
  const what = pinned
    ? trans.__('%1 v%2 was not pinned.', name, number)
    : trans.__('%1 v%2 is still pinned.', name, number);
  return model.pin(version, pinned).catch(error => tellFailure(what, error, trans));
}

async function compare(context: IVersionContext, version: IVersionName, against?: string): Promise<void> {
  const { app, client, model, trans } = context;
  const { namespace, name, number } = version;
  try {
    const environment = model.environment(namespace, name) ?? (await client.environment(namespace, name));
    const page = against ? null : await client.versions(namespace, name);
    const sides = against
      ? { before: against, after: referenceOf(namespace, name, number) }
      : sidesFor(number, environment, page!.items);
    if (!sides) {
      Notification.info(trans.__('%1 has no other version to compare with.', name), { autoClose: 6_000 });
      return;
    }
    await app.commands.execute(CommandIDs.openEnvironment, { namespace, name, tab: 'versions', ...sides });
  } catch (error) {
    tellFailure(trans.__('%1 v%2 cannot be compared.', name, number), error, trans);
  }
}

async function askToDelete(context: IVersionContext, version: IVersionName): Promise<boolean> {
  const { app, model, trans } = context;
  const { namespace, name, number } = version;
  if (model.environment(namespace, name)?.active_version === number) {
    Notification.warning(
      trans.__('%1 v%2 is active, so it cannot be deleted. Activate another version first.', name, number),
      {
        autoClose: 12_000,
        actions: [
          {
            label: trans.__('Show the versions'),
            callback: () => {
              const args = { namespace, name, tab: 'versions' };
              void app.commands.execute(CommandIDs.openEnvironment, args);
            }
          }
        ]
      }
    );
    return false;
  }
  const { button } = await showDialog({
    title: trans.__('Delete %1 v%2?', `${namespace}/${name}`, number),
    body: new DeleteVersionQuestion(number, runningOn(app.serviceManager, version), trans),
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Delete') })],
    // The focus is on the harmless one.
    defaultButton: 0
  });
  return button.accept;
}
