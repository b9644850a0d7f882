/**
 * Restarting the kernel of the notebook in front, where it keeps an older version of an environment.
 */
import type { ISessionContext, ISessionContextDialogs } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';

import { keyOf } from '../model/environment-list';
import { kernelInUse } from '../model/kernel-in-use';
import type { RunningVersions } from '../model/running-versions';
import { isPinnedKernel } from './kernels';
import type { RestartFor } from './notifications';

/** What restarts the kernel of the notebook in front for a build, after asking. */
export function restartInFront(
  notebooks: Pick<INotebookTracker, 'currentWidget'>,
  versions: RunningVersions,
  dialogs: Pick<ISessionContextDialogs, 'restart'>
): RestartFor {
  return build => {
    const session: ISessionContext | undefined = notebooks.currentWidget?.sessionContext;
    const kernel = session && kernelInUse(session, versions);
    const follows =
      kernel?.environment?.toLowerCase() === keyOf(build) &&
      !isPinnedKernel(session?.session?.kernel?.name) &&
      !kernel.version?.endsWith(`@${build.version}`);
    return build.version !== null && session && follows
      ? () => {
          // The notebook may have been closed since.
          if (!session.isDisposed) {
            void dialogs.restart(session);
          }
        }
      : null;
  };
}
