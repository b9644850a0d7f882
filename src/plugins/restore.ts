/**
 * The plugin that has here what a notebook carries: it offers to build that where its kernel is missing, and makes the
 * kernel of a notebook that is pinned to a version. Such a kernel goes when it was not used for long, and comes again
 * with the notebook.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, ISessionContextDialogs } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

// eslint-disable-next-line jupyter/prefer-lazy-imports -- the command is registered at once
import { describe } from '../commands/context';
import { environmentsIcon } from '../components/icons';
import { DOMAIN } from '../components/translation';
import { RestoreAnswers } from '../notebook/restore/answers';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- it has to know of a missing kernel before the host asks
import { RestoreOpening } from '../notebook/restore/opening';
import { CommandIDs, IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks } from '../tokens';

export const restorePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:restore',
  description:
    'Offers to build what notebooks carry, and makes the kernels of those that are pinned to a version.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks, INotebookTracker],
  optional: [ITranslator, ISessionContextDialogs, IStateDB, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    notebooks: IEnvStoreNotebooks,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    dialogs: ISessionContextDialogs | null,
    database: IStateDB | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const answers = new RestoreAnswers(database);
    const opening = new RestoreOpening({ app, client, model, notebooks, answers, dialogs, trans });
    tracker.widgetAdded.connect((_, panel) => {
      // Not awaited by anybody: a notebook is shown before it has a kernel.
      void opening.take(panel);
    });
    app.commands.addCommand(CommandIDs.restoreNotebook, {
      label: trans.__('Restore the Environment of This Notebook…'),
      caption: trans.__('Build what the notebook in front carries, or let it run on that where it is here'),
      icon: args => (args.isPalette ? undefined : environmentsIcon),
      describedBy: describe(),
      isEnabled: () => Boolean(tracker.currentWidget),
      execute: async () => {
        if (tracker.currentWidget) {
          await opening.restore(tracker.currentWidget);
        }
      }
    });
    palette?.addItem({ command: CommandIDs.restoreNotebook, category: trans.__('Environments') });
  }
};
