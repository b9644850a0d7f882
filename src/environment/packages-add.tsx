/**
 * The field that adds packages to what is asked for: it searches while one types.
 */
import { searchIcon } from '@jupyterlab/ui-components';
import React, { useRef, useState } from 'react';

import type { ISearchResult } from '../api/types';
import { useTranslation } from '../components/translation';
import { nothingFound, type PackageSearch } from '../new/package-field';
import { parseRequirement, parseRequirements, type IRequirement } from '../new/requirement';
import { useAnswer } from '../new/search';
import { NoSuggestions, optionId, Suggestions } from '../new/suggestions';

const SEARCH_DELAY = 150;
const MIN_LETTERS = 2;

interface IAddPackageProps {
  /** Makes the ids of this field differ from those of others. */
  prefix: string;
  channels: ReadonlyArray<string>;
  search: PackageSearch;
  disabled: boolean;
  onAdd: (requirements: ReadonlyArray<IRequirement>) => void;
}

export function AddPackage(props: IAddPackageProps): React.ReactElement {
  const { prefix, channels, search, disabled, onAdd } = props;
  const trans = useTranslation();
  const [typed, setTyped] = useState('');
  const [closed, setClosed] = useState(false);
  const [moved, setMoved] = useState<number | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = `${prefix}-suggestions`;

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
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      const result = found[chosen];
      if (isOpen && result && question === wanted) {
        pick(result);
      } else {
        const requirements = parseRequirements(typed);
        if (requirements && requirements.length > 0) {
          add(requirements);
        }
      }
    } else if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setMoved((chosen + step + found.length) % found.length);
    } else if (event.key === 'Escape' && wanted) {
      setClosed(true);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      className="envstore-search envstore-addfield"
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) {
          setClosed(true);
        }
      }}
    >
      <searchIcon.react className="envstore-icon" tag="span" />
      <input
        ref={input}
        className="envstore-input"
        type="text"
        role="combobox"
        spellCheck={false}
        autoComplete="off"
        disabled={disabled}
        aria-label={trans.__('Add a package')}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={list}
        aria-activedescendant={isOpen ? optionId(list, chosen) : undefined}
        placeholder={trans.__('Add a package, e.g. scipy or torch >=2.9')}
        value={typed}
        onChange={event => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {isOpen && (
        <Suggestions
          id={list}
          typed={part}
          found={found}
          chosen={chosen}
          trans={trans}
          hint={trans.__('A constraint may follow the name: %1', 'polars >=1.35')}
          onPick={pick}
        />
      )}
      {wanted && question === wanted && !isOpen && (
        <NoSuggestions text={error ? error.message : nothingFound(part, channels, trans)} />
      )}
    </div>
  );
}
