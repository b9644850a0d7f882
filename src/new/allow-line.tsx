/**
 * One place that a lockfile, or a notebook, takes packages from, to be allowed by the person who wants them.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/** What a person has allowed so far. */
export interface IAllowed {
  readonly allowed: ReadonlyArray<string>;
  setAllowed(url: string, isAllowed: boolean): void;
}

interface IAllowLineProps {
  url: string;
  /** How many packages come from there, in words. */
  count: string;
  draft: IAllowed;
  trans: TranslationBundle;
}

export function AllowLine({ url, count, draft, trans }: IAllowLineProps): React.ReactElement {
  return (
    <label className="envstore-checkbox envstore-allow">
      <input
        type="checkbox"
        checked={draft.allowed.includes(url)}
        onChange={event => draft.setAllowed(url, event.currentTarget.checked)}
      />
      <span>
        {trans.__('Allow')} <span className="envstore-mono">{url}</span> {count}
      </span>
    </label>
  );
}
