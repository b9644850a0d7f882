/**
 * Looks a name up on the package index when it was entered, and knows what came of it.
 */
import { useEffect, useRef, useState } from 'react';

import { isAborted } from '../api/request';
import type { ISearchResult } from '../api/types';
import type { ProjectLookup } from './projects';

/** How it stands with the name that was looked up last. */
export type LookupState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking' | 'missing'; readonly name: string }
  | { readonly kind: 'source'; readonly name: string; readonly found: ISearchResult }
  | { readonly kind: 'failed'; readonly name: string; readonly error: Error };

export interface IProjectLookup {
  readonly state: LookupState;
  /** Look a name up, and take it when it is there; what is there only as source is shown first. */
  ask(name: string, take: (name: string) => void): void;
  /** What was asked does not matter any more. */
  forget(): void;
}

const IDLE: LookupState = { kind: 'idle' };

export function useProjectLookup(lookUp: ProjectLookup | null): IProjectLookup {
  const [state, setState] = useState<LookupState>(IDLE);
  const current = useRef<AbortController | null>(null);
  const forget = (): void => {
    current.current?.abort();
    current.current = null;
    setState(IDLE);
  };
  useEffect(() => () => current.current?.abort(), []);

  const ask = (name: string, take: (name: string) => void): void => {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    setState({ kind: 'asking', name });
    lookUp?.(name, controller.signal).then(
      found => {
        if (controller.signal.aborted) {
          return;
        }
        if (found?.source_only) {
          setState({ kind: 'source', name, found });
          return;
        }
        setState(found ? IDLE : { kind: 'missing', name });
        if (found) {
          take(found.name);
        }
      },
      (error: Error) => {
        if (!controller.signal.aborted && !isAborted(error)) {
          setState({ kind: 'failed', name, error });
        }
      }
    );
  };
  return { state, ask, forget };
}
