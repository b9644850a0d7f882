/**
 * Packages of pip by name. A package index knows exact names only, so nothing is searched there while one types.
 */
import { RequestError } from '../api/request';
import type { ISearchResult } from '../api/types';
import type { IEnvStoreClient } from '../tokens';
import { PYPI } from './suggestions';

/** Finds the package of exactly that name; null when there is none. */
export type ProjectLookup = (name: string, signal?: AbortSignal) => Promise<ISearchResult | null>;

/** Ask the package index for a project. */
export async function lookUpProject(
  client: Pick<IEnvStoreClient, 'package'>,
  name: string,
  signal?: AbortSignal
): Promise<ISearchResult | null> {
  try {
    return await client.package(name, { channel: [PYPI] }, signal);
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) {
      return null;
    }
    throw error;
  }
}
