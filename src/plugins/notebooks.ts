/**
 * The plugin that knows how the environments that open notebooks carry stand to their kernels.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';

/* eslint-disable jupyter/prefer-lazy-imports -- what is offered to others is made at once */
import { BareNotebooks } from '../model/bare-notebooks';
import { Carriable } from '../model/carriable';
import { NotebookStandings } from '../model/notebook-standing';
import { RunningVersions } from '../model/running-versions';
import { IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks } from '../tokens';

export const notebooksPlugin: JupyterFrontEndPlugin<IEnvStoreNotebooks> = {
  id: 'jupyter-envstore:notebooks',
  description: 'Knows what environments open notebooks carry.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel],
  optional: [IStateDB],
  provides: IEnvStoreNotebooks,
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    database: IStateDB | null
  ) => {
    const bare = new BareNotebooks();
    if (database) {
      void bare.restore(database);
    }
    return new NotebookStandings({
      client,
      model,
      versions: RunningVersions.of(app.serviceManager.kernels, client),
      carriable: Carriable.of(client, model),
      bare
    });
  }
};
