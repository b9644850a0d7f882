/**
 * Tells that a build has finished, where the person does not look at it.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IBuild } from '../api/types';
import { reasonText } from '../components/stages';
import { offeredVersion } from '../environment/waiting';
import { keyOf } from '../model/environment-list';
import { CommandIDs } from '../tokens';
import type { ICommandContext } from './context';

/** When a finished build is told of: when its tab is not visible, always, or never. */
export type NotifyWhen = 'hidden' | 'always' | 'never';

/** Milliseconds for which a notification stays. */
const STAYS = 12_000;

/** Who is named as the author of updates that are planned. */
const SCHEDULE = 'schedule';

/** Builds of which somebody else tells, who knows better what they are for. */
const toldElsewhere = new Set<number>();

/** Do not tell of a build: whoever began it does. */
export function tellElsewhere(build: number): void {
  toldElsewhere.add(build);
}

/** Restarts a kernel that keeps an older version of a build's environment; null where there is none to restart. */
export type RestartFor = (build: IBuild) => (() => void) | null;

export function tellOfBuilds(
  context: ICommandContext,
  when: () => NotifyWhen,
  restartFor: RestartFor = () => null
): void {
  const { app, model, trans } = context;
  model.finished.connect((_, build) => {
    const wanted = when();
    if (toldElsewhere.delete(build.id)) {
      return;
    }
    if (wanted === 'never' || (wanted === 'hidden' && isVisible(context, build))) {
      return;
    }
    const { namespace, name } = build;
    if (build.state === 'ready') {
      void tellReady(context, build, restartFor);
    } else if (build.state === 'failed') {
      const reason = build.error ? reasonText(build.error, trans) : trans.__('The build failed');
      Notification.error(trans.__('%1: %2.', name, reason), {
        autoClose: STAYS,
        actions: [
          {
            label: trans.__('See why'),
            callback: () => {
              const args = { namespace, name, tab: 'builds', build: build.id };
              void app.commands.execute(CommandIDs.openEnvironment, args);
            }
          }
        ]
      });
    }
  });
}

async function tellReady(
  { app, model, trans }: ICommandContext,
  build: IBuild,
  restartFor: RestartFor
): Promise<void> {
  const { namespace, name } = build;
  if (build.warnings.some(note => note.code === 'nothing_to_build')) {
    // An update that nobody asked for just now needs no word when it found nothing new.
    if (build.author !== SCHEDULE) {
      Notification.info(trans.__('%1 stays as it is: there is nothing to build.', name), {
        autoClose: STAYS
      });
    }
    return;
  }
  const version = build.version ?? 0;
  // Whether it became the active version, or waits for a person, stands with the environment.
  await model.refresh();
  const environment = model.environment(namespace, name);
  if (environment && version > 0 && offeredVersion(environment) === version) {
    const run = (command: string): void => void app.commands.execute(command, { namespace, name, version });
    Notification.success(trans.__('%1 v%2 is ready to be activated.', name, version), {
      autoClose: STAYS,
      actions: [
        { label: trans.__('Compare'), callback: () => run(CommandIDs.compareVersions) },
        { label: trans.__('Activate'), callback: () => run(CommandIDs.activateVersion) }
      ]
    });
    return;
  }
  const restart = restartFor(build);
  Notification.success(readyText(build, trans), {
    autoClose: STAYS,
    actions: [
      {
        label: trans.__('Open notebook'),
        callback: () => void app.commands.execute(CommandIDs.openNotebook, { namespace, name })
      },
      ...(restart ? [{ label: trans.__('Restart kernel…'), callback: restart }] : [])
    ]
  });
}

function readyText({ kind, name, version }: IBuild, trans: TranslationBundle): string {
  if (version === null) {
    return kind === 'repair' ? trans.__('%1 is repaired.', name) : trans.__('%1 is on disk again.', name);
  }
  return version > 1
    ? trans.__(
        '%1 v%2 is ready. Running notebooks keep the version they have until they restart.',
        name,
        version
      )
    : trans.__('%1 v%2 is ready.', name, version);
}

/** The id of the tab of an environment. */
export function tabId(environment: { namespace: string; name: string }): string {
  return `jupyter-envstore:environment:${keyOf(environment)}`;
}

function isVisible({ app }: ICommandContext, build: IBuild): boolean {
  const id = tabId(build);
  return [...app.shell.widgets('main')].some(widget => widget.id === id && widget.isVisible);
}
