/**
 * A build as the four stages that a person sees, and how far it is in numbers. Pure: no text for people is made here.
 */
import type { BuildState, IBuild } from '../api/types';

export type StageName = 'lock' | 'fetch' | 'install' | 'kernel';

/** `none` is a stage that was passed without work, such as fetching when every package was there already. */
export type StageMark = 'done' | 'none' | 'busy' | 'failed' | 'stopped' | 'todo';

/** One stage of a build. */
export interface IStage {
  readonly name: StageName;
  readonly mark: StageMark;
  /** How long it took, in seconds, once it has ended. */
  readonly seconds: number | null;
}

const STATES: ReadonlyArray<readonly [StageName, BuildState]> = [
  ['lock', 'locking'],
  ['fetch', 'fetching'],
  ['install', 'installing'],
  ['kernel', 'registering']
];

const STEPS: Readonly<Record<string, StageName>> = {
  repodata: 'lock',
  solve: 'lock',
  'read-lock': 'lock',
  'write-lock': 'lock',
  wheels: 'fetch',
  download: 'fetch',
  link: 'install',
  'link-wheels': 'install',
  bytecode: 'install',
  verify: 'install',
  publish: 'install',
  activate: 'kernel'
};

/** The stages of a build, in order. */
export function stagesOf(build: IBuild): IStage[] {
  const current = currentStage(build);
  const position = STATES.findIndex(([name]) => name === current);
  return STATES.map(([name, state], index) => {
    const seconds = build.seconds[state] ?? null;
    return { name, seconds, mark: markOf(build, index, position, seconds) };
  });
}

function markOf(build: IBuild, index: number, position: number, seconds: number | null): StageMark {
  if (build.state === 'ready' || index < position) {
    return seconds === null ? 'none' : 'done';
  }
  if (index > position) {
    return 'todo';
  }
  switch (build.state) {
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'stopped';
    default:
      return 'busy';
  }
}

/** The stage that a build is in, or ended in; null while it waits, and when it ended before the first. */
export function currentStage(build: IBuild): StageName | null {
  const running = STATES.find(([, state]) => state === build.state);
  if (running) {
    return running[0];
  }
  if (build.state === 'failed' || build.state === 'cancelled') {
    const timed = STATES.filter(([, state]) => build.seconds[state] !== undefined).pop()?.[0];
    return STEPS[build.progress.step] ?? timed ?? (build.started === null ? null : 'lock');
  }
  return null;
}

/** Seconds that a build has taken until now, or took; null before it began. */
export function elapsedSeconds(build: IBuild, now: Date): number | null {
  if (build.started === null) {
    return null;
  }
  const end = build.finished === null ? now.getTime() : Date.parse(build.finished);
  return Math.max(0, (end - Date.parse(build.started)) / 1000);
}
