/**
 * What puts a check of a report right: for each repair the command that does it, wherever else that is.
 */
import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { JSONObject } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { IBuild, INotebookCheck, INotebookPlace, INotebookRepair } from '../../api/types';
import { tellFailure } from '../../components/failures';
import { untilEnd } from '../../model/build-end';
import type { IExecuted } from '../../model/complete-runs';
import {
  CommandIDs,
  type IEnvStoreModel,
  type INotebookReporting,
  type INotebookStanding
} from '../../tokens';
import { leftOutText } from '../offers/texts';
import { findAddable, type IAddableContext } from './adding';
import { showCell } from './show-cell';

/** What repairs need. */
export interface IRepairContext extends IAddableContext {
  readonly model: Pick<IEnvStoreModel, 'build' | 'changed'>;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
  /** Emitted when a cell has ended. */
  readonly executed: ISignal<unknown, IExecuted>;
  /** How a notebook stands. */
  standing(panel: NotebookPanel): INotebookStanding;
  /** Bring the notebook to the front. */
  activate(panel: NotebookPanel): void;
}

/** How the host's command is called that restarts the kernel and runs all cells. It asks first. */
const RUN_ALL = 'notebook:restart-run-all';

const REFERENCE = /^(?:([^/@]+)\/)?([^/@]+)(?:@(\d+))?$/;

/** What stands on the button. */
export function repairLabel({ action }: INotebookRepair, trans: TranslationBundle): string {
  switch (action) {
    case 'embed':
      return trans.__('Embed');
    case 'switch_kernel':
      return trans.__('Switch…');
    case 'add_packages':
      return trans.__('Add…');
    case 'add_platforms':
      return trans.__('Lock…');
    case 'update':
      return trans.__('Update…');
    case 'build':
      return trans.__('Build…');
    case 'repair':
      return trans.__('Repair');
    case 'run_all':
      return trans.__('Run all');
    case 'show_cell':
      return trans.__('Show');
  }
}

/**
 * Do it. Resolves when there is something new to be found out about the notebook: whether there is. What only opens
 * another tab has not changed anything yet. Never rejects: people are told.
 *
 * @param place - With `show_cell`: which of the places.
 */
export async function repair(
  context: IRepairContext,
  reporting: INotebookReporting,
  check: INotebookCheck,
  place: INotebookPlace | undefined
): Promise<boolean> {
  const { commands, trans } = context;
  const { panel } = reporting;
  const { action, arguments: given } = check.repair!;
  const named = partsOf(given.environment);
  const run = async (command: string, args: object = {}): Promise<void> => {
    await commands.execute(command, args as never);
  };
  try {
    switch (action) {
      case 'show_cell': {
        const index = reporting.cellAt(place?.cell ?? Number(given.cell));
        if (index < 0) {
          return true; // it is gone
        }
        context.activate(panel);
        await showCell(panel, index, place?.line ?? null);
        return false;
      }
      case 'embed':
        await run(CommandIDs.embed, { environment: given.environment });
        return true;
      case 'run_all':
        await runAll(context, panel);
        return true;
      case 'switch_kernel':
        await switchKernel(context, panel, given.environment);
        return true;
      case 'build':
        return await build(context, reporting);
      case 'add_packages':
        await addPackages(context, reporting, check);
        return false;
      case 'add_platforms':
        await run(CommandIDs.openEnvironment, { ...named, tab: 'share', lock: given.platforms });
        return false;
      case 'update':
        await run(CommandIDs.updateEnvironment, { ...named });
        return false;
      case 'repair':
        return await renew(context, { ...named });
    }
  } catch (error) {
    tellFailure(trans.__('“%1” stays as it is.', check.title), error, trans);
    return false;
  }
}

