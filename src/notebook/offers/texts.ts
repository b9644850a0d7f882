/**
 * What the line below a cell says. Pure.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { isToInstall } from './installations';
import type { IOfferState } from './line';
import type { IAddOffer } from './offer';

/** What is the matter, in one sentence; names stand between backquotes. */
export function offerText(state: IOfferState, trans: TranslationBundle): string {
  const { offer, environment, running } = state;
  switch (offer.kind) {
    case 'add':
      return trans._n(
        '%2 is not in %3 v%4.',
        '%2 are not in %3 v%4.',
        offer.lacks.length,
        listed(offer.lacks),
        environment,
        running
      );
    case 'building':
      return offer.isWithIt
        ? trans._n(
            '%2 is not in %3 v%4. A version with it is being built.',
            '%2 are not in %3 v%4. A version with them is being built.',
            offer.lacks.length,
            listed(offer.lacks),
            environment,
            running
          )
        : trans._n(
            '%2 is not in %3 v%4. %3 is being built.',
            '%2 are not in %3 v%4. %3 is being built.',
            offer.lacks.length,
            listed(offer.lacks),
            environment,
            running
          );
    case 'restart':
      return trans._n(
        '%2 is in %3 v%4. This kernel runs v%5.',
        '%2 are in %3 v%4. This kernel runs v%5.',
        offer.has.length,
        listed(offer.has),
        environment,
        offer.version,
        running
      );
    case 'switch':
      return trans._n(
        '%2 is in %3 v%4. This notebook stays with v%5.',
        '%2 are in %3 v%4. This notebook stays with v%5.',
        offer.has.length,
        listed(offer.has),
        environment,
        offer.version,
        running
      );
    case 'rerun':
      return trans._n(
        '%2 is in %3 v%4. Run the cell again.',
        '%2 are in %3 v%4. Run the cell again.',
        offer.has.length,
        listed(offer.has),
        environment,
        running
      );
    case 'unknown':
      return offer.index === 'has none'
        ? trans.__(
            '%1 is not in %2 v%3, and neither its channels nor PyPI have a package called %4. Is it a file of yours?',
            listed([offer.module]),
            environment,
            running,
            listed([offer.name])
          )
        : trans.__(
            '%1 is not in %2 v%3, and its channels have no package called %4. Is it a file of yours?',
            listed([offer.module]),
            environment,
            running,
            listed([offer.name])
          );
    case 'unnamed':
      return changedAs(trans);
  }
}

/** What is to be known besides, when a cell was to install something. */
export function notesOf({ offer, installation }: IOfferState, trans: TranslationBundle): string[] {
  if (!isToInstall(installation) || (offer.kind !== 'add' && offer.kind !== 'unnamed')) {
    return [];
  }
  const { leftOut } = installation;
  return [
    ...(offer.kind === 'add' ? [changedAs(trans)] : []),
    ...(leftOut.length > 0 ? [leftOutText(leftOut, trans)] : [])
  ];
}

/** What the button that adds would do. */
export function addTitle({ packages, pip }: IAddOffer, trans: TranslationBundle): string {
  const title = trans.__('Show what that would change; nothing is built yet');
  return packages.length > 0 && pip.length > 0
    ? `${title}. ${trans.__('To come with pip: %1', pip.join(', '))}`
    : title;
}

/** Why the command of the cell did nothing, whatever it printed. */
function changedAs(trans: TranslationBundle): string {
  return trans.__('Environments are changed as versions, not from a cell.');
}

/** What of a command is not taken, so that nobody wonders. */
export function leftOutText(leftOut: ReadonlyArray<string>, trans: TranslationBundle): string {
  const words: Readonly<Record<string, string>> = {
    address: trans.__('an address'),
    file: trans.__('a file'),
    other: trans.__('what names no package'),
    '-r': trans.__('the file of %1', '-r'),
    '--requirement': trans.__('the file of %1', '--requirement'),
    '--file': trans.__('the file of %1', '--file')
  };
  return trans.__('Left out: %1.', leftOut.map(what => words[what] ?? what).join(', '));
}

function listed(names: ReadonlyArray<string>): string {
  return names.map(name => `\`${name}\``).join(', ');
}
