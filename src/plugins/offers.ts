/**
 * The plugin that offers to add a package where a cell did not find it, or was to install it.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISessionContextDialogs } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookActions, type Notebook, type NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { tellFailure } from '../components/failures';
import { DOMAIN } from '../components/translation';
import { RunningVersions } from '../model/running-versions';
import type { INotebookActions } from '../notebook/offers/context';
import type { NotebookOffers } from '../notebook/offers/offers';
import { CommandIDs, IEnvStoreClient, IEnvStoreModel } from '../tokens';

export const offersPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:offers',
  description: 'Offers to add packages that the cells of a notebook do not find.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel, INotebookTracker],
  optional: [ITranslator, ISessionContextDialogs],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    notebooks: INotebookTracker,
    translator: ITranslator | null,
    dialogs: ISessionContextDialogs | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const actions: INotebookActions = {
      add: ({ namespace, name }, { packages, pip }) =>
        void app.commands.execute(CommandIDs.addPackages, {
          namespace,
          name,
          packages: [...packages],
          pip: [...pip]
        }),
      showBuild: ({ namespace, name }, build) =>
        void app.commands.execute(CommandIDs.openEnvironment, { namespace, name, tab: 'builds', build }),
      restart: ({ sessionContext }) =>
        void (dialogs ? dialogs.restart(sessionContext) : sessionContext.restartKernel()),
      switchTo: ({ namespace, name }, version) =>
        void app.commands.execute(CommandIDs.pinNotebook, { namespace, name, version }),
      run: ({ content, sessionContext }, cell) =>
        void NotebookActions.runCells(
          content,
          [cell],
          sessionContext,
          dialogs ?? undefined,
          translator ?? undefined
        ),
      lookUp: async project => {
        const { lookUpProject } = await import('../new/projects');
        try {
          return (await lookUpProject(client, project)) !== null;
        } catch (error) {
          tellFailure(trans.__('PyPI was not asked for %1.', project), error, trans);
          return null;
        }
      }
    };
    const context = {
      client,
      model,
      actions,
      trans,
      versions: RunningVersions.of(app.serviceManager.kernels, client)
    };
    const known = new WeakMap<Notebook, NotebookOffers>();
    const watch = async (panel: NotebookPanel): Promise<void> => {
      const [{ NotebookOffers }, { Shelves }] = await Promise.all([
        import('../notebook/offers/offers'),
        import('../notebook/offers/shelves')
      ]);
      if (!panel.isDisposed) {
        const shelves = Shelves.ofPage(client);
        known.set(panel.content, new NotebookOffers(panel, { ...context, shelves }));
      }
    };
    notebooks.forEach(panel => void watch(panel));
    notebooks.widgetAdded.connect((_, panel) => void watch(panel));
    NotebookActions.executionScheduled.connect((_, { notebook, cell }) => known.get(notebook)?.begin(cell));
    NotebookActions.executed.connect((_, { notebook, cell }) => known.get(notebook)?.end(cell));
  }
};
