/**
 * Hooks that read from the server what the model does not keep: one environment, its builds, and other things once.
 */
import { useEffect, useRef, useState } from 'react';

import { RequestError } from '../api/request';
import type { IBuild, IEnvironment } from '../api/types';
import { useSignal } from '../components/use-model';
import { useEnvironmentContext } from './context';

/** What was read, or why it could not be. */
export interface IRead<T> {
  readonly value: T | null;
  readonly error: Error | null;
}

/**
 * Read something, and again when `key` changes. The value stays until the next one is there.
 *
 * @param key - Names what is read; null reads nothing.
 */
export function useRead<T>(key: string | null, read: () => Promise<T>): IRead<T> {
  const [state, setState] = useState<IRead<T>>({ value: null, error: null });
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    if (key === null) {
      return;
    }
    let isWanted = true;
    latest.current().then(
      value => isWanted && setState({ value, error: null }),
      (error: unknown) =>
        isWanted &&
        setState(({ value }) => ({ value, error: error instanceof Error ? error : new Error(String(error)) }))
    );
    return () => {
      isWanted = false;
    };
  }, [key]);
  return state;
}

/** The environment as it is now; `isGone` when it does not exist any more. */
export function useEnvironment(
  namespace: string,
  name: string
): { value: IEnvironment | null; isGone: boolean } {
  const { model, client } = useEnvironmentContext();
  useSignal(model.changed);
  const listed = model.environment(namespace, name);
  // A store with thousands of environments lists only some of them.
  const key = listed ? null : `${namespace}/${name} ${model.readAt?.getTime() ?? ''}`;
  const { value, error } = useRead(key, () => client.environment(namespace, name));
  const last = useRef<IEnvironment | null>(null);
  const isGone = !listed && error instanceof RequestError && error.status === 404;
  last.current = listed ?? (isGone ? null : (value ?? last.current));
  return { value: last.current, isGone };
}

/** The builds of an environment, the newest first, each as it is now. */
export function useBuilds(environment: IEnvironment): {
  builds: IBuild[];
  total: number;
  error: Error | null;
} {
  const { model, client } = useEnvironmentContext();
  useSignal(model.changed);
  const { namespace, name, build } = environment;
  const key = `${namespace}/${name} ${build?.id} ${build?.state} ${environment.active_version}`;
  const { value, error } = useRead(key, () =>
    client.builds({ environment: `${namespace}/${name}`, limit: 100 })
  );
  const listed = value?.items ?? [];
  const isNew = build && !listed.some(item => item.id === build.id);
  const all = isNew ? [build, ...listed] : listed;
  return {
    builds: all.map(item => {
      const known = model.build(item.id);
      return known && known.sequence >= item.sequence ? known : item;
    }),
    total: (value?.total ?? 0) + (isNew ? 1 : 0),
    error
  };
}
