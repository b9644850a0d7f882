/**
 * Waits for a check of the platforms of a version.
 */
import { RequestError } from '../api/request';
import type { IPlatformOverview } from '../api/types';
import type { IEnvStoreClient, IVersionName } from '../tokens';
import { awaitEnd, pause } from './waiting';

/** Of a failed check, as of any request that is understood and cannot be fulfilled. */
const UNPROCESSABLE = 422;

/**
 * Return on which platforms a version can be had, after those that are named were tried.
 *
 * @param wait - Waits between two looks.
 * @throws `RequestError` when the check fails as such; an `AbortError` when `signal` ended it.
 */
export async function awaitPlatforms(
  client: Pick<IEnvStoreClient, 'checkPlatforms' | 'platformCheck' | 'cancelPlatformCheck'>,
  version: IVersionName,
  platforms: ReadonlyArray<string>,
  signal?: AbortSignal,
  wait: () => Promise<void> = pause
): Promise<IPlatformOverview> {
  const { overview, error } = await awaitEnd(
    {
      begin: ended => client.checkPlatforms(version, platforms, ended),
      look: (id, ended) => client.platformCheck(id, ended),
      giveUp: id => client.cancelPlatformCheck(id),
      isGoingOn: ({ state }) => state === 'checking'
    },
    signal,
    wait
  );
  if (overview) {
    return overview;
  }
  const { code, message, details } = error ?? {
    code: 'cancelled',
    message: 'The check was cancelled.',
    details: {}
  };
  throw new RequestError(UNPROCESSABLE, code, message, details);
}
