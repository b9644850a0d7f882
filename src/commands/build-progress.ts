/**
 * Tells how a build goes that somebody waits for.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { isActive, type IBuild } from '../api/types';
import { stageText } from '../components/stages';
import { CommandIDs, type IEnvStoreModel } from '../tokens';
import type { ICommandContext } from './context';
import { tellElsewhere } from './notifications';

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

/** Resolves with the build when it has ended, with null when nobody knows it any more. */
function untilEnd(
  model: IEnvStoreModel,
  build: IBuild,
  onProgress: (build: IBuild) => void
): Promise<IBuild | null> {
  return new Promise(resolve => {
    let sequence = build.sequence;
    const look = (): void => {
      const now = model.build(build.id);
      if (!now || !isActive(now)) {
        model.changed.disconnect(look);
        resolve(now ?? null);
      } else if (now.sequence !== sequence) {
        sequence = now.sequence;
        onProgress(now);
      }
    };
    model.changed.connect(look);
    look();
  });
}

function goingWords(build: IBuild, trans: TranslationBundle): string {
  return `${build.name}: ${stageText(build, trans)}`;
}
