/**
 * On which platforms a version can be had: what is known, and a check of others.
 */
import { useEffect, useRef, useState } from 'react';

import { isAborted, toReport } from '../api/request';
import type { IErrorReport, IPlatformOverview } from '../api/types';
import { referenceOf } from '../model/references';
import type { IVersionName } from '../tokens';
import { useEnvironmentContext } from './context';
import { useRead } from './read';

/** A check that goes on. */
export interface IChecking {
  readonly platforms: ReadonlyArray<string>;
  /** When it was asked for, in milliseconds. */
  readonly began: number;
}

export interface ICoverage {
  /** Null while nothing is known. */
  readonly overview: IPlatformOverview | null;
  /** Why nothing is known, or why the last check failed. */
  readonly error: IErrorReport | null;
  readonly checking: IChecking | null;
  /** Platforms that the last check was about; empty before the first. */
  readonly checked: ReadonlyArray<string>;
  check(platforms: ReadonlyArray<string>): void;
  cancel(): void;
}

interface IFound {
  readonly key: string;
  readonly overview: IPlatformOverview;
  readonly platforms: ReadonlyArray<string>;
}

export function useCoverage(version: IVersionName): ICoverage {
  const { client, model } = useEnvironmentContext();
  const key = referenceOf(version.namespace, version.name, version.number);
  const known = useRead(key, () => client.platforms(version));
  const [found, setFound] = useState<IFound | null>(null);
  const [failure, setFailure] = useState<IErrorReport | null>(null);
  const [checking, setChecking] = useState<IChecking | null>(null);
  const current = useRef<AbortController | null>(null);
  const cancel = (): void => {
    current.current?.abort();
    current.current = null;
    setChecking(null);
  };
  useEffect(() => {
    setFailure(null);
    // Nobody looks at this version any more.
    return cancel;
  }, [key]);

  const check = (platforms: ReadonlyArray<string>): void => {
    cancel();
    const controller = new AbortController();
    current.current = controller;
    setFailure(null);
    setChecking({ platforms, began: Date.now() });
    const end = (show: () => void): void => {
      if (current.current === controller) {
        setChecking(null);
        show();
      }
    };
    model.checkPlatforms(version, platforms, controller.signal).then(
      overview => end(() => setFound({ key, overview, platforms })),
      (error: unknown) => end(() => setFailure(isAborted(error) ? null : toReport(error)))
    );
  };
  // What was read last is of the version before until its own is there.
  const read = known.value?.reference === key ? known.value : null;
  const last = found?.key === key ? found : null;
  return {
    overview: last?.overview ?? read,
    error: failure ?? (read || !known.error ? null : toReport(known.error)),
    checking,
    checked: last?.platforms ?? [],
    check,
    cancel
  };
}
