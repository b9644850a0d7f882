/**
 * What happens when a notebook is opened whose kernel is not here, or is not what it carries. Opening builds nothing,
 * fetches nothing and runs nothing: it asks, once about a notebook and its lock.
 */
import { Notification, type ISessionContext } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';

import { isActive } from '../../api/types';
import { tellKept } from '../../commands/build-progress';
import { listKernel, readPinnedKernel, type IPinned } from '../../commands/kernels';
import { tellFailure } from '../../components/failures';
import { plainText } from '../../components/strange-text';
import { carriedHere } from '../../model/carried';
import { saysAnything, wordsOfPanel } from '../../model/notebook-request';
import type { INotebookStanding, INotebookState } from '../../tokens';
import { titleOf } from '../title-words';
import { carriedNames } from '../version-words';
import type { Answer } from './answers';
import { followBuild, versionOf, waitFor } from './build';
import type { IRestoreContext } from './context';
import { lockOf, offer } from './restoring';
import { findReady, runOn } from './run-on';
import { Turns } from './turns';
import type { Occasion } from './words';

/** Milliseconds for which is told that a notebook carries something else than it runs on. */
const STAYS = 20_000;

export class RestoreOpening {
  constructor(private readonly context: IRestoreContext) {
    this._turns = new Turns(context.app.restored);
  }

  /** To be called with each notebook that is opened. */
  async take(panel: NotebookPanel): Promise<void> {
    await panel.context.ready;
    if (panel.isDisposed) {
      return;
    }
    const { sessionContext } = panel;
    const { kernelspecs } = this.context.app.serviceManager;
    const { name } = kernelspecOf(panel);
    const pinned = readPinnedKernel(name);
    const carries = saysAnything(wordsOfPanel(panel));
    const isThere = (): boolean => Boolean(kernelspecs.specs?.kernelspecs[String(name)]);
    const isNamed = typeof name === 'string' && name !== '';
    const isOurs = panel.model?.getMetadata('envstore') !== undefined;
    if (!(pinned || carries)) {
      return;
    }
    this.followPath(panel);
    const isHeld = !isThere() && (isNamed || isOurs);
    if (isHeld) {
      // The host is about to ask which kernel to take instead: it need not.
      setStarting(sessionContext, false);
    }
    await sessionContext.ready;
    if (panel.isDisposed) {
      return;
    }
    if (!isHeld) {
      await this.tellDifference(panel, carries);
    } else if (hasKernel(panel)) {
      setStarting(sessionContext, true);
      await this.tellDifference(panel, carries);
    } else if (isThere()) {
      // It was not listed yet.
      await this.leaveToHost(panel);
      await this.tellDifference(panel, carries);
    } else if (pinned && (await this.makeKernel(panel, pinned, carries))) {
      await this.tellDifference(panel, carries);
    } else if (carries) {
      await this.offerMissing(panel);
    }
  }

  /**
   * Show what the notebook in front carries, also after “not now”; where that is here already, let it run on it at once.
   */
  async restore(panel: NotebookPanel): Promise<void> {
    const { model, notebooks, trans } = this.context;
    const standing = notebooks.standing(panel);
    await standing.refresh();
    const title = titleOf(panel);
    const { state, kernel } = standing;
    this.dismissTold(panel);
    if (state === null) {
      Notification.error(trans.__('The server does not say what %1 carries.', title), { autoClose: STAYS });
    } else if (state.state === 'none') {
      Notification.info(trans.__('%1 carries no environment.', title), { autoClose: STAYS });
    } else if (state.state === 'agrees' && kernel) {
      Notification.info(trans.__('%1 runs on %2, which is what it carries.', title, kernel.title), {
        autoClose: STAYS
      });
    } else if (!(await this.runOnExisting(panel, state))) {
      const lock = lockOf(state);
      const answer = await this.answerOf(panel, state);
      const build = answer?.kind === 'build' ? await model.track(answer.build).catch(() => null) : null;
      if (build && isActive(build)) {
        waitFor(this.context, panel, build);
      } else {
        await offer(this.context, panel, occasionOf(panel, kernel?.title), lock);
      }
    }
  }

