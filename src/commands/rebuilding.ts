/**
 * Has the files of a version here before a notebook runs on it. What was freed is built again, with the person's consent.
 */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';

import { reasonText } from '../components/stages';
import type { IVersionName } from '../tokens';
import { showBuild, showProgress } from './build-progress';
import { kernelNameOf } from './kernels';
import { RebuildQuestion } from './rebuild-question';
import type { IVersionContext } from './version-choice';

type RebuildContext = Pick<IVersionContext, 'app' | 'client' | 'model' | 'trans'>;

/** Milliseconds for which is told why there are no files. */
const STAYS = 12_000;

/** Notebooks for which files are being built. */
const waiting = new WeakSet<NotebookPanel>();

/**
 * Have the files of a version on the disk.
 *
 * @param notebook - The notebook that is to run on them.
 * @returns Whether it may run on them now: false when the person did not want them, they could not be built, or the
 * notebook was closed or given another kernel meanwhile. All of that is told.
 * @throws What the server says when it does not know the version, or refuses to build it.
 */
export async function haveFiles(
  context: RebuildContext,
  notebook: NotebookPanel,
  { namespace, name, number }: IVersionName
): Promise<boolean> {
  const { client, trans } = context;
  const version = await client.version(namespace, name, number);
  if (version.prefix_state === 'ready') {
    return true;
  }
  const { label: title } = notebook.title;
  if (waiting.has(notebook)) {
    Notification.info(trans.__('What %1 is to run on is being built already.', title), { autoClose: STAYS });
    return false;
  }
  const { button } = await showDialog({
    title: trans.__('Build %1 v%2 again?', name, number),
    body: new RebuildQuestion(version, title, trans),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Build') })],
    // The focus is on the harmless one.
    defaultButton: 0
  });
  if (!button.accept) {
    return false;
  }
  waiting.add(notebook);
  try {
    return await build(context, notebook, { namespace, name, number });
  } finally {
    waiting.delete(notebook);
  }
}

async function build(
  context: RebuildContext,
  notebook: NotebookPanel,
  version: IVersionName
): Promise<boolean> {
  const { model, trans } = context;
  const { label: title } = notebook.title;
  const { name, number } = version;
  const before = kernelNameOf(notebook);
  const ended = await showProgress(context, await model.repair(version));
  if (ended?.state === 'failed') {
    const reason = ended.error ? reasonText(ended.error, trans) : trans.__('The build failed');
    Notification.error(trans.__('%1 keeps the kernel it has. %2: %3.', title, name, reason), {
      autoClose: STAYS,
      actions: [{ label: trans.__('See why'), callback: () => showBuild(context, ended) }]
    });
  }
  if (ended?.state !== 'ready') {
    return false;
  }
  if (notebook.isDisposed || kernelNameOf(notebook) !== before) {
    Notification.success(trans.__('%1 v%2 is on disk again.', name, number), { autoClose: STAYS });
    return false;
  }
  return true;
}
