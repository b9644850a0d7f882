/**
 * What a preview would change, package by package, with the reason of each.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPackageChange } from '../api/types';
import { formatBytes } from '../components/formatting';
import { useTranslation } from '../components/translation';
import { KINDS, KindSign, type ChangeKind } from './change-kinds';

interface IPreviewTableProps {
  changes: ReadonlyArray<IPackageChange>;
  label: string;
  /** The versions that are set against each other. */
  before: number;
  after: number;
}

export function PreviewTable(props: IPreviewTableProps): React.ReactElement {
  const { changes, before, after } = props;
  const trans = useTranslation();
  return (
    <table className="envstore-table envstore-table-preview" aria-label={props.label}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Package')}</th>
          <th scope="col">{trans.__('Version %1', before)}</th>
          <th scope="col">{trans.__('Version %1', after)}</th>
          <th scope="col">{trans.__('Why')}</th>
          <th scope="col" className="jp-mod-right">
            {trans.__('Download')}
          </th>
        </tr>
      </thead>
      <tbody>
        {KINDS.map(kind => (
          <Group key={kind} kind={kind} changes={changes.filter(change => change.kind === kind)} />
        ))}
      </tbody>
    </table>
  );
}

function Group(props: {
  kind: ChangeKind;
  changes: ReadonlyArray<IPackageChange>;
}): React.ReactElement | null {
  const { kind, changes } = props;
  const trans = useTranslation();
  if (changes.length === 0) {
    return null;
  }
  return (
    <>
      <tr className="jp-mod-group">
        <td colSpan={5}>{groupTitle(kind, changes.length, trans)}</td>
      </tr>
      {changes.map(change => (
        <tr key={`${change.manager} ${change.name}`}>
          <td title={change.name}>
            <span className="envstore-change">
              <KindSign kind={kind} />
              {change.name}
            </span>
          </td>
          <Side version={change.before} build={kind === 'rebuilt' ? change.before_build : null} />
          <Side version={change.after} build={kind === 'rebuilt' ? change.after_build : null} />
          <td className="envstore-muted" title={change.why.text}>
            {change.why.text}
          </td>
          <td className="jp-mod-right envstore-num">
            {change.size !== null ? formatBytes(change.size) : kind === 'removed' ? '' : trans.__('unknown')}
          </td>
        </tr>
      ))}
    </>
  );
}

function Side(props: { version: string | null; build: string | null }): React.ReactElement {
  const { version, build } = props;
  const text = build ? `${version} ${build}` : version;
  return (
    <td className="envstore-mono" title={text ?? undefined}>
      {text ?? <span className="envstore-muted">–</span>}
    </td>
  );
}

function groupTitle(kind: ChangeKind, count: number, trans: TranslationBundle): string {
  const number = count.toLocaleString();
  switch (kind) {
    case 'added':
      return trans.__('Added, %1', number);
    case 'upgraded':
      return trans.__('Upgraded, %1', number);
    case 'downgraded':
      return trans.__('Downgraded, %1', number);
    case 'rebuilt':
      return trans.__('Built anew, %1', number);
    case 'removed':
      return trans.__('Removed, %1', number);
  }
}
