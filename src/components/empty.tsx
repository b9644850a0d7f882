/**
 * What stands where there is nothing, or something is wrong: it says so and what to do.
 */
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

interface IEmptyProps {
  icon: LabIcon;
  title: string;
  children?: React.ReactNode;
}

/** In the place of a list that has nothing to show. */
export function Empty({ icon, title, children }: IEmptyProps): React.ReactElement {
  return (
    <div className="envstore-empty">
      <icon.react className="envstore-icon" tag="span" />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

interface IBannerProps {
  look: 'info' | 'warn' | 'error';
  icon?: LabIcon;
  /** Set where work cannot go on. */
  blocks?: boolean;
  children: React.ReactNode;
}

/** Above what it speaks of. */
export function Banner({ look, icon: Icon, blocks, children }: IBannerProps): React.ReactElement {
  return (
    <div className={`envstore-banner jp-mod-${look}`} role={blocks ? 'alert' : 'status'}>
      {Icon && (
        <Icon.react
          className={`envstore-icon envstore-icon-${look === 'info' ? 'brand' : look}`}
          tag="span"
        />
      )}
      <div>{children}</div>
    </div>
  );
}
