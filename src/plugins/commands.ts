/**
 * The plugin with the commands: each is in the palette, in a menu, and can be run by other extensions.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';

/* eslint-disable jupyter/prefer-lazy-imports -- commands are registered at once */
import { addBuildCommands } from '../commands/builds';
import { describe, type ICommandContext } from '../commands/context';
import { addDeletingCommands } from '../commands/deleting';
import { addFileCommands } from '../commands/files';
import { addOpeningCommands } from '../commands/opening';
import { tellOfBuilds, type NotifyWhen } from '../commands/notifications';
import { DOMAIN } from '../components/translation';
import { CommandIDs, IEnvStoreClient, IEnvStoreModel } from '../tokens';

/** The schema of the settings, which has the menus' entries too, is named after this plugin. */
const PLUGIN = 'jupyter-envstore:plugin';

/** In the palette, in this order. What needs to know an environment asks for it. */
const PALETTE = [
  CommandIDs.newEnvironment,
  CommandIDs.importFile,
  CommandIDs.createFromFile,
  CommandIDs.openNotebook,
  CommandIDs.openTerminal,
  CommandIDs.copyActivate,
  CommandIDs.cancelBuild,
  CommandIDs.retryBuild,
  CommandIDs.deleteEnvironment,
  CommandIDs.undelete,
  CommandIDs.refresh
];

export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'The commands of environments, and the settings.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel],
  optional: [ITranslator, ICommandPalette, ILauncher, IDefaultFileBrowser, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    browser: IDefaultFileBrowser | null,
    settings: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const context: ICommandContext = { app, model, trans, browser };
    addBuildCommands(context);
    addDeletingCommands(context, client);
    addFileCommands(context);
    addOpeningCommands(context);
    app.commands.addCommand(CommandIDs.refresh, {
      label: trans.__('Refresh the Environments'),
      icon: refreshIcon,
      describedBy: describe(),
      execute: () => model.refresh()
    });

    const category = trans.__('Environments');
    for (const command of PALETTE) {
      palette?.addItem({ command, category });
    }
    launcher?.add({ command: CommandIDs.newEnvironment, category: trans.__('Other'), rank: 10 });

    let notify: NotifyWhen = 'hidden';
    tellOfBuilds(context, () => notify);
    void settings?.load(PLUGIN).then(loaded => {
      const read = (): void => {
        notify = loaded.get('notifications').composite as NotifyWhen;
      };
      loaded.changed.connect(read);
      read();
    });
  }
};
