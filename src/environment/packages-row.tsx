/**
 * One package that is asked for: what is asked, what is locked, what there is, and what one can do.
 */
import { deleteIcon, undoIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { IconButton } from '../components/buttons';
import { formatBytes } from '../components/formatting';
import { pinIcon } from '../components/icons';
import { useTranslation } from '../components/translation';
import { constraintFor } from '../new/requirement';
import { channelName, PYPI } from '../new/suggestions';
import type { Versions } from './newest';
import { Constraint } from './packages-constraint';
import { Newest } from './packages-newest';
import type { IRow } from './rows';
import { isPin } from './version-fit';

/** What can be done to a row. */
export interface IRowActions {
  constrain: (row: IRow, constraint: string) => void;
  remove: (row: IRow) => void;
  undo: (row: IRow) => void;
  upgrade: (row: IRow) => void;
  /** Why a row cannot be upgraded by itself now; null when it can. */
  hindrance: (row: IRow) => string | null;
  versionsOf: (row: IRow) => Promise<ReadonlyArray<string>>;
}

interface IPackageRowProps {
  row: IRow;
  versions: Versions | null;
  /** The channel that would be asked for what is not locked yet. */
  channel: string;
  /** Whether the specification names package indexes of its own. */
  ownIndex: boolean;
  canEdit: boolean;
  actions: IRowActions;
}

export function PackageRow(props: IPackageRowProps): React.ReactElement {
  const { row, versions, canEdit, actions } = props;
  const trans = useTranslation();
  const { name, manager, locked, change } = row;
  const isPip = manager === 'pip';
  const channel = isPip ? pipOrigin(row, props.ownIndex) : channelName(locked?.channel || props.channel);
  return (
    <tr className={change ? `jp-mod-${change.kind}` : undefined} data-package={name} tabIndex={-1}>
      <td title={name}>
        {name}
        {change && <span className="envstore-sr">, {wordOf(row, trans)}</span>}
      </td>
      <td>
        {row.entry.isAddress || change?.kind === 'removed' ? (
          <span className="envstore-mono envstore-clip" title={row.entry.text}>
            {row.entry.isAddress ? trans.__('this file') : row.entry.constraint || trans.__('any')}
          </span>
        ) : (
          <Constraint
            row={row}
            versionsOf={() => actions.versionsOf(row)}
            disabled={!canEdit}
            onChange={constraint => actions.constrain(row, constraint)}
          />
        )}
      </td>
      <td className="envstore-mono envstore-num" title={locked ? factsOf(row, trans) : undefined}>
        {locked ? locked.version : <span className="envstore-muted">–</span>}
      </td>
      <td className="envstore-num">
        <Newest
          row={row}
          versions={versions}
          hindrance={actions.hindrance(row)}
          onUpgrade={() => actions.upgrade(row)}
        />
      </td>
      <td className="envstore-muted" title={(isPip ? locked?.url : locked?.channel) || undefined}>
        {channel}
      </td>
      <td>
        <RowActions {...props} />
      </td>
    </tr>
  );
}

function RowActions({ row, canEdit, actions }: IPackageRowProps): React.ReactElement {
  const trans = useTranslation();
  const { name, entry, locked, change } = row;
  if (change) {
    return (
      <span className="envstore-cell-actions jp-mod-always">
        <IconButton
          // Not the button that comes in its place: whoever presses Enter once more does not mean that one.
          key="undo"
          icon={undoIcon}
          label={trans.__('Undo the change to %1', name)}
          disabled={!canEdit}
          onClick={() => actions.undo(row)}
        />
      </span>
    );
  }
  const isHeld = isPin(entry.constraint);
  return (
    <span className={`envstore-cell-actions${isHeld ? ' jp-mod-always' : ''}`}>
      {locked && !entry.isAddress && (
        <IconButton
          icon={pinIcon}
          label={trans.__('Pin %1', name)}
          aria-pressed={isHeld}
          disabled={!canEdit}
          onClick={() => actions.constrain(row, isHeld ? '' : constraintFor('this', locked.version))}
        />
      )}
      <IconButton
        icon={deleteIcon}
        label={trans.__('Remove %1', name)}
        disabled={!canEdit}
        onClick={() => actions.remove(row)}
      />
    </span>
  );
}

/** Where a package of pip comes from: the package index, or the host that a specification names itself. */
function pipOrigin({ locked, entry }: IRow, ownIndex: boolean): string {
  const host =
    locked && (ownIndex || entry.isAddress) ? /^[a-z+]+:\/\/([^/]+)\//i.exec(locked.url)?.[1] : null;
  return host ?? channelName(PYPI);
}

function wordOf({ change }: IRow, trans: ReturnType<typeof useTranslation>): string {
  switch (change?.kind) {
    case 'added':
      return trans.__('to be added');
    case 'removed':
      return trans.__('to be removed');
    default:
      return trans.__('changed');
  }
}

function factsOf({ locked }: IRow, trans: ReturnType<typeof useTranslation>): string {
  const size = locked!.size === null ? trans.__('size unknown') : formatBytes(locked!.size);
  return [locked!.version, locked!.build, size].filter(text => text !== '').join(' · ');
}
