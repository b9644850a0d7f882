/**
 * A long list of an environment, the newest first, read page by page.
 */
import { useEffect, useRef, useState } from 'react';

import type { IPage } from '../api/types';
import { useReturns } from './read';

/** Rows of the first page, and of each that follows. */
const PAGE = 50;
/** As many as the server gives in one answer. */
const MOST = 500;

/** A part of a list, from the newest on. */
export type Listing<T> = Pick<IPage<T>, 'items' | 'next' | 'total'>;

export interface IPages<T> {
  readonly items: ReadonlyArray<T>;
  /** How many there are in all. */
  readonly total: number;
  readonly isRead: boolean;
  readonly error: Error | null;
  /** Read those before the ones shown; null when there are none. */
  readonly more: (() => void) | null;
  /** Read what is shown again. */
  readonly again: () => Promise<void>;
}

/**
 * Read a list, and again when `key` changes or the server comes back.
 *
 * @param numberOf - The number of a row: newer ones have greater ones.
 */
export function usePages<T>(
  key: string,
  read: (query: { limit: number; cursor?: string }) => Promise<Listing<T>>,
  numberOf: (item: T) => number
): IPages<T> {
  const [listing, setListing] = useState<Listing<T> | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const returns = useReturns();
  // What was read stays as long as it was: reading again must not make the list shorter.
  const length = useRef(PAGE);
  const latest = useRef({ read, asked: 0 });
  latest.current.read = read;

  const again = async (): Promise<void> => {
    const turn = ++latest.current.asked;
    const page = await latest.current.read({ limit: Math.min(MOST, length.current) });
    if (turn === latest.current.asked) {
      setListing(before => joinPages(page, before, numberOf));
      setError(null);
    }
  };
  const more = async (cursor: string): Promise<void> => {
    const page = await latest.current.read({ limit: PAGE, cursor });
    length.current += PAGE;
    setListing(before => before && { ...page, items: [...before.items, ...page.items] });
    setError(null);
  };
  const fail = (reason: unknown): void =>
    setError(reason instanceof Error ? reason : new Error(String(reason)));
  useEffect(() => {
    again().catch(fail);
    return () => {
      latest.current.asked++;
    };
  }, [key, returns]);

  const next = listing?.next;
  return {
    items: listing?.items ?? [],
    total: listing?.total ?? 0,
    isRead: listing !== null,
    error,
    more: next ? () => void more(next).catch(fail) : null,
    again
  };
}

/** Put a reading of the newest before the older ones that were read earlier. */
export function joinPages<T>(
  page: Listing<T>,
  before: Listing<T> | null,
  numberOf: (item: T) => number
): Listing<T> {
  const oldest = page.items.at(-1);
  const last = oldest === undefined ? 0 : numberOf(oldest);
  const older = page.next === null ? [] : (before?.items ?? []).filter(item => numberOf(item) < last);
  return {
    items: [...page.items, ...older],
    next: older.length > 0 ? before!.next : page.next,
    total: page.total
  };
}
