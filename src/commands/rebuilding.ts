/**
 * Has the files of a version here before a notebook runs on it. What was freed is built again, with the person's consent.
 */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';

import { reasonText } from '../components/stages';
import { KernelWatch } from '../model/kernel-watch';
import { titleOf } from '../notebook/title-words';
import type { IVersionName } from '../tokens';
import { showBuild, showProgress, STAYS, tellKept } from './build-progress';
import { RebuildQuestion } from './rebuild-question';
import type { IVersionContext } from './version-choice';

type RebuildContext = Pick<IVersionContext, 'app' | 'client' | 'model' | 'trans'>;

/** Notebooks for which files are being built. */
const waiting = new WeakSet<NotebookPanel>();

/**
 * Let a notebook run on a version as soon as the files of that are on the disk.
 *
 * @param go - Gives it the kernel, whose name it answers. Where the kernel that it has was used meanwhile, that is not
 * taken away: the person is told, and offered it.
 * @returns What `go` answers; undefined when it was not called. Why, the person knows or is told.
 * @throws What the server says when it does not know the version, or refuses to build it.
 */
export async function withFiles(
  context: RebuildContext,
  notebook: NotebookPanel,
  { namespace, name, number }: IVersionName,
  go: () => Promise<string | undefined>
): Promise<string | undefined> {
  const { client, trans } = context;
  const version = await client.version(namespace, name, number);
  if (version.prefix_state === 'ready') {
    return go();
  }
  const title = titleOf(notebook);
  if (waiting.has(notebook)) {
    Notification.info(trans.__('What %1 is to run on is being built already.', title), { autoClose: STAYS });
    return undefined;
  }
  const { button } = await showDialog({
    title: trans.__('Build %1 v%2 again?', name, number),
    body: new RebuildQuestion(version, title, trans),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Build') })],
    // The focus is on the harmless one.
    defaultButton: 0
  });
  if (!button.accept) {
    return undefined;
  }
  waiting.add(notebook);
  try {
    return await build(context, notebook, { namespace, name, number }, go);
  } finally {
    waiting.delete(notebook);
  }
}

async function build(
  context: RebuildContext,
  notebook: NotebookPanel,
  version: IVersionName,
  go: () => Promise<string | undefined>
): Promise<string | undefined> {
  const { model, trans } = context;
  const begun = await model.repair(version);
  const watch = new KernelWatch(notebook.sessionContext, false);
  const ended = await showProgress(context, begun);
  watch.dispose();
  if (ended?.state === 'failed') {
    const reason = ended.error ? reasonText(ended.error, trans) : trans.__('The build failed');
    Notification.error(
      trans.__('%1 keeps the kernel it has. %2: %3.', titleOf(notebook), version.name, reason),
      {
        autoClose: STAYS,
        actions: [{ label: trans.__('See why'), callback: () => showBuild(context, ended) }]
      }
    );
  }
  if (ended?.state !== 'ready') {
    return undefined;
  }
  if (!notebook.isDisposed && watch.isFree) {
    return go();
  }
  if (notebook.isDisposed) {
    const name = trans.__('%1 v%2', version.name, version.number);
    Notification.success(trans.__('%1 is on disk again.', name), { autoClose: STAYS });
  } else {
    tellKept(notebook, version, go, trans);
  }
  return undefined;
}
