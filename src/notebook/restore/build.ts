/**
 * The build that makes what a notebook carries: tells how it goes, and lets the notebook run on it in the end.
 */
import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';

import type { IBuild } from '../../api/types';
import { showBuild, showProgress } from '../../commands/build-progress';
import { reasonText } from '../../components/stages';
import type { IVersionName } from '../../tokens';
import type { IRestoreContext } from './context';
import { runOn } from './run-on';

/** Milliseconds for which is told how it ended. */
const STAYS = 12_000;

/**
 * Follow a build until it has ended.
 *
 * @param made - The version whose files it makes, where that is there already.
 * @returns Whether there is now a version for the notebook.
 */
export async function followBuild(
  context: IRestoreContext,
  panel: NotebookPanel,
  build: IBuild,
  made: IVersionName | null
): Promise<boolean> {
  const { answers, app, trans } = context;
  const { path } = panel.context;
  const title = panel.title.label;
  const ended = await showProgress(context, build);
  await answers.forget(path);
  if (ended?.state === 'failed') {
    const reason = ended.error ? reasonText(ended.error, trans) : trans.__('The build failed');
    Notification.error(trans.__('%1 has no environment yet. %2: %3.', title, ended.name, reason), {
      autoClose: STAYS,
      actions: [{ label: trans.__('See why'), callback: () => showBuild(context, ended) }]
    });
  }
  const version = ended?.state === 'ready' ? (made ?? versionOf(ended)) : null;
  if (version === null) {
    return false;
  }
  if (!panel.isDisposed) {
    await runOn(context, panel, version);
    return true;
  }
  const { name, number } = version;
  Notification.success(
    trans.__('%1 v%2 is ready. %3 runs on it when it is opened again.', name, number, title),
    {
      autoClose: STAYS,
      actions: [
        {
          label: trans.__('Open'),
          callback: () => void app.commands.execute('docmanager:open', { path })
        }
      ]
    }
  );
  return true;
}

/** The version that a build has made; null while it has made none. */
export function versionOf({ namespace, name, version }: IBuild): IVersionName | null {
  return version === null ? null : { namespace, name, number: version };
}
