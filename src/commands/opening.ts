/**
 * Commands that use an environment: open a notebook or a terminal on it, copy what opens a shell in it.
 */
import { Clipboard, Notification, type MainAreaWidget } from '@jupyterlab/apputils';
import type { ITerminal } from '@jupyterlab/terminal';
import { linkIcon, notebookIcon, terminalIcon } from '@jupyterlab/ui-components';

import type { IEnvironment } from '../api/types';
import { tellFailure } from '../components/failures';
import { CommandIDs, type IEnvironmentName } from '../tokens';
import { describe, ENVIRONMENT_ARGS, environmentOf, isNamed, type ICommandContext } from './context';
import { kernelsOf, MOST_LOOKS } from './kernels';
import type { IVersionContext } from './version-choice';

export function addOpeningCommands(context: IVersionContext): void {
  const { app, trans } = context;
  const { commands } = app;
  const hasVersion = (environment: IEnvironment): boolean => environment.active_version !== null;

  commands.addCommand(CommandIDs.openNotebook, {
    label: args => (isNamed(args) ? trans.__('Open notebook') : trans.__('New Notebook in an Environment…')),
    caption: trans.__('Open a new notebook that runs in an environment'),
    icon: args => (isNamed(args) ? notebookIcon : undefined),
    describedBy: describe({
      ...ENVIRONMENT_ARGS,
      cwd: { type: 'string', description: "The notebook's folder; that of the file browser when left out." }
    }),
    execute: async args => {
      const question = trans.__('Open a notebook in which environment?');
      const environment = await environmentOf(context, args, question, hasVersion);
      return environment && openNotebook(context, environment, args.cwd as string | undefined);
    }
  });

  commands.addCommand(CommandIDs.openTerminal, {
    label: args =>
      isNamed(args) ? trans.__('Open terminal') : trans.__('Open a Terminal in an Environment…'),
    caption: trans.__('Open a terminal in which an environment is active'),
    icon: args => (isNamed(args) ? terminalIcon : undefined),
    describedBy: describe({
      ...ENVIRONMENT_ARGS,
      cwd: { type: 'string', description: "The terminal's folder; that of the file browser when left out." }
    }),
    isVisible: () => commands.hasCommand('terminal:create-new'),
    execute: async args => {
      const question = trans.__('Open a terminal in which environment?');
      const environment = await environmentOf(context, args, question, hasVersion);
      const command = environment && (await commandFor(context, environment));
      if (!command) {
        return undefined;
      }
      const terminal: MainAreaWidget<ITerminal.ITerminal> = await commands.execute('terminal:create-new', {
        cwd: args.cwd ?? context.browser?.model.path
      });
      terminal.content.session.send({ type: 'stdin', content: [`${command}\r`] });
      return terminal;
    }
  });

  commands.addCommand(CommandIDs.copyActivate, {
    label: args =>
      isNamed(args)
        ? trans.__('Copy activate command')
        : trans.__('Copy the Activate Command of an Environment…'),
    caption: trans.__('Copy the command that opens a shell in which an environment is active'),
    icon: args => (isNamed(args) ? linkIcon : undefined),
    describedBy: describe(ENVIRONMENT_ARGS),
    execute: async args => {
      const question = trans.__('Copy the command of which environment?');
      const environment = await environmentOf(context, args, question, hasVersion);
      const command = environment && (await commandFor(context, environment));
      if (command) {
        Clipboard.copyToSystem(command);
        Notification.info(trans.__('Copied: %1', command), { autoClose: 4_000 });
      }
    }
  });
}

async function openNotebook(
  { app, trans }: ICommandContext,
  environment: IEnvironment,
  cwd?: string
): Promise<unknown> {
  const { name } = environment;
  let [kernelName] = kernelsOf(app.serviceManager, environment);
  for (let look = 0; !kernelName && look < MOST_LOOKS; look++) {
    // The browser's list of kernels may be a minute old, and a look that is under way from before the kernel.
    await app.serviceManager.kernelspecs.refreshSpecs();
    [kernelName] = kernelsOf(app.serviceManager, environment);
  }
  if (!kernelName) {
    Notification.error(
      trans.__('%1 has no kernel. Add ipykernel, or the kernel of another language, to its packages.', name),
      { autoClose: 10_000 }
    );
    return undefined;
  }
  return app.commands.execute(
    'notebook:create-new',
    cwd === undefined ? { kernelName } : { kernelName, cwd }
  );
}

/** Ask the server how the command line is called on its machine; undefined, once that is told, when it is away. */
async function commandFor(
  { client, trans }: IVersionContext,
  environment: IEnvironment
): Promise<string | undefined> {
  try {
    return shellCommand((await client.status()).command, environment);
  } catch (error) {
    tellFailure(trans.__('No shell can be opened in %1.', environment.name), error, trans);
    return undefined;
  }
}

/**
 * The command that opens a shell in an environment.
 *
 * @param program - What calls the command line: a program and its first arguments.
 */
export function shellCommand(program: ReadonlyArray<string>, environment: IEnvironmentName): string {
  const { namespace, name } = environment;
  return [...program, 'shell', `${namespace}/${name}`].map(quote).join(' ');
}

/** Quote a word for a POSIX shell, where it needs that. */
function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
