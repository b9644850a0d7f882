/**
 * The plugin that offers the client to the others, and to other extensions.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import { EnvStoreClient } from '../api/client';
import { IEnvStoreClient } from '../tokens';

export const clientPlugin: JupyterFrontEndPlugin<IEnvStoreClient> = {
  id: 'jupyter-envstore:client',
  description: 'Calls the server extension.',
  autoStart: true,
  provides: IEnvStoreClient,
  activate: (app: JupyterFrontEnd) => new EnvStoreClient(app.serviceManager.serverSettings)
};
