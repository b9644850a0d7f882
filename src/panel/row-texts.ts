/**
 * What a row of the list says, from what is known of its environment.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { isActive, type IBuild, type IEnvironment } from '../api/types';
import { formatBytes, sizeTitle } from '../components/formatting';
import { markOf, stageText } from '../components/stages';
import type { Mark } from '../components/state-mark';

/** The build that a row tells of: one that goes on, or the last one when it failed. */
export function buildOf(environment: IEnvironment): IBuild | null {
  const { build } = environment;
  return build && (isActive(build) || build.state === 'failed') ? build : null;
}

export function rowMark(environment: IEnvironment): Mark {
  const build = buildOf(environment);
  if (build) {
    return markOf(build);
  }
  switch (environment.state) {
    case 'ready':
      return 'ready';
    case 'failed':
    case 'broken':
      return 'failed';
    case 'building':
      return 'busy';
    default:
      return 'away';
  }
}

/** Version and size, or what stands in their place. */
export function rowFacts(environment: IEnvironment, trans: TranslationBundle): [string, string] {
  const { active_version: version, state, size } = environment;
  if (version === null) {
    return ['', trans.__('not built')];
  }
  const facts = { freed: trans.__('freed'), broken: trans.__('damaged') } as Partial<Record<string, string>>;
  return [`v${version}`, facts[state] ?? formatBytes(size)];
}

/** What the second fact of a row is, where it does not say so itself. */
export function factTitle(environment: IEnvironment, trans: TranslationBundle): string | undefined {
  const isSize = environment.active_version !== null && !['freed', 'broken'].includes(environment.state);
  return isSize ? sizeTitle(trans) : undefined;
}

/** What a screen reader says of a row. */
export function rowLabel(environment: IEnvironment, trans: TranslationBundle): string {
  const build = buildOf(environment);
  const [version, fact] = rowFacts(environment, trans);
  const state = build ? stageText(build, trans) : rowMark(environment) === 'ready' ? trans.__('ready') : fact;
  return [environment.name, version, state].filter(Boolean).join(', ');
}

/** How many builds are to be done before one that waits. */
export function buildsBefore(build: IBuild, environments: ReadonlyArray<IEnvironment>): number {
  return environments.filter(({ build: other }) => other && isActive(other) && other.id < build.id).length;
}

/** Whether the failure is one that the same build might get over. */
export function isWorthRetrying(build: IBuild): boolean {
  return ['interrupted', 'worker_died', 'channel_unavailable', 'download_failed', 'disk_full'].includes(
    build.error?.code ?? ''
  );
}