/** Restart the kernel of a notebook, which is asked about, and run all of its cells; tell where that stopped. */
export async function runAll(
  { commands, trans, executed, activate }: Omit<IRepairContext, keyof IAddableContext | 'model' | 'standing'>,
  panel: NotebookPanel
): Promise<void> {
  let stopped = -1;
  const look = (_: unknown, { notebook, cell, success }: IExecuted): void => {
    if (notebook === panel.content && !success && stopped < 0) {
      stopped = Array.from(panel.model?.cells ?? []).findIndex(({ id }) => id === cell.model.id);
    }
  };
  // The host's command is about the notebook in front.
  activate(panel);
  executed.connect(look);
  try {
    await commands.execute(RUN_ALL);
  } finally {
    executed.disconnect(look);
  }
  if (stopped < 0) {
    return;
  }
  const later = Array.from(panel.model?.cells ?? []).slice(stopped + 1);
  const told = trans.__('Cell %1 ended in an error.', stopped + 1);
  const rest = later.some(({ type }) => type === 'code')
    ? ` ${trans.__('The cells after it did not run.')}`
    : '';
  Notification.error(`${told}${rest}`, {
    autoClose: 10_000,
    actions: [{ label: trans.__('Show'), callback: () => void showCell(panel, stopped, null) }]
  });
}

/** Show what adding the packages would change, those of them that can be had; tell of the others. */
async function addPackages(
  context: IRepairContext,
  reporting: INotebookReporting,
  check: INotebookCheck
): Promise<void> {
  const { commands, trans } = context;
  const named = partsOf(check.repair!.arguments?.environment)!;
  const found = await findAddable(context, named, reporting, check);
  if (!found || !commands.hasCommand(CommandIDs.addPackages)) {
    await commands.execute(CommandIDs.openEnvironment, { ...named, tab: 'packages' });
    return;
  }
  const { packages, pip, unknown, has, leftOut, version } = found;
  const isAny = packages.length + pip.length > 0;
  const told = [
    unknown.length > 0 &&
      trans._n(
        'No channel of %2 has a package for %3. Is it a file of yours?',
        'No channel of %2 has packages for %3. Are they files of yours?',
        unknown.length,
        named.name,
        unknown.join(', ')
      ),
    !isAny && has.length > 0 && trans.__('%1 v%2 has %3 already.', named.name, version, has.join(', ')),
    leftOut.length > 0 && leftOutText(leftOut, trans)
  ].filter(one => one !== false);
  if (told.length > 0) {
    Notification.info(told.join(' '), { autoClose: 10_000 });
  }
  if (isAny) {
    await commands.execute(CommandIDs.addPackages, { ...named, packages: [...packages], pip: [...pip] });
  } else if (told.length === 0) {
    await commands.execute(CommandIDs.openEnvironment, { ...named, tab: 'packages' });
  }
}

async function switchKernel(context: IRepairContext, panel: NotebookPanel, wanted: unknown): Promise<void> {
  const { commands } = context;
  const existing = wanted ?? context.standing(panel).state?.existing[0];
  const version = partsOf(existing);
  context.activate(panel);
  if (version?.version !== undefined) {
    await commands.execute(CommandIDs.pinNotebook, { ...version });
  } else {
    await commands.execute(CommandIDs.restoreNotebook);
  }
  // The host writes into the notebook what kernel it has once that answers.
  await panel.sessionContext.session?.kernel?.info;
}

/** Build what the notebook carries; where it carries nothing, the files of its kernel's version are made anew. */
async function build(context: IRepairContext, { panel, report }: INotebookReporting): Promise<boolean> {
  const { commands } = context;
  const own = partsOf(report?.environment);
  if (context.standing(panel).state?.convention || !own) {
    context.activate(panel);
    await commands.execute(CommandIDs.restoreNotebook);
    return true;
  }
  return renew(context, { ...own, freed: true });
}

/** Have the files of a version made anew, and wait until that has ended; false when it was not begun. */
async function renew({ commands, model }: IRepairContext, version: JSONObject): Promise<boolean> {
  const build = (await commands.execute(CommandIDs.repairVersion, version)) as IBuild | undefined;
  if (!build) {
    return false;
  }
  await untilEnd(model, build);
  return true;
}

/** The parts of a reference, as commands take them; null when it is none. */
function partsOf(reference: unknown): { namespace: string; name: string; version?: number } | null {
  const match = typeof reference === 'string' ? REFERENCE.exec(reference) : null;
  return (
    match && {
      namespace: match[1] ?? 'local',
      name: match[2]!,
      ...(match[3] !== undefined && { version: Number(match[3]) })
    }
  );
}
