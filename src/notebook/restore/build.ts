/**
 * The build that makes what a notebook carries: tells how it goes, and lets the notebook run on it in the end.
 */
import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { isActive, type IBuild } from '../../api/types';
import { tellElsewhere } from '../../commands/notifications';
import { reasonText, stageText } from '../../components/stages';
import { CommandIDs, type IEnvStoreModel, type IVersionName } from '../../tokens';
import type { IRestoreContext } from './context';
import { runOn } from './run-on';

/** Milliseconds for which is told how it ended. */
const STAYS = 12_000;

/**
 * Follow a build until it has ended.
 *
 * @param made - The version whose files it makes, where that is there already.
 * @returns Whether there is now a version for the notebook.
 */
export async function followBuild(
  context: IRestoreContext,
  panel: NotebookPanel,
  build: IBuild,
  made: IVersionName | null
): Promise<boolean> {
  const { answers, app, model, trans } = context;
  const { path } = panel.context;
  const title = panel.title.label;
  const show = {
    label: trans.__('Show the build'),
    callback: () => showBuild(context, build)
  };
  tellElsewhere(build.id);
  const told = Notification.emit(goingWords(build, trans), 'in-progress', {
    autoClose: false,
    progress: build.progress.fraction,
    actions: [show]
  });
  const ended = await untilEnd(model, build, now => {
    Notification.update({ id: told, message: goingWords(now, trans), progress: now.progress.fraction });
  });
  Notification.dismiss(told);
  await answers.forget(path);
  if (ended?.state === 'failed') {
    const reason = ended.error ? reasonText(ended.error, trans) : trans.__('The build failed');
    Notification.error(trans.__('%1 has no environment yet. %2: %3.', title, ended.name, reason), {
      autoClose: STAYS,
      actions: [{ label: trans.__('See why'), callback: () => showBuild(context, ended) }]
    });
  }
  const version = ended?.state === 'ready' ? (made ?? versionOf(ended)) : null;
  if (version === null) {
    return false;
  }
  if (!panel.isDisposed) {
    await runOn(context, panel, version);
    return true;
  }
  const { name, number } = version;
  Notification.success(
    trans.__('%1 v%2 is ready. %3 runs on it when it is opened again.', name, number, title),
    {
      autoClose: STAYS,
      actions: [
        {
          label: trans.__('Open'),
          callback: () => void app.commands.execute('docmanager:open', { path })
        }
      ]
    }
  );
  return true;
}

/** Show a build in the tab of its environment. */
export function showBuild({ app }: Pick<IRestoreContext, 'app'>, build: IBuild): void {
  const { namespace, name, id } = build;
  void app.commands.execute(CommandIDs.openEnvironment, { namespace, name, tab: 'builds', build: id });
}

/** The version that a build has made; null while it has made none. */
export function versionOf({ namespace, name, version }: IBuild): IVersionName | null {
  return version === null ? null : { namespace, name, number: version };
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
