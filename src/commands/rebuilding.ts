/**
 * Has the files of a version here before a notebook runs on it. What was freed is built again, with the person's consent.
 */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';

import { reasonText } from '../components/stages';
import type { IVersionName } from '../tokens';
import { showBuild, showProgress } from './build-progress';
import { RebuildQuestion } from './rebuild-question';
import type { IVersionContext } from './version-choice';

/** Milliseconds for which is told why there are no files. */
const STAYS = 12_000;

/**
 * Have the files of a version on the disk.
 *
 * @param notebook - The notebook that is to run on them.
 * @returns Whether they are there: false when the person did not want them, or they could not be built, which is told.
 * @throws What the server says when it does not know the version, or refuses to build it.
 */
export async function haveFiles(
  context: Pick<IVersionContext, 'app' | 'client' | 'model' | 'trans'>,
  notebook: NotebookPanel,
  { namespace, name, number }: IVersionName
): Promise<boolean> {
  const { client, model, trans } = context;
  const version = await client.version(namespace, name, number);
  if (version.prefix_state === 'ready') {
    return true;
  }
  const { label: title } = notebook.title;
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
  const ended = await showProgress(context, await model.repair({ namespace, name, number }));
  if (ended?.state === 'failed') {
    const reason = ended.error ? reasonText(ended.error, trans) : trans.__('The build failed');
    Notification.error(trans.__('%1 keeps the kernel it has. %2: %3.', title, name, reason), {
      autoClose: STAYS,
      actions: [{ label: trans.__('See why'), callback: () => showBuild(context, ended) }]
    });
  } else if (ended?.state === 'ready' && notebook.isDisposed) {
    Notification.success(trans.__('%1 v%2 is on disk again.', name, number), { autoClose: STAYS });
  }
  return ended?.state === 'ready';
}
