/**
 * The builds of an environment as a list of attempts: what each was for, and when it was. Pure but for the language.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { isActive, type IBuild } from '../api/types';
import { formatTime } from '../components/formatting';
import { lockingText, reasonText } from '../components/stages';

/**
 * The number of the version that a build made, or would make.
 *
 * @param builds - All known builds of the environment, the newest first.
 */
export function numberOf(build: IBuild, builds: ReadonlyArray<IBuild>): number {
  if (build.version !== null) {
    return build.version;
  }
  const made = (fits: (other: IBuild) => boolean): number[] =>
    builds.filter(fits).flatMap(other => (other.version === null ? [] : [other.version]));
  const earlier = made(other => other.id < build.id);
  if (earlier.length > 0) {
    return Math.max(...earlier) + 1;
  }
  // Those before it may be on a page that was not read: then what came next.
  const later = made(other => other.id > build.id);
  return later.length > 0 ? Math.min(...later) : 1;
}

/** Whether a build makes the files of a version that there is already, and no new version. */
export function isAgain({ kind }: IBuild): boolean {
  return kind === 'repair' || kind === 'rebuild';
}

/** What an attempt was for: "Version 4", "For version 5", "Attempt after version 4", "Repair version 4". */
export function attemptTitle(build: IBuild, number: number, trans: TranslationBundle): string {
  if (build.version !== null) {
    return trans.__('Version %1', build.version);
  }
  if (isAgain(build)) {
    return build.message || (build.kind === 'repair' ? trans.__('Repair') : trans.__('Built again'));
  }
  if (isActive(build)) {
    return trans.__('For version %1', number);
  }
  return number > 1 ? trans.__('Attempt after version %1', number - 1) : trans.__('Attempt at version 1');
}

/** How an attempt is or went, and when: "Installing, started 14:02". */
export function attemptNote(build: IBuild, now: Date, trans: TranslationBundle): string {
  const began = formatDay(new Date(build.started ?? build.created), now, trans);
  if (build.cancel_requested && isActive(build)) {
    return trans.__('Cancelling');
  }
  switch (build.state) {
    case 'queued':
      return trans.__('Waiting since %1', formatDay(new Date(build.created), now, trans));
    case 'locking':
      return trans.__('%1, started %2', lockingText(build, trans), began);
    case 'fetching':
      return trans.__('Fetching, started %1', began);
    case 'installing':
      return trans.__('Installing, started %1', began);
    case 'registering':
      return trans.__('Setting up the kernel, started %1', began);
    case 'failed':
      return `${build.error ? reasonText(build.error, trans) : trans.__('Failed')}, ${began}`;
    case 'cancelled':
      return trans.__('Cancelled, %1', began);
    case 'ready':
      return began;
  }
}

/** A moment as one speaks of it: `14:02` today, `Yesterday 17:20`, before that the date. */
export function formatDay(date: Date, now: Date, trans: TranslationBundle): string {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) {
    return formatTime(date);
  }
  if (date.toDateString() === yesterday.toDateString()) {
    return trans.__('Yesterday %1', formatTime(date));
  }
  return date.toLocaleDateString(undefined, { dateStyle: 'medium' });
}
