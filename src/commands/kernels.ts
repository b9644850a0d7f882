/**
 * Which kernels an environment has, as Jupyter's own list of kernels says.
 */
import type { ServiceManager } from '@jupyterlab/services';

import { keyOf } from '../model/environment-list';

/** Names of the kernels of an environment's active version, that of Python's first. */
export function kernelsOf(
  { kernelspecs }: ServiceManager.IManager,
  environment: { namespace: string; name: string }
): string[] {
  const key = keyOf(environment);
  const marks = Object.entries(kernelspecs.specs?.kernelspecs ?? {}).map(([name, spec]) => ({
    name,
    mark: spec?.metadata?.envstore as { environment?: unknown; pinned?: unknown } | undefined
  }));
  return marks
    .filter(({ mark }) => String(mark?.environment).toLowerCase() === key && mark?.pinned !== true)
    .map(({ name }) => name)
    .sort((a, b) => a.length - b.length);
}
