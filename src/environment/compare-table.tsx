/**
 * The packages that differ between two versions: those that a person asked for first.
 */
import React from 'react';

import type { IPackageChange } from '../api/types';
import { useTranslation } from '../components/translation';
import { KindSign } from './change-kinds';

interface ICompareTableProps {
  changes: ReadonlyArray<IPackageChange>;
  names: { before: string; after: string };
}

export function CompareTable({ changes, names }: ICompareTableProps): React.ReactElement {
  const trans = useTranslation();
  if (changes.length === 0) {
    return (
      <p className="envstore-muted" role="status">
        {trans.__('No change is of this kind.')}
      </p>
    );
  }
  return (
    <table className="envstore-table envstore-comparetable" aria-label={trans.__('Packages that differ')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Package')}</th>
          <th scope="col" title={names.before}>
            {names.before}
          </th>
          <th scope="col" title={names.after}>
            {names.after}
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map(change => (
          <tr key={`${change.manager} ${change.name}`}>
            <td title={change.why.text}>
              <ChangedName change={change} />
            </td>
            <Version
              version={change.before}
              build={change.before_build}
              isShown={change.kind === 'rebuilt'}
            />
            <Version version={change.after} build={change.after_build} isShown={change.kind === 'rebuilt'} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ChangedName({ change }: { change: IPackageChange }): React.ReactElement {
  const trans = useTranslation();
  return (
    <span className="envstore-change">
      <KindSign kind={change.kind} />
      {change.direct ? <b>{change.name}</b> : change.name}
      {change.manager === 'pip' && <span className="envstore-muted envstore-small">{trans.__('PyPI')}</span>}
    </span>
  );
}

function Version(props: {
  version: string | null;
  build: string | null;
  /** Whether the build tells what the version does not. */
  isShown: boolean;
}): React.ReactElement {
  const { version, build, isShown } = props;
  const trans = useTranslation();
  if (version === null) {
    return (
      <td className="envstore-mono">
        <span className="envstore-muted" aria-hidden="true">
          –
        </span>
        <span className="envstore-sr">{trans.__('not there')}</span>
      </td>
    );
  }
  return (
    <td className="envstore-mono" title={`${version} ${build ?? ''}`.trim()}>
      {version}
      {isShown && build && <span className="envstore-muted"> {build}</span>}
    </td>
  );
}