  /** What was answered about a notebook goes with it. */
  private followPath({ context }: NotebookPanel): void {
    let { path } = context;
    context.pathChanged.connect((_, after) => {
      void this.context.answers.rename(path, after);
      path = after;
    });
  }

  /** The notebook's kernel is not here: run on what it carries where that is here, else ask. */
  private async offerMissing(panel: NotebookPanel): Promise<void> {
    let isLeft = false;
    await this._turns.take(panel, async () => {
      const { notebooks } = this.context;
      const standing = notebooks.standing(panel);
      await standing.refresh();
      const { state } = standing;
      if (hasKernel(panel)) {
        // It was given one meanwhile, which is not taken away.
        setStarting(panel.sessionContext, true);
        return;
      }
      if (state === null || state.state === 'none') {
        await this.leaveToHost(panel);
        return;
      }
      if (panel.isDisposed || (await this.runOnExisting(panel, state))) {
        return;
      }
      const lock = lockOf(state);
      const answer = await this.answerOf(panel, state);
      if (answer?.kind === 'not-now' || (answer && (await this.goOn(panel, answer.build)))) {
        return;
      }
      // Another one may have come to the front meanwhile.
      isLeft = !panel.isVisible;
      if (!isLeft) {
        await offer(this.context, panel, occasionOf(panel), lock);
      }
    });
    if (isLeft) {
      await this.offerMissing(panel);
    }
  }

  /** The notebook has a kernel: tell, without asking anything, that it carries something else. */
  private tellDifference(panel: NotebookPanel, carries: boolean): Promise<void> {
    return this._turns.take(panel, async () => {
      const { answers, notebooks, trans } = this.context;
      if (!carries) {
        return;
      }
      const standing = notebooks.standing(panel);
      await standing.refresh();
      const { state, kernel } = standing;
      if (!state || !kernel || state.problem || !['differs', 'missing'].includes(state.state)) {
        return;
      }
      const { path } = panel.context;
      const lock = lockOf(state);
      const answer = await this.answerOf(panel, state);
      if (answer?.kind === 'build' && (await this.goOn(panel, answer.build))) {
        return;
      }
      if (answer) {
        return;
      }
      await answers.keep(path, lock, { kind: 'not-now' });
      const there = await findReady(this.context, state.existing);
      if (panel.isDisposed) {
        return;
      }
      const told = Notification.info(
        state.carried || carriedHere(state)
          ? trans.__(
              '%1 runs on %2, and carries another environment: %3.',
              titleOf(panel),
              kernel.title,
              carriedNames(state, trans)
            )
          : trans.__('%1 runs on %2, and carries an environment of its own.', titleOf(panel), kernel.title),
        {
          autoClose: STAYS,
          actions: [
            { label: trans.__('Not now'), callback: () => undefined },
            there
              ? {
                  label: trans.__('Switch to %1', `${there.name} v${there.number}`),
                  callback: () => void runOn(this.context, panel, there)
                }
              : {
                  label: trans.__('Build…'),
                  callback: () => void offer(this.context, panel, occasionOf(panel, kernel.title), lock)
                }
          ]
        }
      );
      this._told.set(panel, told);
      this.dismissWhenOtherwise(panel, standing);
      panel.disposed.connect(() => this.dismissTold(panel));
    });
  }

  /** Take back that it carries something else as soon as the notebook stands otherwise than was told. */
  private dismissWhenOtherwise(panel: NotebookPanel, standing: INotebookStanding): void {
    const before = placeOf(standing);
    const look = (): void => {
      if (standing.state && placeOf(standing) !== before) {
        standing.changed.disconnect(look);
        this.dismissTold(panel);
      }
    };
    standing.changed.connect(look);
  }

  private dismissTold(panel: NotebookPanel): void {
    const told = this._told.get(panel);
    if (told !== undefined) {
      Notification.dismiss(told);
    }
  }

