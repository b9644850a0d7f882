/**
 * The command that pins a notebook to a version: it then starts that version, whichever is active.
 */
import { Notification } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import { tellFailure } from '../components/failures';
import { pinIcon } from '../components/icons';
import { CommandIDs, type IVersionName } from '../tokens';
import { describe, isNamed } from './context';
import { kernelIn, kernelsOf, listKernel } from './kernels';
import { haveFiles } from './rebuilding';
import { hasVersion, VERSION_ARGS, versionOf, type IVersionContext } from './version-choice';

/** Milliseconds for which a change of the kernel can be undone with one click. */
const UNDO = 15_000;

export function addNotebookPinCommand(context: IVersionContext, notebooks: INotebookTracker | null): void {
  const { app, trans } = context;
  app.commands.addCommand(CommandIDs.pinNotebook, {
    label: args => {
      if (hasVersion(args)) {
        return trans.__('Pin this notebook to v%1', Number(args.version));
      }
      return isNamed(args) ? trans.__('Pin this notebook…') : trans.__('Pin This Notebook to a Version…');
    },
    caption: trans.__('Let the notebook that was in front last start a version, whichever is active'),
    icon: args => (isNamed(args) ? pinIcon : undefined),
    describedBy: describe(VERSION_ARGS),
    isEnabled: () => Boolean(notebooks?.currentWidget),
    execute: async args => {
      const notebook = notebooks?.currentWidget;
      const version =
        notebook && (await versionOf(context, args, trans.__('Pin this notebook to which version?')));
      return version ? pin(context, notebook, version) : undefined;
    }
  });
}

/** Pin a notebook to a version, whose files are built again first where they were freed. */
async function pin(
  context: IVersionContext,
  notebook: NotebookPanel,
  version: IVersionName
): Promise<string | undefined> {
  const { trans } = context;
  try {
    if (!(await haveFiles(context, notebook, version))) {
      return undefined;
    }
  } catch (error) {
    tellFailure(trans.__('%1 keeps the kernel it has.', notebook.title.label), error, trans);
    return undefined;
  }
  return runOnVersion(context, notebook, version);
}

/**
 * Let a notebook run on a version and stay with it.
 *
 * @returns The name of its kernel now; undefined when it has the one it had.
 */
export async function runOnVersion(
  context: Pick<IVersionContext, 'app' | 'client' | 'trans'>,
  notebook: NotebookPanel,
  version: IVersionName
): Promise<string | undefined> {
  const { app, client, trans } = context;
  const { sessionContext } = notebook;
  const title = notebook.title.label;
  const before = sessionContext.session?.kernel?.name ?? sessionContext.kernelPreference.name;
  try {
    const first = await client.kernel(version);
    await listKernel(app.serviceManager, first);
    // An environment may have kernels of several languages.
    const language = notebook.model?.defaultKernelLanguage;
    const kernel = language ? kernelIn(app.serviceManager, version, language, first) : first;
    if (notebook.isDisposed) {
      return undefined;
    }
    await sessionContext.changeKernel({ name: kernel });
    const isThere = before && app.serviceManager.kernelspecs.specs?.kernelspecs[before];
    // What the notebook followed before, where it followed this environment.
    const back = isThere && before !== kernel ? before : kernelsOf(app.serviceManager, version)[0];
    Notification.success(
      trans.__('%1 runs on %2 v%3 and stays with it.', title, version.name, version.number),
      {
        autoClose: UNDO,
        actions: back
          ? [
              {
                label: trans.__('Undo'),
                callback: () => void sessionContext.changeKernel({ name: back }).catch(() => undefined)
              }
            ]
          : []
      }
    );
    return kernel;
  } catch (error) {
    tellFailure(trans.__('%1 keeps the kernel it has.', title), error, trans);
    return undefined;
  }
}
