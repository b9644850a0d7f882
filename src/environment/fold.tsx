/**
 * Something that is shown when it is asked for.
 */
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

export function Fold(props: { title: string; children: React.ReactNode }): React.ReactElement {
  const [isOpen, setOpen] = useState(false);
  const Icon = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <div className="envstore-fold">
      <button
        type="button"
        className="envstore-link envstore-row-flex"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon.react className="envstore-icon" tag="span" />
        <span>{props.title}</span>
      </button>
      {isOpen && props.children}
    </div>
  );
}
