/**
 * What is said when a notebook's environment is offered. Pure but for the language.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { formatBytes } from '../../components/formatting';
import { plainText } from '../../components/strange-text';
import type { INotebookEnvironment } from '../../tokens';
import { versionName } from '../version-words';

/** For what the environment is wanted. */
export type Occasion =
  /** The kernel that the notebook names is not here; empty where it names none. */
  | { readonly kind: 'missing'; readonly kernel: string }
  /** The notebook runs on a kernel that has other packages. */
  | { readonly kind: 'differs'; readonly kernel: string }
  /** An environment is to be made from a file. */
  | { readonly kind: 'create'; readonly file: string };

/** What the answer to the question leads to. */
export interface IPossible {
  /** Whether anything can be built, so that there is a question. */
  readonly isOffered: boolean;
  /** Whether what was asked for is locked anew, whatever lock there is. */
  readonly relock: boolean;
}

/** The sentence that begins the dialog. It asks for what the button says. */
export function questionWords(
  carried: INotebookEnvironment | null,
  occasion: Occasion,
  { isOffered, relock }: IPossible,
  trans: TranslationBundle
): string {
  if (occasion.kind === 'create') {
    return createWords(isOffered ? carried : null, occasion.file, relock, trans);
  }
  const why = whyWords(occasion, trans);
  if (carried === null || !isOffered) {
    return why;
  }
  const before = carried.existing[0];
  if (before !== undefined) {
    const again = trans.__(
      'The same packages were built before as %1, whose files were freed. Build them again?',
      versionName(before, trans)
    );
    return `${why} ${again}`;
  }
  if (!carried.locked) {
    return `${why} ${trans.__('Build what it asks for? Versions are chosen when it is built.')}`;
  }
  return relock
    ? `${why} ${trans.__('Build what it asks for, with versions that are chosen now?')}`
    : `${why} ${trans.__('Build the same packages from the lock in the file?')}`;
}

/** The same for a file that an environment is to be made from; null where none can be made. */
function createWords(
  carried: INotebookEnvironment | null,
  file: string,
  relock: boolean,
  trans: TranslationBundle
): string {
  if (carried === null) {
    return trans.__('No environment can be created from %1.', file);
  }
  const question = trans.__('Create an environment from %1?', file);
  return carried.locked && !relock
    ? `${question} ${trans.__('It gets the same packages, from the lock in the file.')}`
    : `${question} ${trans.__('It gets what the notebook asks for. Versions are chosen when it is created.')}`;
}

function whyWords(occasion: Exclude<Occasion, { kind: 'create' }>, trans: TranslationBundle): string {
  if (occasion.kind === 'differs') {
    return trans.__('It runs on %1, which has other packages.', occasion.kernel);
  }
  return occasion.kernel
    ? trans.__('Its kernel, %1, is not on this server.', occasion.kernel)
    : trans.__('It names no kernel.');
}

/** What the notebook says that it was, and when that was locked. */
export function originWords(carried: INotebookEnvironment, trans: TranslationBundle): string {
  const name = versionName(carried.environment, trans) || plainText(carried.name);
  if (carried.convention !== 'envstore') {
    return trans.__('%1, as %2 asks for it', name, carried.convention);
  }
  const recorded = new Date(carried.recorded);
  return Number.isNaN(recorded.getTime())
    ? name
    : trans.__('%1, recorded %2', name, recorded.toLocaleDateString(undefined, { dateStyle: 'medium' }));
}

/** What is still to be fetched; empty where nothing is known of that. */
export function downloadWords(carried: INotebookEnvironment, trans: TranslationBundle): string {
  const { download, here, unknown_sizes: unknown } = carried;
  const all = carried.packages.length;
  if (all > 0 && here === all) {
    return trans._n('Nothing, its package is already here', 'Nothing, all %1 packages are already here', all);
  }
  return [
    download === null ? '' : formatBytes(download),
    unknown > 0 && download !== null
      ? trans._n('and %1 package of unknown size', 'and %1 packages of unknown size', unknown)
      : '',
    here > 0
      ? trans._n('%1 of %2 packages is already here', '%1 of %2 packages are already here', here, all)
      : ''
  ]
    .filter(part => part !== '')
    .join(', ');
}

/** What it takes on the disk; empty where that is not known. */
export function onDiskWords(carried: INotebookEnvironment, trans: TranslationBundle): string {
  const { size_on_disk: bytes, size_is_estimated: isEstimated } = carried;
  if (bytes === null) {
    return '';
  }
  return isEstimated ? trans.__('about %1', formatBytes(bytes)) : formatBytes(bytes);
}

/** How the notebook's lock fits this machine. */
export function platformWords(carried: INotebookEnvironment, trans: TranslationBundle): string {
  const { platform, platforms } = carried;
  if (!carried.locked) {
    return trans.__('%1, not locked yet', platform);
  }
  return platforms.includes(platform)
    ? trans.__('%1, locked', platform)
    : trans.__('not locked for %1, only for %2', platform, platforms.join(', '));
}

/** Names of which the first are said. */
export function firstOf(names: ReadonlyArray<string>, most: number): string {
  return names.slice(0, most).join(', ') + (names.length > most ? ', …' : '');
}
