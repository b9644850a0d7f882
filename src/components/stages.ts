/**
 * What a build is doing, and why it failed, in few words.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { isActive, type IBuild, type IErrorReport } from '../api/types';
import { formatBytes } from './formatting';
import type { Mark } from './state-mark';

/** Kinds of builds that begin with a lock; one that creates an environment may do so too. */
const LOCKED: ReadonlyArray<IBuild['kind']> = ['import', 'repair', 'rebuild', 'restore'];

/** The mark of a build. */
export function markOf(build: IBuild): Mark {
  if (build.state === 'queued') {
    return 'waiting';
  }
  if (isActive(build)) {
    return 'busy';
  }
  return build.state as 'ready' | 'failed' | 'cancelled';
}

/**
 * What a build that goes on is doing: "Installing 88 of 142".
 *
 * @param before - How many builds are to be done before it, where that is known.
 */
export function stageText(build: IBuild, trans: TranslationBundle, before = 0): string {
  const { done, total, bytes_done: bytesDone, bytes_total: bytesTotal } = build.progress;
  if (build.cancel_requested) {
    return trans.__('Cancelling');
  }
  switch (build.state) {
    case 'queued':
      return before
        ? trans._n('Waiting, %1 build before it', 'Waiting, %1 builds before it', before)
        : trans.__('Waiting');
    case 'locking':
      return lockingText(build, trans);
    case 'fetching':
      if (total && bytesTotal) {
        return trans.__(
          'Fetching %1 of %2, %3 of %4',
          done,
          total,
          formatBytes(bytesDone),
          formatBytes(bytesTotal)
        );
      }
      return total ? trans.__('Fetching %1 of %2', done, total) : trans.__('Fetching');
    case 'installing':
      return total ? trans.__('Installing %1 of %2', done, total) : trans.__('Installing');
    case 'registering':
      return trans.__('Setting up the kernel');
    case 'ready':
      return trans.__('Ready');
    case 'failed':
      return build.error ? reasonText(build.error, trans) : trans.__('Failed');
    case 'cancelled':
      return trans.__('Cancelled');
  }
}

/** What a build does that finds its lock: versions are found only where there is none yet. */
export function lockingText(build: IBuild, trans: TranslationBundle): string {
  const isLocked = LOCKED.includes(build.kind) || build.progress.step === 'read-lock';
  return isLocked ? trans.__('Reading the lock') : trans.__('Finding versions');
}

/** Why something failed, in at most five words; the error's message says it in full. */
export function reasonText(error: IErrorReport, trans: TranslationBundle): string {
  switch (error.code) {
    case 'unsolvable':
    case 'lock_failed':
      return trans.__('No versions fit together');
    case 'package_not_found':
      return trans.__('Package not found');
    case 'platform_not_supported':
      return trans.__('Not for this platform');
    case 'channel_unavailable':
      return trans.__('A channel does not answer');
    case 'invalid_specification':
      return trans.__('The specification has an error');
    case 'index_unavailable':
      return trans.__('A package index does not answer');
    case 'source_not_allowed':
      return trans.__('A pip package needs consent');
    case 'not_allowed':
    case 'channel_not_allowed':
      return trans.__('Not allowed here');
    case 'hash_mismatch':
      return trans.__('A file was changed');
    case 'download_failed':
      return trans.__('A download failed');
    case 'disk_full':
      return trans.__('Not enough room');
    case 'broken_prefix':
      return trans.__('Installed files are damaged');
    case 'interrupted':
    case 'worker_died':
      return trans.__('Stopped with the server');
    case 'kernels_folder_unwritable':
    case 'kernel_not_registered':
      return trans.__('The kernel is not set up');
    case 'store_unusable':
    case 'store_read_only':
      return trans.__('The store cannot be written');
    default:
      return trans.__('The build failed');
  }
}

/** Seconds since a build began, by the clock of this machine; of one that ended, how long it took. */
export function elapsed(build: IBuild, now: number): number {
  const begin = Date.parse(build.started ?? build.created);
  const end = build.finished ? Date.parse(build.finished) : now;
  return Math.max(0, (end - begin) / 1000);
}
