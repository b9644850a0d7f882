/**
 * The build that makes what a notebook carries: tells how it goes, and lets the notebook run on it in the end.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';

import type { IBuild } from '../../api/types';
import { showBuild, showProgress, STAYS, tellKept } from '../../commands/build-progress';
import { reasonText } from '../../components/stages';
import type { IVersionName } from '../../tokens';
import { titleOf } from '../title-words';
import type { IRestoreContext } from './context';
import { KernelWatch } from '../../model/kernel-watch';
import { runOn } from './run-on';

/** The build that each notebook waits for. */
const awaited = new WeakMap<NotebookPanel, number>();

/** Let a notebook wait for a build that goes on; tell where it does so already. */
export function waitFor(context: IRestoreContext, panel: NotebookPanel, build: IBuild): void {
  const { trans } = context;
  if (awaited.get(panel) === build.id) {
    Notification.info(trans.__('%1 is being built for %2.', build.name, titleOf(panel)), {
      autoClose: STAYS
    });
  } else {
    void followBuild(context, panel, build, null);
  }
}

/**
 * Follow a build until it has ended.
 *
 * @param made - The version whose files it makes, where that is there already.
 * @param isUsed - Whether the notebook's kernel may hold something that is not to be lost.
 * @returns Whether there is now a version for the notebook.
 */
export async function followBuild(
  context: IRestoreContext,
  panel: NotebookPanel,
  build: IBuild,
  made: IVersionName | null,
  isUsed = false
): Promise<boolean> {
  const { answers, app, trans } = context;
  const title = titleOf(panel);
  const watch = new KernelWatch(panel.sessionContext, isUsed);
  awaited.set(panel, build.id);
  const ended = await showProgress(context, build);
  awaited.delete(panel);
  watch.dispose();
  // It may have been renamed meanwhile.
  const { path } = panel.context;
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
  const { name, number } = version;
  if (!panel.isDisposed) {
    if (watch.isFree) {
      await runOn(context, panel, version);
    } else {
      tellKept(panel, version, () => runOn(context, panel, version), trans);
    }
    return true;
  }
  if (isOpen(app, path)) {
    // It was opened again meanwhile, and waits for the same build.
    return true;
  }
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

/** Whether a notebook is open in some tab. */
function isOpen({ shell }: JupyterFrontEnd, path: string): boolean {
  const paths = [...shell.widgets('main')].map(
    widget => (widget as { context?: { path?: string } }).context?.path
  );
  return paths.includes(path);
}

/** The version that a build has made; null while it has made none. */
export function versionOf({ namespace, name, version }: IBuild): IVersionName | null {
  return version === null ? null : { namespace, name, number: version };
}
