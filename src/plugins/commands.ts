/**
 * The plugin with the commands: each is in the palette, in a menu, and can be run by other extensions.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, ISessionContextDialogs } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';

/* eslint-disable jupyter/prefer-lazy-imports -- commands are registered at once */
import { addActivatingCommands } from '../commands/activating';
import { addAddingCommand } from '../commands/adding';
import { addBuildCommands } from '../commands/builds';
import { describe } from '../commands/context';
import { addDeletingCommands } from '../commands/deleting';
import { addEmbeddingCommands } from '../commands/embedding';
import { addFileCommands } from '../commands/files';
import { addFreeingCommand } from '../commands/freeing';
import { addMendingCommands } from '../commands/mending';
import { addNotebookPinCommands } from '../commands/notebook-pin';
import { addOpeningCommands } from '../commands/opening';
import { tellOfBuilds, type NotifyWhen } from '../commands/notifications';
import { addRenamingCommands } from '../commands/renaming';
import { restartInFront } from '../commands/restarting';
import { addUpdatingCommands } from '../commands/updating';
import { addVersionCommands } from '../commands/versions';
import type { IVersionContext } from '../commands/version-choice';
import { DOMAIN } from '../components/translation';
import { RunningVersions } from '../model/running-versions';
import { CommandIDs, IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks } from '../tokens';

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
  CommandIDs.addPackages,
  CommandIDs.updateEnvironment,
  CommandIDs.scheduleUpdates,
  CommandIDs.activateVersion,
  CommandIDs.compareVersions,
  CommandIDs.pinVersion,
  CommandIDs.unpinVersion,
  CommandIDs.describeVersion,
  CommandIDs.pinNotebook,
  CommandIDs.unpinNotebook,
  CommandIDs.embed,
  CommandIDs.strip,
  CommandIDs.verifyVersion,
  CommandIDs.repairVersion,
  CommandIDs.renameEnvironment,
  CommandIDs.cloneEnvironment,
  CommandIDs.cancelBuild,
  CommandIDs.retryBuild,
  CommandIDs.deleteVersion,
  CommandIDs.deleteEnvironment,
  CommandIDs.undelete,
  CommandIDs.freeDisk,
  CommandIDs.refresh
];

export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'The commands of environments, and the settings.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel],
  optional: [
    ITranslator,
    ICommandPalette,
    ILauncher,
    IDefaultFileBrowser,
    ISettingRegistry,
    INotebookTracker,
    IEnvStoreNotebooks,
    ISessionContextDialogs
  ],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    browser: IDefaultFileBrowser | null,
    settings: ISettingRegistry | null,
    tracker: INotebookTracker | null,
    notebooks: IEnvStoreNotebooks | null,
    dialogs: ISessionContextDialogs | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const context: IVersionContext = { app, client, model, trans, browser };
    addBuildCommands(context);
    addDeletingCommands(context, client);
    addFileCommands(context);
    addOpeningCommands(context);
    addActivatingCommands(context);
    addVersionCommands(context);
    addMendingCommands(context);
    addRenamingCommands(context);
    addUpdatingCommands(context);
    addAddingCommand(context);
    addNotebookPinCommands(context, tracker);
    if (tracker && notebooks) {
      addEmbeddingCommands({ ...context, tracker, notebooks });
    }
    addFreeingCommand(context);
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
    const versions = RunningVersions.of(app.serviceManager.kernels, client);
    const restartFor = tracker && dialogs ? restartInFront(tracker, versions, dialogs) : undefined;
    tellOfBuilds(context, () => notify, restartFor);
    void settings?.load(PLUGIN).then(loaded => {
      const read = (): void => {
        notify = loaded.get('notifications').composite as NotifyWhen;
      };
      loaded.changed.connect(read);
      read();
    });
  }
};
