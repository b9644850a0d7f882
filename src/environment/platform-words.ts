/**
 * How it stands with a platform, in words. Pure but for the language.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IMissingPackage, IPlatformReport } from '../api/types';

/** In a few words: "win-64: 1 package has no build". */
export function standingText(report: IPlatformReport, trans: TranslationBundle): string {
  const { platform, standing, own } = report;
  switch (standing) {
    case 'covered':
      return own ? trans.__('%1, this machine', platform) : platform;
    case 'solvable':
      return trans.__('%1 can be added', platform);
    case 'unsolved':
      return trans.__('%1: %2', platform, hindranceText(report, trans));
    case 'unchecked':
      return trans.__('%1 not checked', platform);
  }
}

/** What stands in the way of a platform. */
export function hindranceText(report: IPlatformReport, trans: TranslationBundle): string {
  const count = report.explanation?.missing.length ?? 0;
  return count > 0
    ? trans._n('%1 package has no build', '%1 packages have no build', count)
    : trans.__('no versions fit together');
}

/** What there is of a package that is missing on a platform: "the newest there is 2.1.3". */
export function missingText(missing: IMissingPackage, trans: TranslationBundle): string {
  const { newest, below, above } = missing;
  if (newest === null) {
    return trans.__('not there in any version');
  }
  const near = [below, above].filter(version => version !== null && version !== newest);
  return near.length > 0
    ? trans.__('the newest there is %1, the nearest %2', newest, near.join(', '))
    : trans.__('the newest there is %1', newest);
}
