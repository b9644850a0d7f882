/**
 * How many kernels of an environment run, and on which version where that is not the active one.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * @param running - The version that each of them runs.
 */
export function runningText(
  running: ReadonlyArray<number>,
  active: number | null,
  trans: TranslationBundle
): string {
  const count = running.length;
  const others = running.filter(version => version !== active);
  const titles = [...new Set(others)]
    .sort((a, b) => a - b)
    .map(version => trans.__('v%1', version))
    .join(', ');
  if (count === 0) {
    return trans.__('no kernel running');
  }
  if (others.length === 0) {
    return trans._n('%1 kernel running', '%1 kernels running', count);
  }
  return others.length === count
    ? trans._n('%1 kernel running on %2', '%1 kernels running on %2', count, titles)
    : trans.__('%1 kernels running, %2 of them on %3', count, others.length, titles);
}
