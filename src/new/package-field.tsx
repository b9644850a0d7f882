/**
 * The packages that are asked for: those chosen, and an input that searches while one types.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useCallback, useRef } from 'react';

import { ConstraintMenu } from './constraint-menu';
import { packageName, parseRequirement, type IRequirement } from './requirement';
import { SearchNote } from './search-note';
import { optionId, Suggestions } from './suggestions';
import { focusLastToken, Token } from './tokens-field';
import { usePackageSearch, type IPackageSources } from './use-package-search';
import { withPackages, withPip } from './wanted';

const LIST = 'envstore-new-suggestions';

interface IPackageFieldProps extends IPackageSources {
  /** The id of the field's label. */
  labelId: string;
  packages: ReadonlyArray<string>;
  /** What pip is asked for. */
  pip: ReadonlyArray<string>;
  channels: ReadonlyArray<string>;
  trans: TranslationBundle;
  onChange: (packages: string[]) => void;
  onPip: (pip: string[]) => void;
}

export function PackageField(props: IPackageFieldProps): React.ReactElement {
  const { packages, pip, search, trans, onChange, onPip } = props;
  const input = useRef<HTMLInputElement>(null);

  const versionsOf = useCallback(
    async (name: string) => {
      const results = await search(packageName(name)).catch(() => []);
      return results.find(result => result.name === packageName(name))?.versions ?? [];
    },
    [search]
  );
  const add = (requirements: ReadonlyArray<IRequirement>): void => {
    const wanted = requirements.filter(({ manager }) => manager !== 'pip');
    const { packages: next, repeated } = withPackages(packages, wanted);
    if (wanted.length > 0) {
      onChange(next);
    }
    if (wanted.length < requirements.length) {
      onPip(
        withPip(
          pip,
          requirements.filter(({ manager }) => manager === 'pip')
        )
      );
    }
    if (repeated !== null) {
      // Asked for already: show where.
      const token = input.current?.parentElement?.querySelector(`[data-token="${CSS.escape(repeated)}"]`);
      token?.querySelector<HTMLElement>('.envstore-token-text')?.focus();
    }
  };
  const field = usePackageSearch(props, add);
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
        {pip.map(text => (
          <Token
            key={`pip ${text}`}
            text={text}
            trans={trans}
            onRemove={() => {
              onPip(pip.filter(other => other !== text));
              input.current?.focus();
            }}
          >
            <span className="envstore-clip" title={text}>
              {text}
            </span>
            <span className="envstore-muted envstore-small">{trans.__('pip')}</span>
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
      <SearchNote field={field} channels={props.channels} hasIndex={props.lookUp !== null} trans={trans} />
    </div>
  );
}
