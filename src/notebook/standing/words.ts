/**
 * How a notebook stands to its kernel, in words. Pure but for the language.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { carriedHere, isSameEnvironment } from '../../model/carried';
import { readReference } from '../../model/references';
import type { IKernelInUse, INotebookState } from '../../tokens';
import { carriedName, versionName } from '../version-words';

/** How it stands, for whoever draws or says it. */
export interface IStandingWords {
  /** Its mark: a tick, a triangle, or an empty ring. */
  readonly mark: 'ok' | 'warn' | 'none';
  /** In the toolbar, beside the kernel's name. */
  readonly label: string;
  /** A whole sentence without its full stop. */
  readonly title: string;
  /** Of the popup. */
  readonly heading: string;
  /** Below the heading; empty where nothing is to be said. */
  readonly text: string;
}

/** What of a standing has to be known. */
export interface IStands {
  readonly kernel: IKernelInUse | null;
  readonly state: INotebookState | null;
  /** Whether the next saving lets the notebook carry what it runs on. */
  readonly isFollowing?: boolean;
}

/** The name of what the notebook runs on: "geo v3", a kernel's own title, or "no kernel". */
export function runsOn({ kernel, state }: IStands, trans: TranslationBundle): string {
  return state?.environment
    ? versionName(state.environment, trans)
    : (kernel?.title ?? trans.__('no kernel'));
}

/** Null when there is nothing to say: the kernel is none of ours, and nothing is carried. */
export function wordsOf(stands: IStands, trans: TranslationBundle): IStandingWords | null {
  const { state } = stands;
  switch (state?.state) {
    case 'agrees':
      return {
        mark: 'ok',
        label: trans.__('Embedded'),
        title: trans.__('Runs on %1 and carries it', runsOn(stands, trans)),
        heading: trans.__('Carries what it runs on'),
        text: ''
      };
    case 'differs':
      return differing(stands, state, trans);
    case 'missing':
      return missing(stands, state, trans);
    case 'none':
      return state.environment
        ? {
            mark: 'none',
            label: trans.__('Not embedded'),
            title: trans.__('Runs on %1 and carries no environment', runsOn(stands, trans)),
            heading: trans.__('Carries no environment'),
            text: stands.isFollowing
              ? trans.__(
                  'Saving the notebook embeds it: others can then build the same packages from this file alone.'
                )
              : trans.__('Embed it and others can build the same packages from this file alone.')
          }
        : null;
  }
  return null;
}

/** How it stands, for the panel: there nothing beside it says which kernel it is. */
export function panelWords(
  stands: IStands,
  trans: TranslationBundle
): { readonly mark: IStandingWords['mark']; readonly text: string } {
  const words = wordsOf(stands, trans);
  switch (words && stands.state?.state) {
    case 'agrees':
      return { mark: 'ok', text: trans.__('Carries %1, matches the kernel', runsOn(stands, trans)) };
    case 'none':
      return { mark: 'none', text: trans.__('Runs on %1, carries no environment', runsOn(stands, trans)) };
    case 'differs':
    case 'missing':
      return { mark: words!.mark, text: words!.title };
  }
  return {
    mark: 'none',
    text: stands.kernel ? trans.__('Runs on %1', stands.kernel.title) : trans.__('Has no kernel')
  };
}

function differing(stands: IStands, state: INotebookState, trans: TranslationBundle): IStandingWords {
  const runs = runsOn(stands, trans);
  const here = carriedHere(state);
  const version = here === null ? null : readReference(here);
  if (version && isSameEnvironment(here!, state.environment)) {
    const { number } = version;
    return {
      // Nothing has to be done about it.
      mark: stands.isFollowing ? 'none' : 'warn',
      label: trans.__('Carries v%1', number),
      title: stands.isFollowing
        ? trans.__('Runs on %1 and carries version %2 until it is saved', runs, number)
        : trans.__('Runs on %1 but carries version %2', runs, number),
      heading: trans.__('Carries another version'),
      text: stands.isFollowing ? trans.__('Saving the notebook embeds %1.', runs) : ''
    };
  }
  const name = carriedName(state, trans);
  return {
    mark: 'warn',
    label: version ? trans.__('Carries %1', name) : trans.__('Carries another'),
    title: version
      ? trans.__('Runs on %1 but carries %2', runs, name)
      : trans.__('Runs on %1 but carries %2, which is not here', runs, name),
    heading: trans.__('Carries another environment'),
    text: version
      ? ''
      : trans.__('It is not here. It can be built from this notebook, beside the one that it runs on.')
  };
}

function missing(stands: IStands, state: INotebookState, trans: TranslationBundle): IStandingWords {
  if (state.problem) {
    return {
      mark: 'warn',
      label: trans.__('Environment unusable'),
      title: trans.__('Runs on %1 and carries an environment that cannot be used', runsOn(stands, trans)),
      heading: trans.__('What it carries cannot be used'),
      text: state.problem
    };
  }
  return {
    mark: 'warn',
    label: trans.__('Environment missing'),
    title: trans.__('Carries %1, which is not here', carriedName(state, trans)),
    heading: trans.__('Carries an environment that is not here'),
    text: trans.__('It can be built from this notebook alone.')
  };
}
