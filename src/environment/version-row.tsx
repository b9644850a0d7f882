/**
 * One version in the list: its number, what it is for, what it changed, and what can be done with it.
 */
import { ellipsesIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IVersion } from '../api/types';
import { Button, IconButton } from '../components/buttons';
import { formatDateTime, sizeTitle } from '../components/formatting';
import { pinIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import type { Counting } from './counting';
import { VersionCounts } from './version-counts';
import { VersionMessage } from './version-message';
import { formatAgo } from './version-texts';

/** What can be done with a version of the list. */
export interface IVersionActions {
  activate(version: IVersion): void;
  compare(version: IVersion): void;
  pin(version: IVersion, pinned: boolean): void;
  describe(version: IVersion, message: string): void;
  /** Open the menu of a version at a place of the window. */
  openMenu(version: IVersion, place: { left: number; bottom: number }): void;
}

interface IVersionRowProps {
  version: IVersion;
  /** What it takes to download, or what becomes of it. */
  onDisk: string;
  /** The version that its changes are counted against; null when there is none. */
  base: number | null;
  /** Whether it waits to be activated. */
  isOffered: boolean;
  /** Whether it has another one to be compared with. */
  isComparable: boolean;
  /** Whether it is the one row that the Tab key leads to. */
  isStop: boolean;
  counting: Counting;
  actions: IVersionActions;
}

export function VersionRow(props: IVersionRowProps): React.ReactElement {
  const { version, onDisk, base, isOffered, isComparable, isStop, counting, actions } = props;
  const trans = useTranslation();
  const { number, active, pinned, deleted } = version;
  const tabIndex = isStop ? 0 : -1;
  const created = new Date(version.created);
  const isAway = version.prefix_state !== 'ready';
  return (
    <li
      className={`envstore-version${isAway || deleted ? ' jp-mod-away' : ''}`}
      aria-current={active}
      aria-label={rowLabel(version, trans)}
      tabIndex={tabIndex}
      data-version={number}
      onContextMenu={event => {
        if (!deleted && !(event.target instanceof HTMLInputElement)) {
          event.preventDefault();
          event.stopPropagation();
          const box = event.currentTarget.getBoundingClientRect();
          // The menu key gives no place, or that of the corner.
          const byKey = event.button !== 2;
          actions.openMenu(
            version,
            byKey
              ? { left: box.left + 64, bottom: box.top + 36 }
              : { left: event.clientX, bottom: event.clientY }
          );
        }
      }}
    >
      <span className="envstore-version-node" aria-hidden="true" />
      <span className="envstore-version-number">{trans.__('v%1', number)}</span>
      <div className="envstore-version-text">
        <div>
          <VersionMessage
            version={version}
            tabIndex={tabIndex}
            onChange={message => actions.describe(version, message)}
          />
          {active && <span className="envstore-chip jp-mod-active">{trans.__('active')}</span>}
          {isOffered && <span className="envstore-chip jp-mod-brand">{trans.__('ready to activate')}</span>}
          {pinned && (
            <span className="envstore-chip" title={trans.__('Never freed or deleted on its own')}>
              <pinIcon.react className="envstore-icon" tag="span" />
              {trans.__('pinned')}
            </span>
          )}
        </div>
        <div>
          {trans.__('%1,', version.author || trans.__('unknown'))}{' '}
          <time dateTime={version.created} title={formatDateTime(created)}>
            {formatAgo(created, new Date(), trans)}
          </time>
        </div>
      </div>
      <VersionCounts key={base} version={{ ...version, parent: base }} counting={counting} />
      <div className="envstore-version-end">
        <span className="envstore-version-size" title={isAway ? undefined : sizeTitle(trans)}>
          {deleted ? trans.__('deleted') : onDisk}
        </span>
        {!deleted && (
          <span className="envstore-version-actions">
            {!active && (
              <Button
                tabIndex={tabIndex}
                title={trans.__('Let the kernel start version %1', number)}
                onClick={() => actions.activate(version)}
              >
                {trans.__('Activate')}
              </Button>
            )}
            <Button
              tabIndex={tabIndex}
              disabled={!isComparable}
              title={
                active
                  ? trans.__('Compare version %1 with the one it was made from', number)
                  : trans.__('Compare version %1 with the active one', number)
              }
              onClick={() => actions.compare(version)}
            >
              {trans.__('Compare')}
            </Button>
            <IconButton
              icon={pinIcon}
              label={trans.__('Pin version %1', number)}
              aria-pressed={pinned}
              tabIndex={tabIndex}
              onClick={() => actions.pin(version, !pinned)}
            />
            <IconButton
              icon={ellipsesIcon}
              label={trans.__('More actions for version %1', number)}
              aria-haspopup="menu"
              tabIndex={tabIndex}
              onClick={event => actions.openMenu(version, event.currentTarget.getBoundingClientRect())}
            />
          </span>
        )}
      </div>
    </li>
  );
}

function rowLabel(version: IVersion, trans: ReturnType<typeof useTranslation>): string {
  return [
    trans.__('Version %1', version.number),
    version.message,
    version.active ? trans.__('active') : '',
    version.pinned ? trans.__('pinned') : '',
    version.deleted ? trans.__('deleted') : version.prefix_state === 'freed' ? trans.__('not on disk') : ''
  ]
    .filter(Boolean)
    .join(', ');
}
