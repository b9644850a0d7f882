/**
 * The plugins that offer the client and the model to the others, and to other extensions.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

/* eslint-disable jupyter/prefer-lazy-imports -- what is offered to others is made at once */
import { EnvStoreClient } from '../api/client';
import { listen } from '../api/events';
import { Again } from '../model/again';
import { EnvStoreModel } from '../model/model';
import { IEnvStoreClient, IEnvStoreModel } from '../tokens';

export const clientPlugin: JupyterFrontEndPlugin<IEnvStoreClient> = {
  id: 'jupyter-envstore:client',
  description: 'Calls the server extension.',
  autoStart: true,
  provides: IEnvStoreClient,
  activate: (app: JupyterFrontEnd) => new EnvStoreClient(app.serviceManager.serverSettings)
};

export const modelPlugin: JupyterFrontEndPlugin<IEnvStoreModel> = {
  id: 'jupyter-envstore:model',
  description: 'Knows the environments and builds, and keeps that up to date.',
  autoStart: true,
  requires: [IEnvStoreClient],
  provides: IEnvStoreModel,
  activate: (app: JupyterFrontEnd, client: IEnvStoreClient) => {
    const model = new EnvStoreModel(client);
    const { events, kernelspecs } = app.serviceManager;
    listen(events, event => model.receive(event));
    // Launcher, picker and "Change kernel" show it at once, not at their next look a minute later. The host does not
    // look again where it is asked to while it looks, and what it finds then may be from before. Where the server is away
    // the list says so, and the host looks again by itself.
    const listing = new Again(() => kernelspecs.refreshSpecs().catch(() => undefined));
    model.kernelsChanged.connect(() => void listing.run());

    // Not awaited: JupyterLab starts as fast as without us.
    void app.restored.then(() => {
      void model.refresh();
      setInterval(() => {
        // A tab that nobody sees asks for nothing; what it missed it reads when it is looked at.
        if (!document.hidden) {
          model.tick();
        }
      }, 1000);
      document.addEventListener('visibilitychange', () => {
        if (!document.hidden) {
          void model.refresh();
        }
      });
      app.serviceManager.connectionFailure.connect(() => void model.refresh());
    });
    return model;
  }
};
