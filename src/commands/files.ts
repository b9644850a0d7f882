/**
 * Commands that make an environment from a file: one of this computer, or one in the file browser.
 */
import { fileUploadIcon } from '@jupyterlab/ui-components';

import { environmentsIcon } from '../components/icons';
import { tellFailure } from '../components/failures';
import { ACCEPTED, isNotebookName, readTextFile } from '../new/files';
import { CommandIDs } from '../tokens';
import { describe, type ICommandContext } from './context';

/** Files that the file browser offers to make an environment from. Lockfiles of other programs are called -lock, too. */
const SPECIFICATION = /(^|[-_.])(environment|conda|env)([-_.].*)?(?<!-lock)\.ya?ml$/i;
const LOCKFILE = /(^|[-_.])conda-lock([-_.].*)?\.(ya?ml|json)$|-lock\.ya?ml$|(^|[-_.])pixi\.lock$/i;
const EXPLICIT = /(^|[-_.])explicit([-_.].*)?\.txt$|^conda-[a-z]+-[a-z0-9]+\.lock$/i;
const PIP = /(^|[-_.])requirements([-_.].*)?\.(txt|in)$|(^|[-_.])pylock(\.[\w-]+)?\.toml$/i;

/** Whether a file's name says that an environment can be made from it. */
export function isEnvironmentFileName(name: string): boolean {
  return isNotebookName(name) || [SPECIFICATION, LOCKFILE, EXPLICIT, PIP].some(pattern => pattern.test(name));
}

export function addFileCommands(context: ICommandContext): void {
  const { app, trans, browser } = context;
  const { commands, serviceManager } = app;
  const selected = (): string | undefined => {
    const items = [...(browser?.selectedItems() ?? [])];
    return items.length === 1 && isEnvironmentFileName(items[0]!.name) ? items[0]!.path : undefined;
  };

  commands.addCommand(CommandIDs.importFile, {
    label: trans.__('Import an Environment File…'),
    caption: trans.__(
      'Make an environment from an environment.yml, a lockfile, a requirements.txt or a notebook of this computer'
    ),
    icon: fileUploadIcon,
    describedBy: describe(),
    execute: () =>
      chooseFile(file => {
        void takeFile(context, file);
      })
  });

  commands.addCommand(CommandIDs.createFromFile, {
    label: trans.__('Create Environment…'),
    caption: trans.__('Make an environment from this file'),
    icon: environmentsIcon,
    describedBy: describe({
      path: {
        type: 'string',
        description:
          'Path of an environment.yml, a lockfile, a requirements.txt or a notebook; the selected file when left out.'
      }
    }),
    isVisible: args => args.path !== undefined || selected() !== undefined,
    execute: async args => {
      const path = (args.path as string | undefined) ?? selected();
      if (path === undefined) {
        return undefined;
      }
      try {
        const file = await serviceManager.contents.get(path, {
          type: 'file',
          format: 'text',
          content: true
        });
        return await commands.execute(CommandIDs.newEnvironment, {
          specification: String(file.content),
          path
        });
      } catch (error) {
        tellFailure(trans.__('%1 cannot be used.', path), error, trans);
        return undefined;
      }
    }
  });
}

/** Open the dialog for a new environment with a file of this computer. */
export async function takeFile({ app, trans }: ICommandContext, file: File): Promise<void> {
  try {
    const specification = await readTextFile(file, trans);
    await app.commands.execute(CommandIDs.newEnvironment, { specification, path: file.name });
  } catch (error) {
    tellFailure(trans.__('%1 cannot be used.', file.name), error, trans);
  }
}

function chooseFile(take: (file: File) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = ACCEPTED;
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) {
      take(file);
    }
  });
  input.click();
}
