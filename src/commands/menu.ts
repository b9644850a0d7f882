/**
 * The menus of an environment and of a version: the same for the row's button, the right mouse button and the
 * environment's tab.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';

import { isActive, type IEnvironment, type IVersion } from '../api/types';
import { CommandIDs } from '../tokens';

interface IItem {
  readonly command: string;
  readonly args: { [name: string]: string | number | boolean };
}

interface ISubmenu {
  readonly label: string;
  readonly items: ReadonlyArray<IItem>;
}

type Section = ReadonlyArray<IItem | ISubmenu>;

/**
 * Open the menu of an environment at a place of the window.
 */
export function openEnvironmentMenu(
  commands: CommandRegistry,
  environment: IEnvironment,
  x: number,
  y: number,
  trans: TranslationBundle
): void {
  open(commands, sectionsOf(environment, trans), x, y);
}

/**
 * Open the menu of a version at a place of the window.
 */
export function openVersionMenu(commands: CommandRegistry, version: IVersion, x: number, y: number): void {
  open(commands, sectionsOfVersion(version), x, y);
}

/** Says of a submenu too that it is an item of the menu. */
class Renderer extends MenuSvg.Renderer {
  override createItemARIA(data: Menu.IRenderData): ReturnType<Menu.Renderer['createItemARIA']> {
    const attributes = super.createItemARIA(data);
    return data.item.type === 'submenu' ? { ...attributes, role: 'menuitem' } : attributes;
  }
}

const renderer = new Renderer();

function open(commands: CommandRegistry, sections: ReadonlyArray<Section>, x: number, y: number): void {
  const menu = new MenuSvg({ commands, renderer });
  menu.addClass('envstore-menu');
  for (const section of sections) {
    if (menu.items.length > 0) {
      menu.addItem({ type: 'separator' });
    }
    add(menu, commands, section);
  }
  // Whoever leaves a menu goes on where it was opened; a dialog of the chosen command gives the focus back there, too.
  const { activeElement } = document;
  menu.aboutToClose.connect(() => {
    if (activeElement instanceof HTMLElement && menu.node.contains(document.activeElement)) {
      activeElement.focus();
    }
  });
  // Only after the chosen command has run: closing is announced before.
  menu.aboutToClose.connect(() => setTimeout(() => menu.dispose()));
  menu.open(x, y);
}

function add(menu: Menu, commands: CommandRegistry, section: Section): void {
  for (const item of section) {
    if ('items' in item) {
      const submenu = new MenuSvg({ commands, renderer });
      submenu.title.label = item.label;
      submenu.addClass('envstore-menu');
      add(submenu, commands, item.items);
      menu.disposed.connect(() => submenu.dispose());
      menu.addItem({ type: 'submenu', submenu });
    } else if (commands.hasCommand(item.command)) {
      menu.addItem({ command: item.command, args: item.args });
    }
  }
}

function sectionsOf(environment: IEnvironment, trans: TranslationBundle): Section[] {
  const { namespace, name, build } = environment;
  const names = { namespace, name };
  const use: Section = [
    { command: CommandIDs.openNotebook, args: names },
    { command: CommandIDs.openEnvironment, args: { ...names, tab: 'packages' } },
    { command: CommandIDs.openEnvironment, args: { ...names, tab: 'versions' } },
    ...((environment.active_version ?? 0) > 1 ? [{ command: CommandIDs.activateVersion, args: names }] : []),
    { command: CommandIDs.updateEnvironment, args: names },
    {
      label: trans.__('Scheduled updates'),
      items: [
        { command: CommandIDs.scheduleUpdates, args: { ...names, schedule: 'off' } },
        { command: CommandIDs.scheduleUpdates, args: { ...names, schedule: 'weekly' } }
      ]
    }
  ];
  const elsewhere: Section = [
    { command: CommandIDs.pinNotebook, args: names },
    { command: CommandIDs.unpinNotebook, args: names },
    { command: CommandIDs.openTerminal, args: names },
    { command: CommandIDs.copyActivate, args: names }
  ];
  const change: Section = [
    { command: CommandIDs.renameEnvironment, args: names },
    { command: CommandIDs.cloneEnvironment, args: names }
  ];
  const mend: Section = [
    { command: CommandIDs.verifyVersion, args: names },
    { command: CommandIDs.repairVersion, args: names }
  ];
  const attempt: Section = build
    ? [
        { command: CommandIDs.openEnvironment, args: { ...names, tab: 'builds', build: build.id } },
        {
          command: isActive(build) ? CommandIDs.cancelBuild : CommandIDs.retryBuild,
          args: { build: build.id }
        }
      ]
    : [{ command: CommandIDs.openEnvironment, args: { ...names, tab: 'builds' } }];
  const remove: Section = [{ command: CommandIDs.deleteEnvironment, args: names }];
  return environment.active_version === null
    ? [attempt, remove]
    : [use, elsewhere, change, [...mend, ...attempt], remove];
}

function sectionsOfVersion(version: IVersion): Section[] {
  const { namespace, name, number } = version;
  const args = { namespace, name, version: number };
  return [
    [
      ...(version.active ? [] : [{ command: CommandIDs.activateVersion, args }]),
      { command: CommandIDs.compareVersions, args },
      { command: version.pinned ? CommandIDs.unpinVersion : CommandIDs.pinVersion, args },
      { command: CommandIDs.describeVersion, args }
    ],
    [
      { command: CommandIDs.pinNotebook, args },
      { command: CommandIDs.unpinNotebook, args },
      { command: CommandIDs.cloneEnvironment, args }
    ],
    [
      ...(version.prefix_state === 'freed' ? [] : [{ command: CommandIDs.verifyVersion, args }]),
      { command: CommandIDs.repairVersion, args: { ...args, freed: version.prefix_state === 'freed' } }
    ],
    // The active one too: the answer says how it can be deleted.
    [{ command: CommandIDs.deleteVersion, args }]
  ];
}
