/**
 * The plugin that puts the panel into the left sidebar, with the command that opens it.
 */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { ServerStatus } from '../model/status';
import { environmentsIcon } from '../panel/icons';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- the sidebar holds the widget from the start
import { EnvironmentsPanel } from '../panel/panel';
import { IEnvStoreClient } from '../tokens';

/** The commands of this plugin. */
export const CommandIDs = {
  openPanel: 'envstore:open-panel'
} as const;

/** Below the file browser and the running sessions, above what is rarely used. */
const RANK = 350;

export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:panel',
  description: 'Shows the environments in the left sidebar.',
  autoStart: true,
  requires: [IEnvStoreClient],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyter_envstore');
    const status = new ServerStatus(client);
    const panel = new EnvironmentsPanel(status, translator ?? nullTranslator);
    app.shell.add(panel, 'left', { rank: RANK, type: 'Environments' });
    restorer?.add(panel, panel.id);

    app.commands.addCommand(CommandIDs.openPanel, {
      label: trans.__('Show Environments'),
      caption: trans.__('Show the environments in the left sidebar'),
      icon: environmentsIcon,
      describedBy: { args: { type: 'object', properties: {}, additionalProperties: false } },
      execute: () => app.shell.activateById(panel.id)
    });
    palette?.addItem({ command: CommandIDs.openPanel, category: trans.__('Environments') });

    // Not awaited: JupyterLab starts as fast as without us.
    void app.restored.then(() => status.refresh());
  }
};
