/**
 * Has what a notebook carries here: shows what that is, asks, and sees to it that the notebook runs on it.
 */
import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';

import { toReport } from '../../api/request';
import { isActive } from '../../api/types';
import { tellFailure } from '../../components/failures';
import { wordsOfPanel, type NotebookWords } from '../../model/notebook-request';
import { readReference } from '../../model/references';
import type { IErrorReport, INotebookEnvironment, INotebookState, IRestoration } from '../../tokens';
import { titleOf } from '../title-words';
import { followBuild, waitFor } from './build';
import type { IRestoreContext } from './context';
import type { Decision } from './dialog';
import { findReady, runOn } from './run-on';
import type { IBuildChoices } from './view';
import type { Occasion } from './words';

/** What stands for what a notebook carries, to know whether that is still the same. */
export function lockOf(state: INotebookState): string {
  return state.lock || state.convention || '';
}

/** Show what a notebook carries, and have it built where the person wants that. */
export async function offer(
  context: IRestoreContext,
  panel: NotebookPanel,
  occasion: Occasion,
  lock: string
): Promise<void> {
  const { answers, dialogs, model, notebooks, trans } = context;
  const standing = notebooks.standing(panel);
  await standing.refresh();
  const building = standing.state?.building ?? null;
  const going = building === null ? null : await model.track(building).catch(() => null);
  if (going && isActive(going)) {
    // Another notebook had it built since somebody looked.
    waitFor(context, panel, going);
    return;
  }
  const { path } = panel.context;
  let decision: Decision;
  try {
    decision = await ask(context, wordsOfPanel(panel), PathExt.basename(path), occasion);
  } catch (error) {
    tellFailure(trans.__('What %1 carries cannot be shown.', titleOf(panel)), error, trans);
    return;
  }
  if (decision.kind === 'there') {
    await runOn(context, panel, decision.version);
    return;
  }
  if (decision.kind !== 'built') {
    await answers.keep(path, lock, { kind: 'not-now' });
    if (decision.kind === 'choose' && !panel.isDisposed) {
      await dialogs?.selectKernel(panel.sessionContext);
    }
    return;
  }
  const { build, environment } = decision.restoration;
  const made = readReference(environment);
  if (build) {
    await answers.keep(path, lock, { kind: 'build', build: build.id });
    const { isRelocked } = decision;
    // Nobody waits for it: other notebooks have their turn meanwhile.
    void followBuild(context, panel, build, made).then(async isReady => {
      if (isReady && isRelocked) {
        // It differs from the lock in the file as the person wanted it: that need not be told.
        await answers.keep(panel.context.path, lock, { kind: 'not-now' });
      }
    });
  } else if (made) {
    await runOn(context, panel, made);
  }
}

/**
 * Show what a notebook carries, and ask what is to be done.
 *
 * @param file - What the notebook's file is called.
 * @throws What the server says of a file that an environment was to be made from, and cannot.
 */
export async function ask(
  context: Pick<IRestoreContext, 'client' | 'model' | 'trans'>,
  source: NotebookWords,
  file: string,
  occasion: Occasion
): Promise<Decision> {
  const { client, trans } = context;
  // Both at once: what the dialog is made of, and what it has to know.
  const [{ RestoreDialog }, looked, namespace] = await Promise.all([
    import('./dialog'),
    lookInto(context, source, file),
    client.status().then(status => status.default_namespace)
  ]);
  if (looked.error && occasion.kind === 'create') {
    throw new Error(looked.error.message);
  }
  // A build may have ended since somebody looked.
  const version = await findReady(context, looked.carried?.existing ?? []);
  if (version && occasion.kind !== 'create') {
    return { kind: 'there', version };
  }
  // eslint-disable-next-line jupyter/require-disposable-ownership -- it disposes itself when it is left
  const dialog = new RestoreDialog({
    offer: { ...looked, occasion, namespace, isThere: version !== null },
    client,
    trans,
    measure: async (allowed, signal) => {
      const asked = { ...source, file, sizes: true, allow_channels: allowed };
      return (await client.restore(asked, signal)).carried;
    },
    build: choices => build(context, source, file, choices)
  });
  dialog.open();
  return dialog.ended;
}

async function lookInto(
  { client }: Pick<IRestoreContext, 'client'>,
  source: NotebookWords,
  file: string
): Promise<{ carried: INotebookEnvironment | null; error: IErrorReport | null }> {
  try {
    return { carried: (await client.restore({ ...source, file })).carried, error: null };
  } catch (error) {
    return { carried: null, error: toReport(error) };
  }
}

function build(
  { model }: Pick<IRestoreContext, 'model'>,
  source: NotebookWords,
  file: string,
  { name, relock, allowed }: IBuildChoices
): Promise<IRestoration> {
  return model.restore({ ...source, file, name, relock, allow_channels: allowed });
}
