/**
 * Whether what a notebook carries can be built here, and what is in the way. The server has the last word. Pure.
 */
import type { ILockfileChannel, INotebookEnvironment } from '../../tokens';

/** Remarks about channels that a person may allow. */
const TO_ALLOW = ['channel_not_allowed', 'not_allowed'];
/** What is said of a lock that has nothing for this machine. */
const OTHER_PLATFORM = 'invalid_lockfile';

/** What is to be known of an environment before it is built. */
export interface IJudgement {
  /** Channels that the store does not use and may use. */
  readonly strange: ReadonlyArray<ILockfileChannel>;
  /** What is in the way and cannot be allowed. */
  readonly obstacles: ReadonlyArray<string>;
  /** What is worth knowing, and what is found out before anything is built. */
  readonly notes: ReadonlyArray<string>;
  /** Whether it has a lock, for other platforms, and could be locked anew for this one. */
  readonly isRelockable: boolean;
  /** Whether it can be built, once these channels are allowed. */
  readonly isPossible: boolean;
}

/**
 * @param relock - Whether what was asked for is to be locked anew.
 */
export function judge(carried: INotebookEnvironment, relock: boolean): IJudgement {
  const strange = carried.channels.filter(channel => !channel.configured && channel.allowable);
  const isElsewhere = carried.locked && !carried.platforms.includes(carried.platform);
  const isRelockable = isElsewhere && carried.specification !== '';
  const obstacles = carried.remarks.filter(
    ({ severity, code }) =>
      severity === 'error' &&
      !(TO_ALLOW.includes(code) && strange.length > 0 && isAboutChannels(carried, code)) &&
      !(isRelockable && code === OTHER_PLATFORM)
  );
  return {
    strange,
    obstacles: obstacles.map(({ message }) => message),
    notes: carried.remarks.filter(({ severity }) => severity !== 'error').map(({ message }) => message),
    isRelockable,
    isPossible: obstacles.length === 0 && (!isRelockable || relock)
  };
}

/** What is asked for without a lock is refused for its channels with the general code. */
function isAboutChannels(carried: INotebookEnvironment, code: string): boolean {
  return code === 'channel_not_allowed' || !carried.locked;
}
