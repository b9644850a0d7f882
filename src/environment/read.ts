/**
 * Hooks that read from the server what the model does not keep.
 */
import { useEffect, useReducer, useRef, useState } from 'react';

import { RequestError } from '../api/request';
import type { IEnvironment } from '../api/types';
import { useSignal } from '../components/use-model';
import { useEnvironmentContext } from './context';

/** What was read, or why it could not be. */
export interface IRead<T> {
  readonly value: T | null;
  readonly error: Error | null;
}

/** A number that changes when the server answers again after it was away. */
export function useReturns(): number {
  const { model } = useEnvironmentContext();
  const [returns, count] = useReducer((before: number) => before + 1, 0);
  useEffect(() => {
    let wasAway = model.connection.kind === 'failed';
    const look = (): void => {
      const isAway = model.connection.kind === 'failed';
      if (wasAway && !isAway) {
        count();
      }
      wasAway = isAway;
    };
    model.changed.connect(look);
    return () => {
      model.changed.disconnect(look);
    };
  }, [model]);
  return returns;
}

/**
 * Read something, and again when `key` changes or the server comes back. The value stays until the next one is there.
 *
 * @param key - Names what is read; null reads nothing.
 */
export function useRead<T>(key: string | null, read: () => Promise<T>): IRead<T> {
  const [state, setState] = useState<IRead<T>>({ value: null, error: null });
  const latest = useRef(read);
  latest.current = read;
  const returns = useReturns();
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
  }, [key, returns]);
  return state;
}

/** The environment as it is now; `isGone` when it does not exist any more. */
export function useEnvironment(
  namespace: string,
  name: string
): { value: IEnvironment | null; isGone: boolean } {
  const { model } = useEnvironmentContext();
  useSignal(model.changed);
  const listed = model.environment(namespace, name);
  // A store with thousands of environments lists only some of them.
  const key = listed ? null : `${namespace}/${name} ${model.readAt?.getTime() ?? ''}`;
  const { value, error } = useRead(key, () => model.read(namespace, name));
  const last = useRef<IEnvironment | null>(null);
  const isGone = !listed && error instanceof RequestError && error.status === 404;
  last.current = listed ?? (isGone ? null : (value ?? last.current));
  return { value: last.current, isGone };
}
