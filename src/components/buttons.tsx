/**
 * The buttons of all screens.
 */
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

type Native = Omit<React.ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'className' | 'title'>;

interface IIconButtonProps extends Native {
  icon: LabIcon;
  /** What it does, with the name of what it does it to: both the title and what a screen reader says. */
  label: string;
}

/** A button with an icon only. */
export function IconButton({ icon, label, ...rest }: IIconButtonProps): React.ReactElement {
  return (
    <button {...rest} className="envstore-iconbutton" type="button" title={label} aria-label={label}>
      <icon.react className="envstore-icon" tag="span" />
    </button>
  );
}

interface IButtonProps extends Native {
  icon?: LabIcon;
  /** `accept` is the one main button of a screen. */
  look?: 'plain' | 'accept' | 'minimal';
  title?: string;
}

/** A button with words. */
export function Button({ icon: Icon, look = 'plain', children, ...rest }: IButtonProps): React.ReactElement {
  const className = look === 'plain' ? 'envstore-button' : `envstore-button jp-mod-${look}`;
  return (
    <button {...rest} className={className} type="button">
      {Icon && <Icon.react className="envstore-icon" tag="span" />}
      {children}
    </button>
  );
}

/** A button that looks like a link, within text and rows. */
export function LinkButton({ children, ...rest }: Native): React.ReactElement {
  return (
    <button {...rest} className="envstore-link" type="button">
      {children}
    </button>
  );
}
