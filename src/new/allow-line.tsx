/**
 * One place that a lockfile takes packages from, to be allowed by the person who imports it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { NewDraft } from './draft';

interface IAllowLineProps {
  url: string;
  /** How many packages come from there, in words. */
  count: string;
  draft: NewDraft;
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
