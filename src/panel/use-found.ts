/**
 * What only the server knows of a filter: which environments have a package of that name, and, in a store too great to
 * be read whole, which others have it in their names.
 */
import { useEffect, useState } from 'react';

import type { IEnvironment } from '../api/types';
import { useDebounced } from '../components/use-model';
import { keyOf } from '../model/environment-list';
import type { IEnvStoreModel, IFindings } from '../tokens';

/** Milliseconds after the last letter before the server is asked. */
const PAUSE = 150;

export interface IFound {
  /** Those of the model, and what was found beside them. */
  readonly environments: ReadonlyArray<IEnvironment>;
  /** Keys of those that have the package; null while that is not known. */
  readonly withPackage: ReadonlySet<string> | null;
  /** Whether the answer is still to come. */
  readonly searching: boolean;
}

interface IAnswer extends IFindings {
  readonly filter: string;
}

export function useFound(model: IEnvStoreModel, filter: string): IFound {
  const wanted = filter.trim();
  const settled = useDebounced(wanted, PAUSE);
  const [answer, setAnswer] = useState<IAnswer | null>(null);
  const readAt = model.readAt?.getTime();

  useEffect(() => {
    if (!settled) {
      return;
    }
    const stop = new AbortController();
    model.find(settled, stop.signal).then(
      ({ environments, withPackage }) => setAnswer({ filter: settled, withPackage, environments }),
      // The names that are known here are found all the same; the banner says that the server is away.
      () => !stop.signal.aborted && setAnswer({ filter: settled, withPackage: new Set(), environments: [] })
    );
    return () => stop.abort();
  }, [model, settled, readAt]);

  const known = model.environments;
  if (!wanted || !answer || answer.filter !== wanted) {
    return { environments: known, withPackage: null, searching: wanted !== '' };
  }
  const all = new Map([...answer.environments, ...known].map(item => [keyOf(item), item]));
  return {
    environments: all.size > known.length ? [...all.values()] : known,
    withPackage: answer.withPackage,
    searching: false
  };
}
