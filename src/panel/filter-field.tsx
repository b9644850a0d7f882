/**
 * The field that filters the list as one types. Escape clears it, a second one returns to the list; Down goes there too.
 */
import { closeIcon, filterIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { IconButton } from '../components/buttons';
import { useTranslation } from '../components/translation';

interface IFilterFieldProps {
  value: string;
  onChange: (value: string) => void;
  /** Called when the keyboard leaves for the list. */
  onLeave: () => void;
}

export function FilterField({ value, onChange, onLeave }: IFilterFieldProps): React.ReactElement {
  const trans = useTranslation();
  const field = React.useRef<HTMLInputElement>(null);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape' && value) {
      onChange('');
    } else if (event.key === 'Escape' || event.key === 'ArrowDown') {
      onLeave();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="envstore-panel-filter">
      <div className="envstore-search">
        <filterIcon.react className="envstore-icon" tag="span" />
        <input
          ref={field}
          className="envstore-input"
          type="text"
          spellCheck={false}
          aria-label={trans.__('Filter environments')}
          placeholder={trans.__('Filter by name or package')}
          value={value}
          onChange={event => onChange(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {value && (
          <IconButton
            icon={closeIcon}
            label={trans.__('Clear the filter')}
            onClick={() => {
              onChange('');
              field.current?.focus();
            }}
          />
        )}
      </div>
    </div>
  );
}
