/**
 * What a field does that searches packages while one types: the list below it, and the keys that choose from it. The
 * last of the list, and Enter where the channels have nothing of that name, looks the name up on the package index. What
 * is there only as source is listed in its turn, so that nobody adds it unawares.
 */
import { useEffect, useState } from 'react';

import type { ISearchResult } from '../api/types';
import { pipConstraint } from './pip-requirement';
import type { ProjectLookup } from './projects';
import { parseRequirement, parseRequirements, type IRequirement } from './requirement';
import { useAnswer } from './search';
import { PYPI } from './suggestions';
import { useProjectLookup, type LookupState } from './use-project-lookup';

const SEARCH_DELAY = 150;
const MIN_LETTERS = 2;

/** Finds packages whose name has the given part. */
export type PackageSearch = (part: string, signal?: AbortSignal) => Promise<ReadonlyArray<ISearchResult>>;

/** Where a field looks for packages. */
export interface IPackageSources {
  readonly search: PackageSearch;
  /** Null where the package index is not asked. */
  readonly lookUp: ProjectLookup | null;
}

export interface IPackageSearchField {
  /** What stands in the field. */
  readonly typed: string;
  /** The name in it, as far as it is typed. */
  readonly part: string;
  /** What the list shows, and which of it is chosen. */
  readonly found: ReadonlyArray<ISearchResult>;
  readonly chosen: number;
  readonly isOpen: boolean;
  /** Whether the channels have nothing, or failed with `error`. */
  readonly isInVain: boolean;
  readonly error: Error | null;
  /** What came of the name on the package index. */
  readonly lookup: LookupState;

  type(text: string): void;
  close(): void;
  pick(result: ISearchResult): void;
  /** Add what is typed as it stands; false when it is no requirement. */
  commit(): boolean;
  /** Handle a key; false when it is none of the field's. */
  press(event: React.KeyboardEvent<HTMLInputElement>): boolean;
}

export function usePackageSearch(
  sources: IPackageSources,
  onAdd: (requirements: ReadonlyArray<IRequirement>) => void
): IPackageSearchField {
  const { search, lookUp } = sources;
  const [typed, setTyped] = useState('');
  const [closed, setClosed] = useState(false);
  const [moved, setMoved] = useState<number | null>(null);
  // Entered before it was known what there is, and what the list then showed as chosen.
  const [entered, setEntered] = useState<{ readonly shown: ISearchResult | null } | null>(null);
  const lookup = useProjectLookup(lookUp);

  const part = parseRequirement(typed)?.name ?? '';
  // What was entered is found out for a person, too, who has gone on elsewhere meanwhile.
  const wanted = (!closed || entered) && part.length >= MIN_LETTERS ? part : '';
  const { question, answer, error } = useAnswer(wanted, search, SEARCH_DELAY);
  const results = (wanted && answer) || [];
  const exact = results.findIndex(result => result.name.toLowerCase() === part.toLowerCase());
  const source = lookup.state.kind === 'source' ? lookup.state.found : null;
  const searched = results.length > 0 && lookUp ? [...results, projectOf(part)] : results;
  const found = source ? [source] : searched;
  const chosen = Math.min(moved ?? Math.max(exact, 0), found.length - 1);
  const isOpen =
    source !== null || (!closed && wanted !== '' && found.length > 0 && lookup.state.kind === 'idle');
  const isAnswered = wanted !== '' && question === wanted;
  const constraint = parseRequirement(typed)?.constraint ?? '';

  const type = (text: string): void => {
    if (entered && text.length > typed.length && text.startsWith(typed)) {
      // Who types on does not wait for what there is: what was entered is taken as it stands.
      const requirements = parseRequirements(typed);
      if (requirements && requirements.length > 0) {
        onAdd(requirements);
        text = text.slice(typed.length);
      }
    }
    setTyped(text);
    setClosed(false);
    setMoved(null);
    setEntered(null);
    lookup.forget();
  };
  const add = (requirements: ReadonlyArray<IRequirement>): void => {
    onAdd(requirements);
    type('');
  };
  const addProject = (name: string): void =>
    add([{ name, constraint: pipConstraint(constraint), manager: 'pip' }]);
  const askIndex = (): void => lookup.ask(part, addProject);
  const pick = (result: ISearchResult): void => {
    if (result.channel !== PYPI) {
      add([{ name: result.name, constraint }]);
    } else if (result === source) {
      addProject(result.name);
    } else {
      askIndex();
    }
  };
  const commit = (): boolean => {
    if (source) {
      pick(source);
      return true;
    }
    const requirements = parseRequirements(typed);
    if (requirements && requirements.length > 0) {
      add(requirements);
      return true;
    }
    return false;
  };
  // Entered by name: what a channel has of that very name, else what was seen as chosen, else what the index has.
  const settle = (shown: ISearchResult | null = null): void => {
    const result = results[exact] ?? results.find(({ name }) => name === shown?.name);
    if (result) {
      pick(result);
    } else if (error || !lookUp || part.includes('::')) {
      commit();
    } else {
      askIndex();
    }
  };
  useEffect(() => {
    if (entered && isAnswered) {
      setEntered(null);
      settle(entered.shown);
    }
  }, [entered, isAnswered]);

  const enter = (): void => {
    const result = found[chosen];
    if (source) {
      pick(source);
    } else if (isOpen && result && (isAnswered || moved !== null)) {
      pick(result);
    } else if (isAnswered) {
      settle();
    } else if (wanted && lookUp) {
      setEntered({ shown: (isOpen && result) || null });
    } else {
      commit();
    }
  };
  const press = (event: React.KeyboardEvent<HTMLInputElement>): boolean => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      enter();
    } else if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setMoved((chosen + step + found.length) % found.length);
    } else if (event.key === 'Escape' && (wanted || lookup.state.kind !== 'idle')) {
      setClosed(true);
      setEntered(null);
      lookup.forget();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return {
    typed,
    part,
    found,
    chosen,
    isOpen,
    isInVain: isAnswered && !closed && !isOpen,
    error,
    lookup: lookup.state,
    type,
    close: () => {
      setClosed(true);
      // What was found out is not said of a field that nobody is in.
      if (lookup.state.kind !== 'asking') {
        lookup.forget();
      }
    },
    pick,
    commit,
    press
  };
}

/** Stands in the list for what the package index may have of a name. */
function projectOf(name: string): ISearchResult {
  return { name, channel: PYPI, versions: [], summary: '', subdirs: [], source_only: false };
}
