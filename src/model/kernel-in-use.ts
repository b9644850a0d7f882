/**
 * Which version a notebook's kernel runs.
 */
import type { ISessionContext } from '@jupyterlab/apputils';

import type { IKernelInUse } from '../tokens';
import type { RunningVersions } from './running-versions';

/** The kernel of a notebook, as people know it; null when it has none. */
export function kernelInUse(session: ISessionContext, versions: RunningVersions): IKernelInUse | null {
  const kernel = session.session?.kernel;
  if (!kernel) {
    return null;
  }
  const spec = session.specsManager.specs?.kernelspecs[kernel.name];
  const mark = spec?.metadata?.envstore as { environment?: string; version: number } | undefined;
  if (typeof mark?.environment !== 'string') {
    return { title: session.kernelDisplayName, environment: null, version: null, newer: null };
  }
  const { environment, version: started } = mark;
  const [, short] = environment.split('/');
  const runs = versions.version(kernel.id) ?? started;
  return {
    title: `${short} v${runs}`,
    environment,
    version: `${environment}@${runs}`,
    newer: runs === started ? null : started
  };
}
