/**
 * The packages that are asked for: those chosen, and an input that searches while one types.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useCallback, useRef } from 'react';

import { ConstraintMenu } from './constraint-menu';
import { packageName, parseRequirement, type IRequirement } from './requirement';
import { channelName, NoSuggestions, optionId, Suggestions } from './suggestions';
import { focusLastToken, Token } from './tokens-field';
import { usePackageSearch, type PackageSearch } from './use-package-search';
import { withPackages } from './wanted';

const LIST = 'envstore-new-suggestions';

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
  const input = useRef<HTMLInputElement>(null);

  const versionsOf = useCallback(
    async (name: string) => {
      const results = await search(packageName(name)).catch(() => []);
      return results.find(result => result.name === packageName(name))?.versions ?? [];
    },
    [search]
  );
  const add = (requirements: ReadonlyArray<IRequirement>): void => {
    const { packages: next, repeated } = withPackages(packages, requirements);
    onChange(next);
    if (repeated !== null) {
      // Asked for already: show where.
      const token = input.current?.parentElement?.querySelector(`[data-token="${CSS.escape(repeated)}"]`);
      token?.querySelector<HTMLElement>('.envstore-token-text')?.focus();
    }
  };
  const field = usePackageSearch(search, add);
  const { typed, part, found, chosen, isOpen } = field;
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      field.commit(); // the form creates the environment, with what is still in the field
    } else if (!field.press(event) && event.key === 'Backspace' && typed === '') {
      focusLastToken(event.currentTarget);
    }
  };

  return (
    <div className="envstore-packagefield">
      <div
        className="envstore-tokens"
        role="group"
        aria-labelledby={props.labelId}
        onBlur={event => {
          if (!event.currentTarget.contains(event.relatedTarget)) {
            field.commit();
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
                field.type(`${parseRequirement(text)?.name ?? text} `);
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
          onChange={event => field.type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      {isOpen && (
        <Suggestions id={LIST} typed={part} found={found} chosen={chosen} trans={trans} onPick={field.pick} />
      )}
      {field.isInVain && (
        <NoSuggestions text={field.error ? field.error.message : nothingFound(part, props.channels, trans)} />
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
