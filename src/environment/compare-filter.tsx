/**
 * What of a comparison is shown: which kinds of changes, whose packages, on which platform.
 */
import { caretDownEmptyIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPackageChange } from '../api/types';
import { useTranslation } from '../components/translation';
import { KINDS, type ChangeKind } from './change-kinds';
import { countKinds, type IChangeFilter } from './shown-changes';

interface ICompareFilterProps {
  changes: ReadonlyArray<IPackageChange>;
  filter: IChangeFilter;
  platforms: ReadonlyArray<string>;
  platform: string;
  onFilter: (filter: IChangeFilter) => void;
  onPlatform: (platform: string) => void;
}

/** So many changes are looked through by eye. */
const FEW = 25;

export function CompareFilter(props: ICompareFilterProps): React.ReactElement {
  const { changes, filter, platforms, platform, onFilter, onPlatform } = props;
  const trans = useTranslation();
  const counts = countKinds(changes, filter);
  const kinds = [null, ...KINDS].filter(kind => kind === null || changes.some(item => item.kind === kind));
  return (
    <div className="envstore-bar envstore-comparebar">
      <div className="envstore-filterchips" role="group" aria-label={trans.__('Show')}>
        {kinds.map(kind => (
          <button
            key={kind}
            type="button"
            className="envstore-filterchip"
            aria-pressed={filter.kind === kind}
            onClick={() => onFilter({ ...filter, kind })}
          >
            {kindTitle(kind, trans)}{' '}
            <span className="envstore-muted envstore-num">{(counts.get(kind) ?? 0).toLocaleString()}</span>
          </button>
        ))}
      </div>
      {changes.length > FEW && (
        <input
          className="envstore-input envstore-comparetext"
          type="text"
          placeholder={trans.__('Filter by name')}
          aria-label={trans.__('Filter the changes by name')}
          value={filter.text}
          onChange={event => onFilter({ ...filter, text: event.currentTarget.value })}
        />
      )}
      <span className="envstore-spacer" />
      {platforms.length > 1 && (
        <span className="envstore-selectbox">
          <select
            className="envstore-select envstore-sideselect"
            aria-label={trans.__('Platform')}
            value={platform}
            onChange={event => onPlatform(event.currentTarget.value)}
          >
            {platforms.map(item => (
              <option key={item}>{item}</option>
            ))}
          </select>
          <caretDownEmptyIcon.react className="envstore-icon" tag="span" />
        </span>
      )}
      <label className="envstore-checkbox">
        <input
          type="checkbox"
          checked={filter.direct}
          onChange={event => onFilter({ ...filter, direct: event.currentTarget.checked })}
        />
        {trans.__('Only what you asked for')}
      </label>
    </div>
  );
}

function kindTitle(kind: ChangeKind | null, trans: TranslationBundle): string {
  switch (kind) {
    case null:
      return trans.__('All');
    case 'added':
      return trans.__('Added');
    case 'upgraded':
      return trans.__('Upgraded');
    case 'downgraded':
      return trans.__('Downgraded');
    case 'rebuilt':
      return trans.__('Rebuilt');
    case 'removed':
      return trans.__('Removed');
  }
}
