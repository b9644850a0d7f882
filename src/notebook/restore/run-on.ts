/**
 * Lets a notebook run on a version that is on the disk.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';

import { runOnVersion } from '../../commands/notebook-pin';
import { readReference } from '../../model/references';
import type { IVersionName } from '../../tokens';
import type { IRestoreContext } from './context';

/** Of the versions with the very same files, so many are looked at. */
const MOST_LOOKED_AT = 5;

/** The first of these versions whose files are on the disk; null when there is none. */
export async function findReady(
  { client }: Pick<IRestoreContext, 'client'>,
  references: ReadonlyArray<string>
): Promise<IVersionName | null> {
  for (const reference of references.slice(0, MOST_LOOKED_AT)) {
    const read = readReference(reference);
    const version = read && (await client.version(read.namespace, read.name, read.number).catch(() => null));
    if (version?.prefix_state === 'ready') {
      return { namespace: version.namespace, name: version.name, number: version.number };
    }
  }
  return null;
}

/** Let a notebook that is still open run on a version; false when it keeps the kernel it has, or has none. */
export async function runOn(
  context: IRestoreContext,
  panel: NotebookPanel,
  version: IVersionName
): Promise<boolean> {
  if (panel.isDisposed) {
    return false;
  }
  const { sessionContext } = panel;
  // The host may start kernels for it again.
  sessionContext.kernelPreference = { ...sessionContext.kernelPreference, shouldStart: true };
  return (await runOnVersion(context, panel, version)) !== undefined;
}
