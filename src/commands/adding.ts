/**
 * The command that adds packages to an environment: it shows what they would change, before anything is built.
 */
import { InputDialog, Notification } from '@jupyterlab/apputils';
import { addIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { formatRequirement, parseRequirements } from '../new/requirement';
import { CommandIDs } from '../tokens';
import { describe, ENVIRONMENT_ARGS, environmentOf, isNamed, type ICommandContext } from './context';
import { isBuilt } from './version-choice';

export function addAddingCommand(context: ICommandContext): void {
  const { app, trans } = context;

  app.commands.addCommand(CommandIDs.addPackages, {
    label: args => (isNamed(args) ? trans.__('Add packages…') : trans.__('Add Packages to an Environment…')),
    caption: trans.__('Show what would change with further packages'),
    icon: args => (isNamed(args) ? addIcon : undefined),
    describedBy: describe({
      ...ENVIRONMENT_ARGS,
      packages: {
        type: 'array',
        items: { type: 'string' },
        description: 'Packages with constraints, as an environment.yml writes them; asked for when left out.'
      },
      pip: { type: 'array', items: { type: 'string' }, description: 'The same for the list of pip.' }
    }),
    execute: async args => {
      const question = trans.__('Add packages to which environment?');
      const environment = await environmentOf(context, args, question, isBuilt);
      const added = environment && (await packagesOf(context, args, environment.name));
      if (!added) {
        return undefined;
      }
      const { namespace, name } = environment;
      return app.commands.execute(CommandIDs.openEnvironment, {
        namespace,
        name,
        tab: 'packages',
        ...added
      });
    }
  });
}

/** The packages that the arguments name; without them, ask. */
async function packagesOf(
  { trans }: ICommandContext,
  args: ReadonlyPartialJSONObject,
  name: string
): Promise<{ add: string[]; addPip: string[] } | undefined> {
  if (args.packages !== undefined || args.pip !== undefined) {
    return {
      add: (args.packages as string[] | undefined) ?? [],
      addPip: (args.pip as string[] | undefined) ?? []
    };
  }
  const { value } = await InputDialog.getText({
    title: trans.__('Add which packages to %1?', name),
    label: trans.__('Packages'),
    placeholder: trans.__('e.g. scipy, torch >=2.9'),
    okLabel: trans.__('Preview')
  });
  if (!value?.trim()) {
    return undefined;
  }
  const requirements = parseRequirements(value);
  if (!requirements) {
    Notification.error(trans.__('“%1” is no list of packages: a constraint may follow each name.', value), {
      autoClose: 8_000
    });
    return undefined;
  }
  return { add: requirements.map(formatRequirement), addPip: [] };
}
