/**
 * What one can do about the environment that a notebook carries. Every action is a command, so that it can be run from
 * anywhere else too. Pure but for the language.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { isPinnedKernel } from '../../commands/kernels';
import { reversed, type ChangeKind } from '../../environment/change-kinds';
import { carriedHere, isSameEnvironment } from '../../model/carried';
import { readReference } from '../../model/references';
import { CommandIDs } from '../../tokens';
import { versionName } from '../version-words';
import type { IStands } from './words';

/** A button. */
export interface IStandingAction {
  readonly label: string;
  readonly command: string;
  readonly args?: ReadonlyPartialJSONObject;
}

/** The buttons, the first of which is the main one where something is to be done. */
export interface IStandingActions {
  /** What mends it: none where all is well. */
  readonly mend: ReadonlyArray<IStandingAction>;
  readonly report: IStandingAction;
  readonly change: IStandingAction;
  /** Null where it does not stay at a version. */
  readonly unpin: IStandingAction | null;
  /** Null where what is carried was not put in by us. */
  readonly remove: IStandingAction | null;
}

export function actionsOf(stands: IStands, trans: TranslationBundle): IStandingActions {
  return {
    mend: mending(stands, trans),
    report: { label: trans.__('Report'), command: CommandIDs.reportNotebook },
    change: { label: trans.__('Change kernel…'), command: 'notebook:change-kernel' },
    unpin:
      stands.state?.environment && isPinnedKernel(stands.state.kernel)
        ? { label: trans.__('Unpin'), command: CommandIDs.unpinNotebook }
        : null,
    remove:
      stands.state?.convention === 'envstore' || stands.state?.problem
        ? { label: trans.__('Remove'), command: CommandIDs.strip }
        : null
  };
}

function mending({ kernel, state }: IStands, trans: TranslationBundle): IStandingAction[] {
  const runs = readReference(state?.environment ?? '');
  const isOurs = runs !== null && kernel?.version !== null;
  switch (state?.state) {
    case 'none':
      return isOurs ? [{ label: trans.__('Embed environment'), command: CommandIDs.embed }] : [];
    case 'differs':
    case 'missing': {
      const embed = isOurs ? [{ label: trans.__('Embed v%1', runs.number), command: CommandIDs.embed }] : [];
      if (state.problem) {
        return embed;
      }
      const here = carriedHere(state);
      const go = here === null ? building(trans) : switching(here, state.environment, trans);
      // What came from elsewhere is not to be replaced by whoever presses the first button.
      const isFollowing = here !== null && isSameEnvironment(here, state.environment);
      return isFollowing ? [...embed, go] : [go, ...embed];
    }
  }
  return [];
}

function building(trans: TranslationBundle): IStandingAction {
  return { label: trans.__('Build…'), command: CommandIDs.restoreNotebook };
}

function switching(reference: string, kernel: string, trans: TranslationBundle): IStandingAction {
  const { namespace, name, number } = readReference(reference)!;
  return {
    label: isSameEnvironment(reference, kernel)
      ? trans.__('Switch to v%1', number)
      : trans.__('Switch to %1', versionName(reference, trans)),
    command: CommandIDs.pinNotebook,
    args: { namespace, name, version: number }
  };
}

/** What becomes of its packages by the main action. */
export interface IStandingDifference {
  readonly changes: ReadonlyArray<{ readonly kind: ChangeKind }>;
  /** From where to where. */
  readonly title: string;
}

/**
 * How far it is to where the main action leads: from what the notebook runs on to what it carries, or the other way
 * round where that would be embedded. Null where it is not known.
 */
export function differing(stands: IStands, trans: TranslationBundle): IStandingDifference | null {
  const own = stands.state?.changes[0];
  if (!own) {
    return null;
  }
  // The server tells the way from what is carried.
  return actionsOf(stands, trans).mend[0]?.command === CommandIDs.embed
    ? { changes: own.changes, title: trans.__('From what it carries to what it runs on') }
    : {
        changes: own.changes.map(({ kind }) => ({ kind: reversed(kind) })),
        title: trans.__('From what it runs on to what it carries')
      };
}

/** Shows what it runs on beside what it carries, where that is here; else null. */
export function comparing({ state }: IStands, trans: TranslationBundle): IStandingAction | null {
  const here = state && carriedHere(state);
  const runs = readReference(state?.environment ?? '');
  return here && runs
    ? {
        label: trans.__('Compare'),
        command: CommandIDs.compareVersions,
        args: { namespace: runs.namespace, name: runs.name, version: runs.number, against: here }
      }
    : null;
}
