/**
 * What of an environment waits for a person: a version that is ready, and updates that are prepared on their own. Pure.
 */
import type { IEnvironment } from '../api/types';

/** The number of the version that is ready and waits to be activated; null when none does. */
export function offeredVersion(environment: IEnvironment): number | null {
  const { offered_version: offered, active_version: active } = environment;
  return offered === active ? null : offered;
}

/** How often an update is prepared. */
export function scheduleOf(environment: IEnvironment | undefined): IEnvironment['schedule'] {
  return environment?.schedule ?? 'off';
}
