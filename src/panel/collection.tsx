/**
 * What freeing disk takes away and what it leaves, and why.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { ICollected, ICollection } from '../api/types';
import { formatBytes } from '../components/formatting';
import { useTranslation } from '../components/translation';

export function CollectionView({ collection }: { collection: ICollection }): React.ReactElement {
  const trans = useTranslation();
  const { collected, kept, notes } = collection;
  return (
    <>
      <p>
        {collected.length > 0
          ? trans.__(
              'This goes from the disk. Every version stays in its list and is built again, exactly as it was, when it is wanted.'
            )
          : trans.__('Everything on the disk is needed.')}
      </p>
      {collected.length > 0 && (
        <Group
          title={trans.__('Goes')}
          rows={collected.map(item => ({
            key: `${item.kind} ${item.name}`,
            name: titleOf(item, trans),
            size: item.size,
            why: reasonOf(item, trans)
          }))}
        />
      )}
      {kept.length > 0 && (
        <Group
          title={trans.__('Stays')}
          rows={kept.map(item => ({
            key: item.name,
            name: item.name.replace('@', ' v'),
            size: item.size,
            why: item.reason
          }))}
        />
      )}
      {notes.map(note => (
        <p key={note} className="envstore-muted">
          {note}
        </p>
      ))}
    </>
  );
}

interface IRow {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly why: string;
}

function Group(props: { title: string; rows: ReadonlyArray<IRow> }): React.ReactElement {
  const trans = useTranslation();
  const { title, rows } = props;
  return (
    <table className="envstore-table envstore-plan-table" aria-label={title}>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">{trans.__('Why')}</th>
          <th scope="col" className="jp-mod-right">
            {trans.__('Size')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.key}>
            <td title={row.name}>{row.name}</td>
            <td className="envstore-muted" title={row.why}>
              {row.why}
            </td>
            <td className="jp-mod-right envstore-num">{formatBytes(row.size)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function titleOf(item: ICollected, trans: TranslationBundle): string {
  switch (item.kind) {
    case 'version':
    case 'environment':
      return item.name.replace('@', ' v');
    case 'packages':
      return trans.__('Packages that no version has');
    case 'bytecode':
      return trans.__('Compiled files that no version has');
    case 'metadata':
      return trans.__('Lists of channels, read again when needed');
    case 'logs':
      return trans.__('Logs of old builds');
    default:
      return item.name;
  }
}

function reasonOf(item: ICollected, trans: TranslationBundle): string {
  switch (item.kind) {
    case 'version':
      return trans.__('no kernel, pin or recent use needs it');
    case 'environment':
      return trans.__('was deleted long ago');
    default:
      return item.count > 1 ? trans.__('%1 of them', item.count.toLocaleString()) : '';
  }
}
