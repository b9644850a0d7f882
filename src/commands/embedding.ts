/**
 * Commands that let the notebook in front carry its environment, and take that out of it.
 */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';

import { tellFailure } from '../components/failures';
import { titleOf } from '../notebook/title-words';
import { carriedName, versionName } from '../notebook/version-words';
import { CommandIDs, type IEnvStoreNotebooks, type INotebookEdit, type INotebookStanding } from '../tokens';
import { describe, type ICommandContext } from './context';
import { StripQuestion } from './strip-question';

/** Milliseconds for which what was done can be undone with one click. */
const UNDO = 15_000;

/** What commands about the notebook in front need. */
export interface INotebookContext extends ICommandContext {
  readonly tracker: INotebookTracker;
  readonly notebooks: IEnvStoreNotebooks;
}

export function addEmbeddingCommands(context: INotebookContext): void {
  const { app, trans, tracker, notebooks } = context;
  const { commands } = app;
  const inFront = (): INotebookStanding | null =>
    tracker.currentWidget && notebooks.standing(tracker.currentWidget);

  commands.addCommand(CommandIDs.embed, {
    label: trans.__('Embed the Environment in This Notebook'),
    caption: trans.__(
      'Let the notebook carry the lock of its environment, so that others can build the same'
    ),
    describedBy: describe({
      environment: {
        type: 'string',
        description: 'The version, as namespace/name@3; that of the kernel when left out.'
      },
      platforms: {
        type: 'array',
        items: { type: 'string' },
        description: 'For these platforms only; for all that it is locked for when left out.'
      }
    }),
    isEnabled: args => Boolean(args.environment ? inFront() : inFront()?.kernel?.environment),
    execute: async args => {
      const standing = inFront();
      return standing && embed(context, standing, args.environment as string, args.platforms as string[]);
    }
  });

  commands.addCommand(CommandIDs.strip, {
    label: trans.__('Remove the Environment from This Notebook…'),
    caption: trans.__('Take out what the notebook carries of its environment'),
    describedBy: describe(),
    // The record of a run may stand there alone.
    isEnabled: () => 'lockfile' in (inFront()?.carried ?? {}),
    execute: async () => {
      const standing = inFront();
      return standing && strip(context, standing);
    }
  });

  const tell = (): void => {
    commands.notifyCommandChanged(CommandIDs.embed);
    commands.notifyCommandChanged(CommandIDs.strip);
  };
  tracker.currentChanged.connect(() => {
    tell();
    // Connecting what is connected does nothing.
    inFront()?.changed.connect(tell);
  });
}

async function embed(
  { trans }: INotebookContext,
  standing: INotebookStanding,
  environment?: string,
  platforms?: ReadonlyArray<string>
): Promise<INotebookEdit | null> {
  const title = titleOf(standing.panel);
  const before = standing.carried;
  try {
    const edit = await standing.embed(environment, platforms);
    if (standing.panel.isDisposed) {
      tellClosed(title, trans);
      return null;
    }
    const name = versionName(edit.environment, trans);
    if (edit.changed) {
      const options = undoing(standing, before, trans);
      if (isReadOnly(standing)) {
        Notification.warning(
          trans.__(
            '%1 carries %2. Its file is read-only: save it under another name to keep that.',
            title,
            name
          ),
          options
        );
      } else {
        Notification.success(trans.__('%1 carries %2.', title, name), options);
      }
    } else {
      Notification.info(trans.__('%1 carries %2 already.', title, name), { autoClose: 4_000 });
    }
    return edit;
  } catch (error) {
    tellFailure(trans.__('%1 was not changed.', title), error, trans);
    return null;
  }
}

async function strip(
  { trans }: INotebookContext,
  standing: INotebookStanding
): Promise<INotebookEdit | null> {
  const { state, panel } = standing;
  const title = titleOf(panel);
  const name = state?.convention === 'envstore' ? carriedName(state, trans) : '';
  const { button } = await showDialog({
    title: trans.__('Remove the environment from %1?', title),
    body: new StripQuestion(name, (state?.existing.length ?? 0) > 0, trans),
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Remove') })],
    // The focus is on the harmless one.
    defaultButton: 0
  });
  if (!button.accept || panel.isDisposed) {
    return null;
  }
  const before = standing.carried;
  try {
    const edit = await standing.strip();
    if (panel.isDisposed) {
      tellClosed(title, trans);
      return null;
    }
    if (edit.changed) {
      const options = undoing(standing, before, trans);
      if (isReadOnly(standing)) {
        Notification.warning(
          trans.__(
            '%1 carries no environment now. Its file is read-only: save it under another name to keep that.',
            title
          ),
          options
        );
      } else {
        Notification.info(trans.__('%1 carries no environment now.', title), options);
      }
    } else {
      Notification.info(trans.__('%1 carries nothing that was embedded.', title), { autoClose: 4_000 });
    }
    return edit;
  } catch (error) {
    tellFailure(trans.__('%1 was not changed.', title), error, trans);
    return null;
  }
}

/** Whether what is changed in a notebook cannot be saved into its file. */
function isReadOnly({ panel }: INotebookStanding): boolean {
  return panel.context.contentsModel?.writable === false;
}

function tellClosed(title: string, trans: ICommandContext['trans']): void {
  Notification.warning(trans.__('%1 was closed before that, and was not changed.', title), {
    autoClose: 8_000
  });
}

/**
 * How long a notification stays, and its button that lets the notebook carry what it carried before. The host lists the
 * notification for longer: what was done since is not undone with it.
 */
function undoing(
  standing: INotebookStanding,
  before: JSONObject | null,
  trans: ICommandContext['trans']
): Notification.IOptions<JSONObject> {
  const lock = standing.carried?.sha256;
  const undo = (): void => {
    if (standing.carried?.sha256 === lock) {
      standing.putBack(before);
    } else {
      const title = titleOf(standing.panel);
      Notification.info(trans.__('%1 carries something else since: nothing was undone.', title), {
        autoClose: 4_000
      });
    }
  };
  return { autoClose: UNDO, actions: [{ label: trans.__('Undo'), callback: undo }] };
}
