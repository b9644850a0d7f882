/**
 * The commands that pin a notebook to a version, which it then starts whichever is active, and let it follow the active
 * one again.
 */
import { Notification } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { tellFailure } from '../components/failures';
import { pinIcon } from '../components/icons';
import { keyOf } from '../model/environment-list';
import { titleOf } from '../notebook/title-words';
import { CommandIDs, type IVersionName } from '../tokens';
import { describe, isNamed } from './context';
import { followingKernel, kernelIn, kernelNameOf, kernelsOf, listKernel, pinnedTo } from './kernels';
import { withFiles } from './rebuilding';
import { hasVersion, VERSION_ARGS, versionOf, type IVersionContext } from './version-choice';

/** Milliseconds for which a change of the kernel can be undone with one click. */
const UNDO = 15_000;

export function addNotebookPinCommands(context: IVersionContext, notebooks: INotebookTracker | null): void {
  const { app, trans } = context;
  const { commands, serviceManager } = app;

  commands.addCommand(CommandIDs.pinNotebook, {
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

  const isPinned = (args: ReadonlyPartialJSONObject): boolean => {
    const notebook = notebooks?.currentWidget;
    const pinned = notebook ? pinnedTo(serviceManager, kernelNameOf(notebook)) : null;
    return pinned !== null && isMeant(pinned, args);
  };
  commands.addCommand(CommandIDs.unpinNotebook, {
    label: args =>
      isNamed(args)
        ? trans.__('Unpin this notebook')
        : trans.__('Unpin This Notebook to Follow the Active Version'),
    caption: trans.__('Let the notebook that was in front last start whichever version is active'),
    describedBy: describe({
      namespace: { type: 'string', description: 'Only from a version of an environment of this namespace.' },
      name: { type: 'string', description: 'Only from a version of the environment of this name.' },
      version: { type: 'integer', description: 'Only from the version of this number.' }
    }),
    isEnabled: isPinned,
    // In the menu of an environment it is about that one.
    isVisible: args => !isNamed(args) || isPinned(args),
    execute: async args => {
      const notebook = notebooks?.currentWidget;
      return notebook && isPinned(args) ? unpin(context, notebook) : undefined;
    }
  });

  const tell = (): void => commands.notifyCommandChanged(CommandIDs.unpinNotebook);
  notebooks?.currentChanged.connect((_, notebook) => {
    tell();
    // Connecting what is connected does nothing.
    notebook?.sessionContext.kernelChanged.connect(tell);
  });
}

/** Whether a version is the one that arguments name, as far as they do. */
function isMeant(version: IVersionName, args: ReadonlyPartialJSONObject): boolean {
  const { namespace = version.namespace, name = version.name, version: number = version.number } = args;
  return (
    keyOf({ namespace: String(namespace), name: String(name) }) === keyOf(version) &&
    number === version.number
  );
}

/** Pin a notebook to a version, whose files are built again first where they were freed. */
async function pin(
  context: IVersionContext,
  notebook: NotebookPanel,
  version: IVersionName
): Promise<string | undefined> {
  try {
    return await withFiles(context, notebook, version, () => runOnVersion(context, notebook, version));
  } catch (error) {
    tellFailure(context.trans.__('%1 keeps the kernel it has.', titleOf(notebook)), error, context.trans);
    return undefined;
  }
}

/**
 * Let a notebook follow the environment of the version that it is pinned to.
 *
 * @returns The name of its kernel now; undefined when it has the one it had.
 */
async function unpin(context: IVersionContext, notebook: NotebookPanel): Promise<string | undefined> {
  const { app, trans } = context;
  const { kernelspecs } = app.serviceManager;
  const title = titleOf(notebook);
  const pinned = kernelNameOf(notebook);
  const { namespace, name } = pinnedTo(app.serviceManager, pinned)!;
  try {
    // The browser's list of kernels may be a minute old, and another version active by now.
    await kernelspecs.refreshSpecs();
    const language = notebook.model?.defaultKernelLanguage ?? '';
    const kernel = followingKernel(app.serviceManager, { namespace, name }, pinned, language);
    if (kernel === undefined) {
      Notification.error(
        trans.__('%1 keeps the kernel it has: %2 has none that it could follow.', title, name),
        { autoClose: 10_000 }
      );
      return undefined;
    }
    const mark = kernelspecs.specs?.kernelspecs[kernel]?.metadata?.envstore as { version: number };
    const active = { namespace, name, number: mark.version };
    return await withFiles(context, notebook, active, () =>
      switchKernel(
        notebook,
        kernel,
        trans.__('%1 runs on %2 v%3 and follows the active version from now on.', title, name, active.number),
        pinned,
        trans
      )
    );
  } catch (error) {
    tellFailure(trans.__('%1 keeps the kernel it has.', title), error, trans);
    return undefined;
  }
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
  const title = titleOf(notebook);
  const before = kernelNameOf(notebook);
  try {
    const first = await client.kernel(version);
    await listKernel(app.serviceManager, first);
    // An environment may have kernels of several languages.
    const language = notebook.model?.defaultKernelLanguage;
    const kernel = language ? kernelIn(app.serviceManager, version, language, first) : first;
    const words = trans.__('%1 runs on %2 v%3 and stays with it.', title, version.name, version.number);
    // What the notebook followed before, where it followed this environment.
    const isThere = before && app.serviceManager.kernelspecs.specs?.kernelspecs[before];
    const back = isThere && before !== kernel ? before : kernelsOf(app.serviceManager, version)[0];
    return await switchKernel(notebook, kernel, words, back, trans);
  } catch (error) {
    tellFailure(trans.__('%1 keeps the kernel it has.', title), error, trans);
    return undefined;
  }
}

/**
 * Give a notebook that is still open another kernel, and tell it.
 *
 * @param back - The kernel that undoing it gives; undefined when there is none.
 * @returns The name of its kernel now; undefined when it was closed.
 */
async function switchKernel(
  notebook: NotebookPanel,
  kernel: string,
  words: string,
  back: string | undefined,
  trans: TranslationBundle
): Promise<string | undefined> {
  if (notebook.isDisposed) {
    return undefined;
  }
  const { sessionContext } = notebook;
  const running = sessionContext.session?.kernel;
  if (running?.name === kernel && running.status !== 'dead') {
    // The host would start it anew, and what was run in it would be lost.
    Notification.success(words, { autoClose: UNDO });
    return kernel;
  }
  await sessionContext.changeKernel({ name: kernel });
  const undo = {
    label: trans.__('Undo'),
    callback: () => {
      // The notification can be found long after: another kernel by then is somebody's choice.
      if (sessionContext.session?.kernel?.name === kernel) {
        sessionContext
          .changeKernel({ name: back })
          .catch(error =>
            tellFailure(trans.__('%1 keeps the kernel it has.', titleOf(notebook)), error, trans)
          );
      }
    }
  };
  Notification.success(words, { autoClose: UNDO, actions: back ? [undo] : [] });
  return kernel;
}
