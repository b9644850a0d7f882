/**
 * What a field does that searches packages while one types: the list below it, and the keys that choose from it.
 */
import { useState } from 'react';

import type { ISearchResult } from '../api/types';
import { parseRequirement, parseRequirements, type IRequirement } from './requirement';
import { useAnswer } from './search';

const SEARCH_DELAY = 150;
const MIN_LETTERS = 2;

/** Finds packages whose name has the given part. */
export type PackageSearch = (part: string, signal?: AbortSignal) => Promise<ReadonlyArray<ISearchResult>>;

export interface IPackageSearchField {
  /** What stands in the field. */
  readonly typed: string;
  /** The name in it, as far as it is typed. */
  readonly part: string;
  /** What the list shows, and which of it is chosen. */
  readonly found: ReadonlyArray<ISearchResult>;
  readonly chosen: number;
  readonly isOpen: boolean;
  /** Whether the search found nothing, or failed with `error`. */
  readonly isInVain: boolean;
  readonly error: Error | null;

  type(text: string): void;
  close(): void;
  pick(result: ISearchResult): void;
  /** Add what is typed as it stands; false when it is no requirement. */
  commit(): boolean;
  /** Handle a key; false when it is none of the field's. */
  press(event: React.KeyboardEvent<HTMLInputElement>): boolean;
}

export function usePackageSearch(
  search: PackageSearch,
  onAdd: (requirements: ReadonlyArray<IRequirement>) => void
): IPackageSearchField {
  const [typed, setTyped] = useState('');
  const [closed, setClosed] = useState(false);
  const [moved, setMoved] = useState<number | null>(null);

  const part = parseRequirement(typed)?.name ?? '';
  const wanted = !closed && part.length >= MIN_LETTERS ? part : '';
  const { question, answer, error } = useAnswer(wanted, search, SEARCH_DELAY);
  const found = (wanted && answer) || [];
  const exact = found.findIndex(result => result.name.toLowerCase() === part.toLowerCase());
  const chosen = Math.min(moved ?? Math.max(exact, 0), found.length - 1);
  const isOpen = wanted !== '' && found.length > 0;

  const type = (text: string): void => {
    setTyped(text);
    setClosed(false);
    setMoved(null);
  };
  const add = (requirements: ReadonlyArray<IRequirement>): void => {
    onAdd(requirements);
    type('');
  };
  const pick = (result: ISearchResult): void =>
    add([{ name: result.name, constraint: parseRequirement(typed)?.constraint ?? '' }]);
  const commit = (): boolean => {
    const requirements = parseRequirements(typed);
    if (requirements && requirements.length > 0) {
      add(requirements);
      return true;
    }
    return false;
  };
  const press = (event: React.KeyboardEvent<HTMLInputElement>): boolean => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      const result = found[chosen];
      if (isOpen && result && question === wanted) {
        pick(result);
      } else {
        commit();
      }
    } else if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setMoved((chosen + step + found.length) % found.length);
    } else if (event.key === 'Escape' && wanted) {
      setClosed(true);
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const isInVain = wanted !== '' && question === wanted && !isOpen;
  return {
    typed,
    part,
    found,
    chosen,
    isOpen,
    isInVain,
    error,
    type,
    close: () => setClosed(true),
    pick,
    commit,
    press
  };
}
