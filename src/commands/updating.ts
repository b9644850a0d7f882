/**
 * Commands that bring the packages of an environment up to date: now, or every week.
 */
import { Notification } from '@jupyterlab/apputils';
import { refreshIcon } from '@jupyterlab/ui-components';

import type { IBuild, IEnvironment } from '../api/types';
import { tellFailure } from '../components/failures';
import { scheduleOf } from '../environment/waiting';
import { CommandIDs } from '../tokens';
import { describe, ENVIRONMENT_ARGS, environmentOf, isNamed, type ICommandContext } from './context';
import { isBuilt } from './version-choice';

/** How often an update is prepared. */
type Schedule = 'off' | 'weekly';

export function addUpdatingCommands(context: ICommandContext): void {
  const { app, model, trans } = context;

  app.commands.addCommand(CommandIDs.updateEnvironment, {
    label: args =>
      isNamed(args) ? trans.__('Update all…') : trans.__('Update the Packages of an Environment…'),
    caption: trans.__('Show what would change with the newest packages that what you ask for allows'),
    icon: args => (isNamed(args) ? refreshIcon : undefined),
    describedBy: describe({
      ...ENVIRONMENT_ARGS,
      packages: {
        type: 'array',
        items: { type: 'string' },
        description: 'Names of the packages that may move; all when left out.'
      },
      build: { type: 'boolean', description: 'Build it without showing first what would change.' }
    }),
    execute: async args => {
      const question = trans.__('Update which environment?');
      const environment = await environmentOf(context, args, question, isBuilt);
      if (!environment) {
        return undefined;
      }
      const update = (args.packages as string[] | undefined) ?? [];
      if (args.build) {
        return build(context, environment, update);
      }
      const { namespace, name } = environment;
      return app.commands.execute(CommandIDs.openEnvironment, { namespace, name, tab: 'packages', update });
    }
  });

  app.commands.addCommand(CommandIDs.scheduleUpdates, {
    label: args => {
      if (!isNamed(args)) {
        return trans.__('Schedule Updates of an Environment…');
      }
      return args.schedule === 'weekly' ? trans.__('Every week') : trans.__('Off');
    },
    caption: trans.__(
      'Prepare an update every week; it waits to be looked at and is never activated by itself'
    ),
    isToggleable: true,
    isToggled: args =>
      isNamed(args) &&
      scheduleOf(model.environment(String(args.namespace), String(args.name))) === args.schedule,
    describedBy: describe({
      ...ENVIRONMENT_ARGS,
      schedule: { type: 'string', enum: ['off', 'weekly'], description: 'The other one when left out.' }
    }),
    execute: async args => {
      const question = trans.__('Update which environment every week, or no longer?');
      const environment = await environmentOf(context, args, question, isBuilt);
      if (!environment) {
        return undefined;
      }
      const other: Schedule = scheduleOf(environment) === 'weekly' ? 'off' : 'weekly';
      return schedule(context, environment, (args.schedule as Schedule | undefined) ?? other);
    }
  });
}

async function build(
  { app, model, trans }: ICommandContext,
  environment: IEnvironment,
  update: ReadonlyArray<string>
): Promise<IBuild | undefined> {
  const { namespace, name, active_version: parent } = environment;
  try {
    const begun = await model.edit(namespace, name, { parent, update });
    const args = { namespace, name, tab: 'builds', build: begun.id };
    void app.commands.execute(CommandIDs.openEnvironment, args);
    return begun;
  } catch (error) {
    tellFailure(trans.__('%1 is not updated.', name), error, trans);
    return undefined;
  }
}

async function schedule(
  { model, trans }: ICommandContext,
  { namespace, name }: IEnvironment,
  wanted: Schedule
): Promise<IEnvironment | undefined> {
  try {
    const environment = await model.schedule(namespace, name, wanted);
    Notification.info(
      wanted === 'weekly'
        ? trans.__('An update of %1 is prepared every week. It waits to be activated by you.', name)
        : trans.__('%1 is not updated on its own any more.', name),
      { autoClose: 8_000 }
    );
    return environment;
  } catch (error) {
    tellFailure(trans.__('The updates of %1 are scheduled as before.', name), error, trans);
    return undefined;
  }
}
