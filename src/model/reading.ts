/**
 * How much is read, and how often where no event says that it is time.
 */
import type { IEnvironment, IPage } from '../api/types';
import type { IEnvironmentQuery, IEnvStoreClient } from '../tokens';

/** Rows of one answer: as many as the server gives. */
const PAGE = 500;

/** Rows that a person can live with in one list; of a greater store those changed last are read, and more by search. */
export const MOST_ROWS = 1000;

/** Milliseconds after which something is read again. */
const PATIENCE = {
  /** A build that goes on, in case events are lost. */
  build: 3_000,
  /** The list, in case an event was lost. */
  list: 30_000,
  /** The list, when the server did not answer. */
  away: 2_000
} as const;

/** Whether what was read `at` has to be read again. */
export function isDue(what: keyof typeof PATIENCE, at: number, now: number): boolean {
  return now - at >= PATIENCE[what];
}

/**
 * Read the environments that a query asks for, up to `MOST_ROWS` of them.
 */
export async function readEnvironments(
  client: IEnvStoreClient,
  query: IEnvironmentQuery = {},
  signal?: AbortSignal
): Promise<IPage<IEnvironment>> {
  const items: IEnvironment[] = [];
  let page: IPage<IEnvironment>;
  let cursor: string | undefined;
  do {
    page = await client.environments({ ...query, limit: PAGE, cursor }, signal);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor && items.length < MOST_ROWS);
  return { items, next: page.next, total: page.total };
}
