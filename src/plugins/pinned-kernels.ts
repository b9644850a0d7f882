/**
 * The plugin that makes the kernel of a notebook which is pinned to a version: such a kernel goes when it was not used
 * for long, and comes again with the notebook.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISessionContextDialogs } from '@jupyterlab/apputils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';

import { tellFailure } from '../components/failures';
import { DOMAIN } from '../components/translation';
import { readPinnedKernel } from '../commands/kernels';
import { IEnvStoreClient } from '../tokens';

export const pinnedKernelsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envstore:pinned-kernels',
  description: 'Makes the kernels of notebooks that are pinned to a version.',
  autoStart: true,
  requires: [IEnvStoreClient, INotebookTracker],
  optional: [ITranslator, ISessionContextDialogs],
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    notebooks: INotebookTracker,
    translator: ITranslator | null,
    dialogs: ISessionContextDialogs | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    notebooks.widgetAdded.connect((_, panel) => {
      // Not awaited by anybody: a notebook is shown before it has a kernel.
      void panel.context.ready.then(() => provideKernel(app, client, panel, dialogs, trans));
    });
  }
};

/** Where a notebook names the kernel of a version, and there is none of that name: make it, then start it. */
async function provideKernel(
  app: JupyterFrontEnd,
  client: IEnvStoreClient,
  panel: NotebookPanel,
  dialogs: ISessionContextDialogs | null,
  trans: TranslationBundle
): Promise<void> {
  const { kernelspecs } = app.serviceManager;
  const named = (panel.content.model?.getMetadata('kernelspec') as { name?: unknown } | undefined)?.name;
  const version = readPinnedKernel(named);
  if (!version || kernelspecs.specs?.kernelspecs[String(named)]) {
    return;
  }
  const { sessionContext } = panel;
  // The host is about to ask which kernel to take instead: it need not.
  sessionContext.kernelPreference = { ...sessionContext.kernelPreference, shouldStart: false };
  try {
    await sessionContext.ready;
    const kernel = await client.kernel(version);
    await kernelspecs.refreshSpecs();
    sessionContext.kernelPreference = { ...sessionContext.kernelPreference, shouldStart: true };
    if (!panel.isDisposed && !sessionContext.session?.kernel) {
      await sessionContext.changeKernel({ name: kernel });
    }
  } catch (error) {
    if (panel.isDisposed) {
      return;
    }
    const title = `${version.namespace}/${version.name} v${version.number}`;
    tellFailure(trans.__('%1 runs on %2, which is not there.', panel.title.label, title), error, trans);
    sessionContext.kernelPreference = { ...sessionContext.kernelPreference, shouldStart: true };
    await dialogs?.selectKernel(sessionContext);
  }
}
