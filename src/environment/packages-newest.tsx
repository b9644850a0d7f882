/**
 * The newest version of a package, and what stands between it and the one that is locked.
 */
import React from 'react';

import { useTranslation } from '../components/translation';
import type { Versions } from './newest';
import type { IRow } from './rows';
import { compareVersions, fits, isPin, raised } from './version-fit';

interface INewestProps {
  row: IRow;
  /** Null as long as they are not known. */
  versions: Versions | null;
  /** Why a package cannot be upgraded by itself now; null when it can. */
  hindrance: string | null;
  onUpgrade: () => void;
}

/** Whether a newer version could be had without changing what is asked for. */
export function canUpgrade(row: IRow, versions: Versions | null): boolean {
  const newest = versions?.[0];
  return (
    row.change === null &&
    !row.entry.isAddress &&
    row.locked !== null &&
    newest !== undefined &&
    isNewer(newest, row.locked.version) &&
    fits(newest, row.entry.constraint) !== false
  );
}

/** What to ask for so that the newest version is taken; null where it cannot be written, or there is nothing newer. */
export function upgraded(row: IRow, versions: Versions | null): string | null {
  return canUpgrade(row, versions) ? raised(row.entry.constraint, versions![0]!) : null;
}

/**
 * The version that a changed row is likely to end with, and whether it is the one that is locked: an edit changes only
 * what it must.
 *
 * @returns Null where no known version fits.
 */
export function expected(row: IRow, versions: Versions | null): { version: string; stays: boolean } | null {
  const { locked, entry } = row;
  if (locked && fits(locked.version, entry.constraint)) {
    return { version: locked.version, stays: true };
  }
  const best = versions?.find(version => fits(version, entry.constraint));
  return best === undefined ? null : { version: best, stays: false };
}

export function Newest(props: INewestProps): React.ReactElement | null {
  const { row, versions } = props;
  const trans = useTranslation();
  const { name, entry, change, locked } = row;
  const newest = versions?.[0];
  if (change?.kind === 'removed') {
    return <span className="envstore-muted">{trans.__('will be removed')}</span>;
  }
  if (versions === null || newest === undefined || entry.isAddress) {
    return null;
  }
  if (change) {
    const likely = expected(row, versions);
    const text = !likely
      ? trans.__('%1 is the newest', newest)
      : likely.stays
        ? trans.__('%1 can stay', likely.version)
        : trans.__('%1 will be tried', likely.version);
    return (
      <span className="envstore-muted" title={text}>
        {text}
      </span>
    );
  }
  if (!locked || !isNewer(newest, locked.version)) {
    return <span className="envstore-muted">{locked ? trans.__('newest') : newest}</span>;
  }
  if (!canUpgrade(row, versions)) {
    const why = isPin(entry.constraint) ? trans.__('held by pin') : trans.__('held by %1', entry.constraint);
    return (
      <span className="envstore-muted" title={`${newest} ${why}`}>
        <span className="envstore-mono">{newest}</span> {why}
      </span>
    );
  }
  return (
    <span className="envstore-newer">
      <span className="envstore-mono">{newest}</span>
      <button
        type="button"
        className="envstore-link"
        aria-label={trans.__('Upgrade %1', name)}
        title={props.hindrance ?? undefined}
        disabled={props.hindrance !== null}
        onClick={props.onUpgrade}
      >
        {trans.__('Upgrade')}
      </button>
    </span>
  );
}

function isNewer(newest: string, locked: string): boolean {
  return newest !== locked && (compareVersions(newest, locked) ?? 1) > 0;
}
