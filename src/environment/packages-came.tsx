/**
 * The packages that came with those that were asked for: folded, with a filter, and who needs each.
 */
import { caretDownIcon, caretRightIcon, filterIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { formatBytes } from '../components/formatting';
import { useTranslation } from '../components/translation';
import { channelName, PYPI } from '../new/suggestions';
import { matching, type IFollower } from './rows';

/** Of those that need a package, so many are named. */
const MOST_NAMED = 3;

export function CameWith(props: { followers: ReadonlyArray<IFollower> }): React.ReactElement | null {
  const { followers } = props;
  const trans = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [filter, setFilter] = useState('');
  if (followers.length === 0) {
    return null;
  }
  const size = followers.reduce((sum, { item }) => sum + (item.size ?? 0), 0);
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  const shown = isOpen ? matching(followers, filter) : [];
  return (
    <>
      <div className="envstore-subhead">
        <button
          type="button"
          className="envstore-disclosure"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Caret.react className="envstore-icon" tag="span" />
          <span>{trans.__('Came with these')}</span>
        </button>
        <span className="envstore-muted">
          {trans.__('%1, %2', trans._n('%1 package', '%1 packages', followers.length), formatBytes(size))}
        </span>
        <span className="envstore-spacer" />
        {isOpen && (
          <label className="envstore-search envstore-packagefilter">
            <filterIcon.react className="envstore-icon" tag="span" />
            <input
              className="envstore-input"
              type="text"
              placeholder={trans.__('Filter by name')}
              aria-label={trans.__('Filter the packages that came with these')}
              value={filter}
              onChange={event => setFilter(event.currentTarget.value)}
              onKeyDown={event => {
                if (event.key === 'Escape' && filter) {
                  event.stopPropagation();
                  setFilter('');
                }
              }}
            />
          </label>
        )}
      </div>
      {isOpen && <Followers shown={shown} />}
      {isOpen && shown.length === 0 && (
        <p className="envstore-muted envstore-nomatch">{trans.__('Nothing matches “%1”.', filter)}</p>
      )}
    </>
  );
}

function Followers(props: { shown: ReadonlyArray<IFollower> }): React.ReactElement {
  const trans = useTranslation();
  return (
    <table className="envstore-table envstore-table-came" aria-label={trans.__('Came with these')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Package')}</th>
          <th scope="col">{trans.__('Locked')}</th>
          <th scope="col">{trans.__('Needed by')}</th>
          <th scope="col">{trans.__('Channel')}</th>
          <th scope="col" className="jp-mod-right">
            {trans.__('Size')}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.shown.map(({ item, neededBy }) => (
          <tr key={`${item.manager} ${item.name}`}>
            <td title={item.name}>{item.name}</td>
            <td className="envstore-mono envstore-num" title={`${item.version} ${item.build}`}>
              {item.version}
            </td>
            <td className="envstore-muted" title={neededBy.join(', ')}>
              {named(neededBy, trans)}
            </td>
            <td className="envstore-muted" title={item.channel}>
              {channelName(item.manager === 'pip' ? PYPI : item.channel)}
            </td>
            <td className="jp-mod-right envstore-num envstore-muted">
              {item.size === null ? trans.__('unknown') : formatBytes(item.size)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function named(names: ReadonlyArray<string>, trans: ReturnType<typeof useTranslation>): string {
  const more = names.length - MOST_NAMED;
  const first = names.slice(0, MOST_NAMED).join(', ');
  return more > 0 ? trans._n('%2 and %1 more', '%2 and %1 more', more, first) : first;
}
