/**
 * The packages that a lockfile holds: all of them, folded up, and which of them were wanted for their own sake.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { ILockfileReport, IPackage } from '../api/types';
import { readFields } from './environment-text';
import { parseRequirement } from './requirement';

/** The packages that no other one needs, as people say them: `numpy 2.3.5`. */
export function mainPackages(report: ILockfileReport): string[] {
  const locked = new Set(report.packages.map(item => item.name));
  try {
    const wanted = readFields(report.specification).packages.map(parseRequirement);
    return wanted.flatMap(item =>
      item && locked.has(item.name) ? [`${item.name} ${item.constraint.replace(/^==/, '')}`] : []
    );
  } catch {
    return [];
  }
}

export function LockedPackages(props: {
  packages: ReadonlyArray<IPackage>;
  trans: TranslationBundle;
}): React.ReactElement {
  const { packages, trans } = props;
  return (
    <details className="envstore-locked">
      <summary>{trans._n('%1 package', 'All %1 packages', packages.length)}</summary>
      <ul tabIndex={0} aria-label={trans.__('Packages')}>
        {packages.map(({ name, version, build }) => (
          <li key={name}>
            <span className="envstore-clip">{name}</span>
            <span className="envstore-mono">{version}</span>
            <span className="envstore-mono envstore-muted envstore-clip">{build}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
