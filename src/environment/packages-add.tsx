/**
 * The field that adds packages to what is asked for: it searches while one types.
 */
import { searchIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { useTranslation } from '../components/translation';
import type { IRequirement } from '../new/requirement';
import { SearchNote } from '../new/search-note';
import { optionId, Suggestions } from '../new/suggestions';
import { usePackageSearch, type IPackageSources } from '../new/use-package-search';

interface IAddPackageProps extends IPackageSources {
  /** Makes the ids of this field differ from those of others. */
  prefix: string;
  channels: ReadonlyArray<string>;
  disabled: boolean;
  onAdd: (requirements: ReadonlyArray<IRequirement>) => void;
}

export function AddPackage(props: IAddPackageProps): React.ReactElement {
  const { prefix, channels, disabled, onAdd } = props;
  const trans = useTranslation();
  const list = `${prefix}-suggestions`;
  const field = usePackageSearch(props, onAdd);
  const { typed, part, found, chosen, isOpen } = field;

  return (
    <div
      className="envstore-search envstore-addfield"
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) {
          field.close();
        }
      }}
    >
      <searchIcon.react className="envstore-icon" tag="span" />
      <input
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
        onChange={event => field.type(event.currentTarget.value)}
        onKeyDown={field.press}
      />
      {isOpen && (
        <Suggestions
          id={list}
          typed={part}
          found={found}
          chosen={chosen}
          trans={trans}
          hint={trans.__('A constraint may follow the name: %1', 'polars >=1.35')}
          onPick={field.pick}
        />
      )}
      <SearchNote field={field} channels={channels} hasIndex={props.lookUp !== null} trans={trans} />
    </div>
  );
}
