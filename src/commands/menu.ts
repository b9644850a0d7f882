/**
 * The menu of an environment: the same for the row's button, the right mouse button and the environment's tab.
 */
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

import { isActive, type IEnvironment } from '../api/types';
import { CommandIDs } from '../tokens';

/**
 * Open the menu of an environment at a place of the window.
 */
export function openEnvironmentMenu(
  commands: CommandRegistry,
  environment: IEnvironment,
  x: number,
  y: number
): void {
  const menu = new MenuSvg({ commands });
  menu.addClass('envstore-menu');
  for (const section of sections(environment)) {
    if (menu.items.length > 0) {
      menu.addItem({ type: 'separator' });
    }
    for (const { command, args } of section) {
      if (commands.hasCommand(command)) {
        menu.addItem({ command, args });
      }
    }
  }
  // Only after the chosen command has run: closing is announced before.
  menu.aboutToClose.connect(() => setTimeout(() => menu.dispose()));
  menu.open(x, y);
}

interface IItem {
  readonly command: string;
  readonly args: { [name: string]: string | number };
}

function sections(environment: IEnvironment): IItem[][] {
  const { namespace, name, build } = environment;
  const names = { namespace, name };
  const hasVersion = environment.active_version !== null;
  const use: IItem[] = [
    { command: CommandIDs.openNotebook, args: names },
    { command: CommandIDs.openEnvironment, args: { ...names, tab: 'packages' } },
    { command: CommandIDs.openTerminal, args: names },
    { command: CommandIDs.copyActivate, args: names }
  ];
  const attempt: IItem[] = build
    ? [
        { command: CommandIDs.openEnvironment, args: { ...names, tab: 'builds', build: build.id } },
        {
          command: isActive(build) ? CommandIDs.cancelBuild : CommandIDs.retryBuild,
          args: { build: build.id }
        }
      ]
    : [{ command: CommandIDs.openEnvironment, args: { ...names, tab: 'builds' } }];
  const remove: IItem[] = [{ command: CommandIDs.deleteEnvironment, args: names }];
  return [...(hasVersion ? [use] : []), attempt, remove];
}
