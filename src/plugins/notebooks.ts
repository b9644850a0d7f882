/**
 * The plugin that knows how the environments that open notebooks carry stand to their kernels.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import { NotebookStandings } from '../model/notebook-standing';
import { RunningVersions } from '../model/running-versions';
import { IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks } from '../tokens';

export const notebooksPlugin: JupyterFrontEndPlugin<IEnvStoreNotebooks> = {
  id: 'jupyter-envstore:notebooks',
  description: 'Knows what environments open notebooks carry.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel],
  provides: IEnvStoreNotebooks,
  activate: (app: JupyterFrontEnd, client: IEnvStoreClient, model: IEnvStoreModel) =>
    new NotebookStandings({
      client,
      model,
      versions: RunningVersions.of(app.serviceManager.kernels, client)
    })
};
