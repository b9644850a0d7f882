/**
 * The packages that are asked for: those chosen, and an input that searches while one types.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useCallback, useRef, useState } from 'react';

import type { ISearchResult } from '../api/types';
import { ConstraintMenu } from './constraint-menu';
import { packageName, parseRequirement, parseRequirements, type IRequirement } from './requirement';
import { useAnswer } from './search';
import { channelName, NoSuggestions, optionId, Suggestions } from './suggestions';
import { focusLastToken, Token } from './tokens-field';
import { withPackages } from './wanted';

const SEARCH_DELAY = 150;
const MIN_LETTERS = 2;
const LIST = 'envstore-new-suggestions';

/** Finds packages whose name has the given part. */
export type PackageSearch = (part: string, signal?: AbortSignal) => Promise<ReadonlyArray<ISearchResult>>;

interface IPackageFieldProps {
  /** The id of the field's label. */
  labelId: string;
  packages: ReadonlyArray<string>;
  channels: ReadonlyArray<string>;
  search: PackageSearch;
  trans: TranslationBundle;
  onChange: (packages: string[]) => void;
}

export function PackageField(props: IPackageFieldProps): React.ReactElement {
  const { packages, search, trans, onChange } = props;
  const [typed, setTyped] = useState('');
  const [closed, setClosed] = useState(false);
  const [moved, setMoved] = useState<number | null>(null);
  const input = useRef<HTMLInputElement>(null);

  const part = parseRequirement(typed)?.name ?? '';
  const wanted = !closed && part.length >= MIN_LETTERS ? part : '';
  const { question, answer, error } = useAnswer(wanted, search, SEARCH_DELAY);
  const found = (wanted && answer) || [];
  const exact = found.findIndex(result => result.name.toLowerCase() === part.toLowerCase());
  const chosen = Math.min(moved ?? Math.max(exact, 0), found.length - 1);
  const isOpen = wanted !== '' && found.length > 0;

  const versionsOf = useCallback(
    async (name: string) => {
      const results = await search(packageName(name)).catch(() => []);
      return results.find(result => result.name === packageName(name))?.versions ?? [];
    },
    [search]
  );
  const type = (text: string): void => {
    setTyped(text);
    setClosed(false);
    setMoved(null);
  };
  const add = (requirements: ReadonlyArray<IRequirement>): void => {
    const { packages: next, repeated } = withPackages(packages, requirements);
    onChange(next);
    type('');
    if (repeated !== null) {
      // Asked for already: show where.
      const token = input.current?.parentElement?.querySelector(`[data-token="${CSS.escape(repeated)}"]`);
      token?.querySelector<HTMLElement>('.envstore-token-text')?.focus();
    }
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
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') {
      const result = found[chosen];
      if (event.ctrlKey || event.metaKey) {
        commit();
        return;
      }
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
      if (event.key === 'Backspace' && typed === '') {
        focusLastToken(event.currentTarget);
      }
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="envstore-packagefield">
      <div
        className="envstore-tokens"
        role="group"
        aria-labelledby={props.labelId}
        onBlur={event => {
          if (!event.currentTarget.contains(event.relatedTarget)) {
            commit();
          }
        }}
      >
        {packages.map(text => (
          <Token
            key={text}
            text={text}
            trans={trans}
            onRemove={() => {
              onChange(packages.filter(other => other !== text));
              input.current?.focus();
            }}
          >
            <ConstraintMenu
              text={text}
              versionsOf={versionsOf}
              trans={trans}
              onChange={changed => onChange(packages.map(other => (other === text ? changed : other)))}
              onType={() => {
                type(`${parseRequirement(text)?.name ?? text} `);
                input.current?.focus();
              }}
            />
          </Token>
        ))}
        <input
          ref={input}
          type="text"
          role="combobox"
          spellCheck={false}
          autoComplete="off"
          aria-label={trans.__('Add a package')}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={LIST}
          aria-activedescendant={isOpen ? optionId(LIST, chosen) : undefined}
          placeholder={trans.__('Add a package')}
          value={typed}
          onChange={event => type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      {isOpen && (
        <Suggestions id={LIST} typed={part} found={found} chosen={chosen} trans={trans} onPick={pick} />
      )}
      {wanted && question === wanted && !isOpen && (
        <NoSuggestions text={error ? error.message : nothingFound(part, props.channels, trans)} />
      )}
    </div>
  );
}

/** Says that no channel has a package of that name. */
export function nothingFound(
  name: string,
  channels: ReadonlyArray<string>,
  trans: TranslationBundle
): string {
  const where = channels.map(channelName);
  const last = where.pop() ?? 'conda-forge';
  return where.length > 0
    ? trans.__('No package is called “%1” in %2 or %3.', name, where.join(', '), last)
    : trans.__('No package is called “%1” in %2.', name, last);
}
