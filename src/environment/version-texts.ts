/**
 * What a version says of itself in a list: when it was made, what lies on the disk. Pure but for the
 * language.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IBuild, IVersion } from '../api/types';
import { formatBytes } from '../components/formatting';

/** A moment as one speaks of it: "2 hours ago", "yesterday", before that the date. */
export function formatAgo(date: Date, now: Date, trans: TranslationBundle): string {
  const minutes = Math.floor((now.getTime() - date.getTime()) / 60_000);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (minutes < 1) {
    return trans.__('just now');
  }
  if (minutes < 60) {
    return trans._n('%1 minute ago', '%1 minutes ago', minutes);
  }
  if (date.toDateString() === now.toDateString()) {
    return trans._n('%1 hour ago', '%1 hours ago', Math.floor(minutes / 60));
  }
  if (date.toDateString() === yesterday.toDateString()) {
    return trans.__('yesterday');
  }
  return date.toLocaleDateString(undefined, { dateStyle: 'medium' });
}

/**
 * What a version takes on the disk, or what becomes of it when it is wanted again.
 *
 * @param builds - Builds of the environment: the one that made the version says how long making it takes.
 */
export function formatOnDisk(
  version: IVersion,
  builds: ReadonlyArray<IBuild>,
  trans: TranslationBundle
): string {
  if (version.prefix_state === 'ready') {
    return formatBytes(version.size);
  }
  if (version.prefix_state === 'broken') {
    return trans.__('damaged');
  }
  const seconds = secondsToRebuild(version.number, builds);
  if (seconds === null) {
    return trans.__('freed, is built again when needed');
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 1
    ? trans.__('freed, builds again in less than 1 min')
    : trans.__('freed, builds again in about %1 min', minutes);
}

/** How long making a version's files took, finding the versions left out; null when no build tells. */
function secondsToRebuild(number: number, builds: ReadonlyArray<IBuild>): number | null {
  const build = builds.find(item => item.version === number && item.state === 'ready');
  const parts = Object.entries(build?.seconds ?? {}).filter(
    ([state]) => state !== 'locking' && state !== 'queued'
  );
  return parts.length > 0 ? parts.reduce((sum, [, seconds]) => sum + seconds, 0) : null;
}

/** A version in a sentence or a list: "v5, Submitted with the paper". */
export function versionTitle(version: IVersion, trans: TranslationBundle): string {
  const parts = [
    version.active ? trans.__('active') : '',
    version.deleted ? trans.__('deleted') : '',
    version.message
  ].filter(Boolean);
  return [`v${version.number}`, ...parts].join(', ');
}
