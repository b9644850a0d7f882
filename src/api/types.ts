/**
 * What travels between the server and this extension: the server's schemas, and what is convenient beside them.
 */
import type { IBuild, IEnvironment } from './schema';

export type * from './schema';

/** A part of a list: `next` is the cursor of the following part, null at the end; `total` counts all. */
export interface IPage<T> {
  readonly items: ReadonlyArray<T>;
  readonly next: string | null;
  readonly total: number;
}

/** A file that the server sent to be kept. */
export interface ISentFile {
  /** What the server calls it. */
  readonly name: string;
  readonly text: string;
}

export type BuildKind = IBuild['kind'];
export type BuildState = IBuild['state'];
export type EnvironmentState = IEnvironment['state'];

/** States from which a build still goes on. */
export const ACTIVE_STATES: ReadonlyArray<BuildState> = [
  'queued',
  'locking',
  'fetching',
  'installing',
  'registering'
];

/** Whether a build still goes on. */
export function isActive(build: IBuild): boolean {
  return ACTIVE_STATES.includes(build.state);
}

/** Whether an answer that may be either is a build. */
export function isBuild(answer: IBuild | IEnvironment): answer is IBuild {
  return 'kind' in answer;
}
