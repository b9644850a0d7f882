/**
 * Commands that delete an environment, after asking, and bring it back.
 */
import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import { deleteIcon, undoIcon } from '@jupyterlab/ui-components';

import type { IEnvironment } from '../api/types';
import { tellFailure } from '../components/failures';
import { CommandIDs, type IEnvStoreClient } from '../tokens';
import { describe, ENVIRONMENT_ARGS, environmentOf, isNamed, type ICommandContext } from './context';
import { DeleteQuestion } from './delete-question';
import { kernelsOf } from './kernels';

/** Milliseconds for which deleting can be undone with one click. */
const UNDO = 15_000;

export function addDeletingCommands(context: ICommandContext, client: IEnvStoreClient): void {
  const { app, model, trans } = context;

  app.commands.addCommand(CommandIDs.deleteEnvironment, {
    label: args => (isNamed(args) ? trans.__('Delete…') : trans.__('Delete an Environment…')),
    icon: args => (isNamed(args) ? deleteIcon : undefined),
    className: args => (isNamed(args) ? 'envstore-menu-danger' : ''),
    describedBy: describe({
      ...ENVIRONMENT_ARGS,
      dismiss: {
        type: 'boolean',
        description: 'Do not ask where there is nothing to lose: no version was built.'
      }
    }),
    execute: async args => {
      const environment = await environmentOf(context, args, trans.__('Delete which environment?'));
      const isDismissed = args.dismiss === true && environment?.active_version === null;
      if (environment && (isDismissed || (await ask(context, client, environment)))) {
        await remove(context, environment);
      }
    }
  });

  app.commands.addCommand(CommandIDs.undelete, {
    label: args =>
      isNamed(args)
        ? trans.__('Bring back %1', String(args.name))
        : trans.__('Bring Back a Deleted Environment…'),
    icon: args => (isNamed(args) ? undoIcon : undefined),
    describedBy: describe(ENVIRONMENT_ARGS),
    execute: async args => {
      const name = isNamed(args) ? String(args.name) : await askForName(context);
      if (!name) {
        return undefined;
      }
      const [last, namespace] = name.split('/').reverse();
      try {
        const where = args.namespace ?? namespace ?? (await client.status()).default_namespace;
        return await model.undelete(String(where), last!);
      } catch (error) {
        tellFailure(trans.__('%1 was not brought back.', name), error, trans);
        return undefined;
      }
    }
  });
}

async function askForName({ trans }: ICommandContext): Promise<string | null> {
  const { value } = await InputDialog.getText({
    title: trans.__('Bring back which environment?'),
    label: trans.__('Its name. A deleted environment is kept for 30 days.'),
    okLabel: trans.__('Bring back')
  });
  return value && value.trim();
}

async function ask(
  { app, trans }: ICommandContext,
  client: IEnvStoreClient,
  environment: IEnvironment
): Promise<boolean> {
  const { namespace, name } = environment;
  const kernels = kernelsOf(app.serviceManager, environment);
  const running = [...app.serviceManager.sessions.running()].filter(
    session => session.kernel && kernels.includes(session.kernel.name)
  ).length;
  const versions = await client.versions(namespace, name, { limit: 1 }).then(
    page => page.total,
    () => (environment.active_version === null ? 0 : 1)
  );
  const { button } = await showDialog({
    title: trans.__('Delete %1?', `${namespace}/${name}`),
    body: new DeleteQuestion(versions, running, trans),
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Delete') })],
    // The focus is on the harmless one.
    defaultButton: 0
  });
  return button.accept;
}

async function remove({ app, model, trans }: ICommandContext, environment: IEnvironment): Promise<void> {
  const { namespace, name } = environment;
  try {
    await model.remove(namespace, name);
  } catch (error) {
    tellFailure(trans.__('%1 was not deleted.', name), error, trans);
    return;
  }
  Notification.info(trans.__('%1 was deleted.', name), {
    autoClose: UNDO,
    actions: [
      {
        label: trans.__('Undo'),
        callback: () => void app.commands.execute(CommandIDs.undelete, { namespace, name })
      }
    ]
  });
}