  /** Let the notebook run on a version with the very same files; false when none is on the disk. */
  private async runOnExisting(panel: NotebookPanel, state: INotebookState): Promise<boolean> {
    const there = await findReady(this.context, state.existing);
    if (!there) {
      return false;
    }
    return panel.isDisposed || (await runOn(this.context, panel, there));
  }

  /** What was answered about what a notebook carries; a build of that which goes on is an answer. */
  private async answerOf(panel: NotebookPanel, state: INotebookState): Promise<Answer | null> {
    const answer = await this.context.answers.find(panel.context.path, lockOf(state));
    // A page does not know of every build: it was loaded anew before the answer was kept, or the build begun elsewhere.
    return answer ?? (state.building === null ? null : { kind: 'build', build: state.building });
  }

  /**
   * Follow a build that was begun before the page was loaded anew; false when it led to nothing. A kernel that the
   * notebook has since before may hold what somebody works on.
   */
  private async goOn(panel: NotebookPanel, id: number): Promise<boolean> {
    const { answers, model } = this.context;
    const build = await model.track(id).catch(() => null);
    const isUsed = hasKernel(panel);
    if (build && isActive(build)) {
      void followBuild(this.context, panel, build, null, isUsed);
      return true;
    }
    await answers.forget(panel.context.path);
    const version = build?.state === 'ready' ? versionOf(build) : null;
    if (version && isUsed) {
      tellKept(panel, version, () => runOn(this.context, panel, version), this.context.trans);
      return true;
    }
    return version !== null && (await runOn(this.context, panel, version));
  }

  /** Make the kernel of the version that a notebook is pinned to; false when that is not here. */
  private async makeKernel(panel: NotebookPanel, version: IPinned, carries: boolean): Promise<boolean> {
    const { app, client, dialogs, trans } = this.context;
    const { sessionContext } = panel;
    try {
      const kernel = await client.kernel(version);
      await listKernel(app.serviceManager, kernel);
      setStarting(sessionContext, true);
      if (!panel.isDisposed && !sessionContext.session?.kernel) {
        await sessionContext.changeKernel({ name: kernel });
      }
      return true;
    } catch (error) {
      if (carries || panel.isDisposed) {
        return false;
      }
      const title = `${version.namespace}/${version.name} v${version.number}`;
      tellFailure(trans.__('%1 runs on %2, which is not there.', titleOf(panel), title), error, trans);
      setStarting(sessionContext, true);
      await dialogs?.selectKernel(sessionContext);
      return false;
    }
  }

  /** Let the host start a kernel or ask for one, as if nobody had held it. */
  private async leaveToHost(panel: NotebookPanel): Promise<void> {
    const { sessionContext } = panel;
    if (panel.isDisposed) {
      return;
    }
    setStarting(sessionContext, true);
    if (await sessionContext.startKernel()) {
      await this.context.dialogs?.selectKernel(sessionContext);
    }
  }

  private readonly _turns: Turns;
  /** Of notebooks that carry something else, the notification that tells it. */
  private readonly _told = new WeakMap<NotebookPanel, string>();
}

/** What a notebook runs on and what it carries, to know whether that is still so. */
function placeOf({ state }: INotebookStanding): string {
  return state ? [state.state, state.kernel, state.environment, lockOf(state)].join(' ') : '';
}

/** Why a notebook is offered what it carries. */
function occasionOf(panel: NotebookPanel, runsOn?: string): Occasion {
  if (runsOn !== undefined) {
    return { kind: 'differs', kernel: runsOn };
  }
  const { name, display_name: title } = kernelspecOf(panel);
  return { kind: 'missing', kernel: plainText(title) || plainText(name) };
}

function hasKernel({ sessionContext }: NotebookPanel): boolean {
  return Boolean(sessionContext.session?.kernel);
}

function kernelspecOf(panel: NotebookPanel): JSONObject {
  return (panel.model?.getMetadata('kernelspec') as JSONObject | undefined) ?? {};
}

function setStarting(sessionContext: ISessionContext, shouldStart: boolean): void {
  sessionContext.kernelPreference = { ...sessionContext.kernelPreference, shouldStart };
}
