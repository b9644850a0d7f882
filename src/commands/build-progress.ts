/**
 * Tells how a build goes that somebody waits for.
 */
import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IBuild } from '../api/types';
import { tellFailure } from '../components/failures';
import { stageText } from '../components/stages';
import { untilEnd } from '../model/build-end';
import { titleOf } from '../notebook/title-words';
import { CommandIDs, type IVersionName } from '../tokens';
import type { ICommandContext } from './context';
import { tellElsewhere } from './notifications';

/** Milliseconds for which is told how it ended. */
export const STAYS = 12_000;

/** What is needed to tell of a build. */
export type ProgressContext = Pick<ICommandContext, 'app' | 'model' | 'trans'>;

/**
 * Show in a notification how a build goes until it has ended. How it ended is the caller's to tell.
 *
 * @returns The build as it ended; null when nobody knows it any more.
 */
export async function showProgress(context: ProgressContext, build: IBuild): Promise<IBuild | null> {
  const { model, trans } = context;
  tellElsewhere(build.id);
  const told = Notification.emit(goingWords(build, trans), 'in-progress', {
    autoClose: false,
    progress: build.progress.fraction,
    actions: [{ label: trans.__('Show the build'), callback: () => showBuild(context, build) }]
  });
  const ended = await untilEnd(model, build, now => {
    Notification.update({ id: told, message: goingWords(now, trans), progress: now.progress.fraction });
  });
  Notification.dismiss(told);
  return ended;
}

/** Show a build in the tab of its environment. */
export function showBuild({ app }: Pick<ProgressContext, 'app'>, build: IBuild): void {
  const { namespace, name, id } = build;
  void app.commands.execute(CommandIDs.openEnvironment, { namespace, name, tab: 'builds', build: id });
}

/**
 * Tell that a notebook could run on a version whose files are there now: its kernel is at work, and is not taken away.
 *
 * @param go - Lets the notebook run on it.
 */
export function tellKept(
  notebook: NotebookPanel,
  version: IVersionName,
  go: () => Promise<unknown>,
  trans: TranslationBundle
): void {
  const name = trans.__('%1 v%2', version.name, version.number);
  const title = titleOf(notebook);
  const run = (): void =>
    void go().catch(error => tellFailure(trans.__('%1 keeps the kernel it has.', title), error, trans));
  const told = Notification.success(
    trans.__('%1 is ready. %2 goes on with the kernel that it has.', name, title),
    { autoClose: STAYS, actions: [{ label: trans.__('Switch to %1', name), callback: run }] }
  );
  notebook.disposed.connect(() => Notification.dismiss(told));
}

function goingWords(build: IBuild, trans: TranslationBundle): string {
  return `${build.name}: ${stageText(build, trans)}`;
}
