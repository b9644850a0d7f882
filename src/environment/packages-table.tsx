/**
 * The table of what is asked for: conda's packages, then pip's.
 */
import React from 'react';

import { useTranslation } from '../components/translation';
import type { Versions } from './newest';
import { PackageRow, type IRowActions } from './packages-row';
import type { IRow } from './rows';

interface IPackagesTableProps {
  rows: ReadonlyArray<IRow>;
  newest: (row: IRow) => Versions | null;
  channel: string;
  ownIndex: boolean;
  canEdit: boolean;
  actions: IRowActions;
}

export function PackagesTable(props: IPackagesTableProps): React.ReactElement {
  const { rows } = props;
  const trans = useTranslation();
  const conda = rows.filter(row => row.manager === 'conda');
  const pip = rows.filter(row => row.manager === 'pip');
  return (
    <table
      className="envstore-table envstore-table-requested"
      aria-label={trans.__('Packages you asked for')}
      onKeyDown={moveAmongRows}
    >
      <thead>
        <tr>
          <th scope="col">{trans.__('Package')}</th>
          <th scope="col">{trans.__('You ask for')}</th>
          <th scope="col">{trans.__('Locked')}</th>
          <th scope="col">{trans.__('Newest')}</th>
          <th scope="col">{trans.__('Channel')}</th>
          <th scope="col">
            <span className="envstore-sr">{trans.__('Actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        <Group {...props} title={trans.__('Conda packages you asked for')} rows={conda} />
        <Group {...props} title={trans.__('Pip packages you asked for')} rows={pip} />
      </tbody>
    </table>
  );
}

function Group(props: IPackagesTableProps & { title: string }): React.ReactElement | null {
  const { rows, newest, title, ...rest } = props;
  if (rows.length === 0) {
    return null;
  }
  return (
    <>
      <tr className="jp-mod-group">
        <td colSpan={6}>{title}</td>
      </tr>
      {rows.map(row => (
        <PackageRow key={`${row.manager} ${row.name}`} row={row} versions={newest(row)} {...rest} />
      ))}
    </>
  );
}

/** Up and Down go to the same button of the next row. */
function moveAmongRows(event: React.KeyboardEvent<HTMLElement>): void {
  const from = event.target as HTMLElement;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || from.tagName === 'INPUT' || from.closest('[role=menu]')) {
    return;
  }
  const cell = from.closest('td');
  const row = from.closest('tr');
  const all = Array.from(event.currentTarget.querySelectorAll<HTMLElement>('tr[data-package]'));
  const next = row && all[all.indexOf(row) + step];
  if (!next) {
    return;
  }
  event.preventDefault();
  const buttons = (place: Element | null | undefined): HTMLElement[] =>
    Array.from(place?.querySelectorAll<HTMLElement>('button') ?? []);
  const at = buttons(cell).indexOf(from);
  const there = buttons(cell && next.children[(cell as HTMLTableCellElement).cellIndex]);
  (there[at] ?? there[0] ?? next).focus();
}
