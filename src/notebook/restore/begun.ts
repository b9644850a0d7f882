/**
 * The build that goes on for the very lock that a notebook carries, as the server knows it. A page does not always: it was
 * loaded anew before the answer was kept, the notebook was renamed meanwhile, or the build was begun elsewhere.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { JSONExt, type JSONObject } from '@lumino/coreutils';

import { ACTIVE_STATES, type IBuild } from '../../api/types';
import type { IEnvStoreClient } from '../../tokens';

/** Of the builds that go on, so many are looked at. */
const MOST_LOOKED_AT = 10;

/** The build; null where there is none, or the server does not say. */
export async function findBegun(
  client: Pick<IEnvStoreClient, 'builds' | 'buildRequest'>,
  panel: NotebookPanel
): Promise<IBuild | null> {
  const packages = packagesOf(panel.model?.getMetadata('envstore')?.lockfile);
  if (packages === undefined) {
    return null;
  }
  const going = await client.builds({ state: [...ACTIVE_STATES] }).catch(() => null);
  const restoring = going?.items.filter(({ kind }) => kind === 'restore') ?? [];
  for (const build of restoring.slice(0, MOST_LOOKED_AT)) {
    const request = await client.buildRequest(build.id).catch(() => null);
    if (JSONExt.deepEqual(packagesOf(request?.lockfile) ?? null, packages)) {
      return build;
    }
  }
  return null;
}

/** What a lockfile consists of; undefined where it is none. */
function packagesOf(lockfile: unknown): JSONObject[] | undefined {
  const packages = (lockfile as { package?: unknown } | null | undefined)?.package;
  return Array.isArray(packages) ? packages : undefined;
}
