/**
 * The plugin that puts the panel into the left sidebar, with the command that opens it.
 */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { createElement } from 'react';

// eslint-disable-next-line jupyter/prefer-lazy-imports -- the command is registered at once
import { describe, type ICommandContext } from '../commands/context';
import { environmentsIcon } from '../components/icons';
import { DOMAIN } from '../components/translation';
import { CurrentNotebook } from '../model/current-notebook';
import { keyOf } from '../model/environment-list';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- a part of the panel
import { ReportLine } from '../notebook/report/line';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- the sidebar holds the widget from the start
import { EnvironmentsPanel } from '../panel/panel';
import { PanelState } from '../panel/panel-state';
import { DiskUsage } from '../panel/usage';
import { CommandIDs, IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks, IEnvStoreReports } from '../tokens';

/** Below the file browser and the running sessions, above what is rarely used. */
const RANK = 350;

export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:panel',
  description: 'Shows the environments in the left sidebar.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel],
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    IStateDB,
    INotebookTracker,
    IEnvStoreNotebooks,
    IEnvStoreReports
  ],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    database: IStateDB | null,
    tracker: INotebookTracker | null,
    notebooks: IEnvStoreNotebooks | null,
    reports: IEnvStoreReports | null
  ) => {
    const { commands, shell } = app;
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const context: ICommandContext = { app, model, trans };
    const state = new PanelState();
    const panel = new EnvironmentsPanel({
      model,
      state,
      actions: {
        loginUrl: URLExt.join(app.serviceManager.serverSettings.baseUrl, 'login'),
        has: command => commands.hasCommand(command),
        run: (command, args) => void commands.execute(command, args),
        openMenu: (environment, x, y) =>
          void import('../commands/menu').then(({ openEnvironmentMenu }) =>
            openEnvironmentMenu(commands, environment, x, y, trans)
          ),
        take: file => void import('../commands/files').then(({ takeFile }) => takeFile(context, file))
      },
      notebook: tracker && notebooks && new CurrentNotebook(tracker, notebooks),
      report:
        tracker &&
        reports &&
        createElement(ReportLine, {
          tracker,
          reports,
          onOpen: () => void commands.execute(CommandIDs.reportNotebook)
        }),
      usage: new DiskUsage(client, model),
      translator: translator ?? nullTranslator
    });
    shell.add(panel, 'left', { rank: RANK, type: 'Environments' });
    restorer?.add(panel, panel.id);
    if (database) {
      void state.restore(database);
    }
    // Whoever opens an environment, the list shows which one it is.
    commands.commandExecuted.connect((_, { id, args }) => {
      if (id === CommandIDs.openEnvironment && typeof args.name === 'string') {
        state.selected = keyOf({ namespace: String(args.namespace ?? 'local'), name: args.name });
      }
    });

    model.renamed.connect((_, { before, after }) => {
      if (state.selected === keyOf(before)) {
        state.selected = keyOf(after);
      }
    });

    commands.addCommand(CommandIDs.openPanel, {
      label: trans.__('Show Environments'),
      caption: trans.__('Show the environments in the left sidebar'),
      icon: environmentsIcon,
      describedBy: describe(),
      execute: () => shell.activateById(panel.id)
    });
    palette?.addItem({ command: CommandIDs.openPanel, category: trans.__('Environments') });
  }
};
