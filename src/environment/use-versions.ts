/**
 * The versions of an environment, the newest first, read page by page; what a person changes shows at once.
 */
import { useEffect, useReducer, useRef, useState } from 'react';

import type { IEnvironment, IVersion } from '../api/types';
import { useEnvironmentContext } from './context';
import { useRead } from './read';

/** Versions of the first page, and of each that follows. */
const PAGE = 50;
/** As many as the server gives in one answer. */
const MOST = 500;

export interface IVersionList {
  readonly versions: ReadonlyArray<IVersion>;
  readonly total: number;
  readonly isRead: boolean;
  readonly error: Error | null;
  /** Read the versions before those shown; null when there are none. */
  readonly more: (() => void) | null;
  /** Show a change of a version until the server has said how it went. */
  alter(number: number, change: Partial<IVersion>, done: Promise<unknown>): void;
}

/** How many versions an environment has; undefined while that is not known. */
export function useVersionCount(environment: IEnvironment): number | undefined {
  const { client } = useEnvironmentContext();
  const { namespace, name, active_version: active } = environment;
  const { again } = useAgain();
  const key = active === null ? null : `${namespace}/${name} ${active} ${again}`;
  return useRead(key, () => client.versions(namespace, name, { limit: 1 })).value?.total;
}

/** A number that changes when versions may have changed, and a way to change it. */
function useAgain(): { again: number; readAgain: () => void } {
  const { model } = useEnvironmentContext();
  const [again, readAgain] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    model.versionsChanged.connect(readAgain);
    return () => {
      model.versionsChanged.disconnect(readAgain);
    };
  }, [model]);
  return { again, readAgain };
}

/** A part of the versions, from the newest on. */
export interface IListing {
  readonly items: ReadonlyArray<IVersion>;
  readonly next: string | null;
  readonly total: number;
}

export function useVersions(environment: IEnvironment): IVersionList {
  const { client } = useEnvironmentContext();
  const { namespace, name, active_version: active } = environment;
  const [listing, setListing] = useState<IListing | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [changes, setChanges] = useState<ReadonlyMap<number, Partial<IVersion>>>(new Map());
  const { again, readAgain } = useAgain();
  // What was read stays as long as it was: reading again must not make the list shorter.
  const length = useRef(PAGE);
  useEffect(() => {
    let isWanted = true;
    client.versions(namespace, name, { limit: Math.min(MOST, length.current) }).then(
      page => {
        if (isWanted) {
          setListing(before => joinPages(page, before));
          setError(null);
        }
      },
      (reason: unknown) => isWanted && setError(reason instanceof Error ? reason : new Error(String(reason)))
    );
    return () => {
      isWanted = false;
    };
  }, [client, namespace, name, active, again]);

  const more = async (): Promise<void> => {
    if (!listing?.next) {
      return;
    }
    try {
      const page = await client.versions(namespace, name, { limit: PAGE, cursor: listing.next });
      length.current += PAGE;
      setListing(before => before && { ...page, items: [...before.items, ...page.items] });
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    }
  };

  const alter = (number: number, change: Partial<IVersion>, done: Promise<unknown>): void => {
    setChanges(before => new Map(before).set(number, change));
    const settle = async (): Promise<void> => {
      await done.catch(() => undefined);
      // Only when the server's own word is there can ours go: else the row would jump back and forth.
      const page = await client.versions(namespace, name, { limit: Math.min(MOST, length.current) });
      setListing(before => joinPages(page, before));
    };
    void settle()
      .catch(readAgain)
      .finally(() =>
        setChanges(before => new Map([...before].filter(([at, value]) => at !== number || value !== change)))
      );
  };

  const items = listing?.items ?? [];
  const current = [...changes].find(([, change]) => change.active)?.[0] ?? active;
  return {
    versions: items.map(item => ({
      ...item,
      ...changes.get(item.number),
      active: item.number === current
    })),
    total: listing?.total ?? 0,
    isRead: listing !== null,
    error,
    more: listing?.next ? () => void more() : null,
    alter
  };
}

/** Put a reading of the newest versions before the older ones that were read earlier. */
export function joinPages(page: IListing, before: IListing | null): IListing {
  const last = page.items.at(-1)?.number ?? 0;
  const older = page.next === null ? [] : (before?.items ?? []).filter(item => item.number < last);
  return {
    items: [...page.items, ...older],
    next: older.length > 0 ? before!.next : page.next,
    total: page.total
  };
}
