/**
 * The versions of an environment, the newest first; what a person changes shows at once.
 */
import { useEffect, useReducer, useState } from 'react';

import type { IEnvironment, IVersion } from '../api/types';
import { useEnvironmentContext } from './context';
import { usePages, type IPages } from './pages';
import { useRead } from './read';

export interface IVersionList extends Omit<IPages<IVersion>, 'items' | 'again'> {
  readonly versions: ReadonlyArray<IVersion>;
  /** Show a change of a version until the server has said how it went. */
  alter(number: number, change: Partial<IVersion>, done: Promise<unknown>): void;
}

/** How many versions an environment has, and the number of the newest; null while that is not known. */
export function useNewestVersion(environment: IEnvironment): { total: number; number: number } | null {
  const { client } = useEnvironmentContext();
  const { namespace, name, active_version: active } = environment;
  const again = useAgain();
  const key = active === null ? null : `${namespace}/${name} ${active} ${again}`;
  const page = useRead(key, () => client.versions(namespace, name, { limit: 1 })).value;
  return page && { total: page.total, number: page.items[0]?.number ?? 0 };
}

/** A number that changes when versions may have changed. */
function useAgain(): number {
  const { model } = useEnvironmentContext();
  const [again, readAgain] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    model.versionsChanged.connect(readAgain);
    return () => {
      model.versionsChanged.disconnect(readAgain);
    };
  }, [model]);
  return again;
}

export function useVersions(environment: IEnvironment): IVersionList {
  const { client } = useEnvironmentContext();
  const { namespace, name, active_version: active } = environment;
  const [changes, setChanges] = useState<ReadonlyMap<number, Partial<IVersion>>>(new Map());
  const { items, again, ...pages } = usePages(
    `${namespace}/${name} ${active} ${useAgain()}`,
    query => client.versions(namespace, name, query),
    version => version.number
  );

  const alter = (number: number, change: Partial<IVersion>, done: Promise<unknown>): void => {
    setChanges(before => new Map(before).set(number, change));
    // Only when the server's own word is there can ours go: else the row would jump back and forth.
    void done
      .catch(() => undefined)
      .then(again)
      .catch(() => undefined)
      .finally(() =>
        setChanges(before => new Map([...before].filter(([at, value]) => at !== number || value !== change)))
      );
  };

  const current = [...changes].find(([, change]) => change.active)?.[0] ?? active;
  return {
    ...pages,
    versions: items.map(item => ({
      ...item,
      ...changes.get(item.number),
      active: item.number === current
    })),
    alter
  };
}
