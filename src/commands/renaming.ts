/**
 * Commands that give an environment another name, and make one like it.
 */
import { InputDialog, Notification } from '@jupyterlab/apputils';
import { copyIcon, editIcon } from '@jupyterlab/ui-components';

import type { IBuild, IEnvironment } from '../api/types';
import { tellFailure } from '../components/failures';
import { nameProblem } from '../new/names';
import { CommandIDs } from '../tokens';
import { describe, ENVIRONMENT_ARGS, environmentOf, isNamed, type ICommandContext } from './context';
import { isBuilt, VERSION_ARGS } from './version-choice';

/** Milliseconds for which a renaming can be undone with one click. */
const UNDO = 15_000;

export function addRenamingCommands(context: ICommandContext): void {
  const { app, trans } = context;

  app.commands.addCommand(CommandIDs.renameEnvironment, {
    label: args => (isNamed(args) ? trans.__('Rename…') : trans.__('Rename an Environment…')),
    caption: trans.__('Give an environment another name; notebooks that name the old one go on working'),
    icon: args => (isNamed(args) ? editIcon : undefined),
    describedBy: describe({
      ...ENVIRONMENT_ARGS,
      newName: { type: 'string', description: 'The new name; asked for when left out.' }
    }),
    execute: async args => {
      const environment = await environmentOf(context, args, trans.__('Rename which environment?'));
      if (!environment) {
        return undefined;
      }
      const newName =
        (args.newName as string | undefined) ??
        (await askForName(context, environment, {
          title: trans.__('Rename %1', `${environment.namespace}/${environment.name}`),
          label: trans.__('New name. Its versions stay, and notebooks that name the old one go on working.'),
          okLabel: trans.__('Rename'),
          text: environment.name,
          mayStay: true
        }));
      return newName && newName !== environment.name ? rename(context, environment, newName) : undefined;
    }
  });

  app.commands.addCommand(CommandIDs.cloneEnvironment, {
    label: args => (isNamed(args) ? trans.__('Clone…') : trans.__('Clone an Environment…')),
    caption: trans.__('Make another environment that has the same packages'),
    icon: args => (isNamed(args) ? copyIcon : undefined),
    describedBy: describe({
      ...VERSION_ARGS,
      version: {
        type: 'integer',
        description: 'The number of the version to take; the active one when left out.'
      },
      newName: { type: 'string', description: 'The name of the new one; asked for when left out.' }
    }),
    execute: async args => {
      const question = trans.__('Clone which environment?');
      const environment = await environmentOf(context, args, question, isBuilt);
      if (!environment) {
        return undefined;
      }
      const newName =
        (args.newName as string | undefined) ??
        (await askForName(context, environment, {
          title: trans.__('Clone %1', `${environment.namespace}/${environment.name}`),
          label: trans.__(
            'Name of the new one. It begins with the same packages and has versions of its own.'
          ),
          okLabel: trans.__('Clone'),
          text: freeName(context, environment),
          mayStay: false
        }));
      return newName ? clone(context, environment, newName, args.version as number | undefined) : undefined;
    }
  });
}

interface INameQuestion {
  readonly title: string;
  readonly label: string;
  readonly okLabel: string;
  readonly text: string;
  /** Whether the environment's own name will do. */
  readonly mayStay: boolean;
}

/** A name like that of an environment which no other one has: `geo-2`. */
function freeName({ model }: ICommandContext, { namespace, name }: IEnvironment): string {
  let number = 2;
  while (model.environment(namespace, `${name}-${number}`)) {
    number++;
  }
  return `${name}-${number}`;
}

/** Ask for a name until it is one that can be had; null when the person gives up. */
async function askForName(
  { model, trans }: ICommandContext,
  { namespace, name }: IEnvironment,
  question: INameQuestion
): Promise<string | null> {
  const { mayStay, ...words } = question;
  let problem: string | null = null;
  let text = question.text;
  do {
    const { value, button } = await InputDialog.getText({
      ...words,
      text,
      label: problem ? `${problem} ${question.label}` : question.label,
      required: true
    });
    if (!button.accept || value === null) {
      return null;
    }
    text = value.trim();
    const isOther = !mayStay || text.toLowerCase() !== name.toLowerCase();
    problem =
      isOther && model.environment(namespace, text)
        ? trans.__('%1 exists. Choose another name.', `${namespace}/${text}`)
        : nameProblem(text, trans);
  } while (problem || text === '');
  return text;
}

async function rename(
  { app, model, trans }: ICommandContext,
  { namespace, name }: IEnvironment,
  newName: string
): Promise<IEnvironment | undefined> {
  try {
    const environment = await model.rename(namespace, name, newName);
    Notification.success(
      trans.__('%1 is called %2 now. Notebooks that name the old one go on working.', name, environment.name),
      {
        autoClose: UNDO,
        actions: [
          {
            label: trans.__('Undo'),
            callback: () => {
              const args = { namespace, name: environment.name, newName: name };
              void app.commands.execute(CommandIDs.renameEnvironment, args);
            }
          }
        ]
      }
    );
    return environment;
  } catch (error) {
    tellFailure(trans.__('%1 was not renamed.', name), error, trans);
    return undefined;
  }
}

async function clone(
  { app, model, trans }: ICommandContext,
  { namespace, name }: IEnvironment,
  newName: string,
  version?: number
): Promise<IBuild | undefined> {
  try {
    const full = newName.includes('/') ? newName : `${namespace}/${newName}`;
    const build = await model.clone(namespace, name, full, version);
    const args = { namespace: build.namespace, name: build.name, tab: 'builds', build: build.id };
    void app.commands.execute(CommandIDs.openEnvironment, args);
    return build;
  } catch (error) {
    tellFailure(trans.__('%1 was not cloned.', name), error, trans);
    return undefined;
  }
}
