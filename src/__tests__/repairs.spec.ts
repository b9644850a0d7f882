import type { NotebookPanel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import type { INotebookCheck, INotebookReport } from '../api/types';
import { repair, repairLabel, type IRepairContext } from '../notebook/report/repairs';
import { CommandIDs, type INotebookReporting } from '../tokens';
import { SamplePanel } from './notebook-samples';

const trans = nullTranslator.load('');

let done: unknown[];
let state: { convention?: string; existing: string[] } | null;
let commands: CommandRegistry;

beforeEach(() => {
  done = [];
  state = null;
  commands = new CommandRegistry();
  for (const id of Object.values(CommandIDs)) {
    if (id !== CommandIDs.addPackages) {
      commands.addCommand(id, { describedBy: { args: {} }, execute: args => done.push([id, args]) });
    }
  }
});

/** Repair a check; true when there is something new to be found out. */
function fix(
  action: string,
  args: object = {},
  report: Partial<INotebookReport> = { environment: 'local/geo@2' }
): Promise<boolean> {
  const context = {
    commands,
    trans,
    standing: () => ({ state }),
    activate: (panel: NotebookPanel) => done.push(['activate', panel.context.localPath])
  } as unknown as IRepairContext;
  const reporting = {
    panel: new SamplePanel().panel,
    report,
    cellAt: () => -1
  } as unknown as INotebookReporting;
  const check = { title: 'x', repair: { action, arguments: args } } as unknown as INotebookCheck;
  return repair(context, reporting, check, undefined);
}

const FRONT = ['activate', 'work/rivers.ipynb'];
const GEO = { namespace: 'local', name: 'geo' };

describe('A repair', () => {
  it('embeds what the report names', async () => {
    expect(await fix('embed', { environment: 'local/geo@2' })).toBe(true);
    expect(done).toEqual([[CommandIDs.embed, { environment: 'local/geo@2' }]]);
  });

  it.each<[string, object, unknown]>([
    ['update', { environment: 'local/geo' }, [CommandIDs.updateEnvironment, GEO]],
    ['repair', { environment: 'local/geo@2' }, [CommandIDs.repairVersion, { ...GEO, version: 2 }]],
    [
      'add_platforms',
      { environment: 'local/geo', platforms: ['win-64'] },
      [CommandIDs.openEnvironment, { ...GEO, tab: 'share', lock: ['win-64'] }]
    ],
    [
      'add_packages',
      { environment: 'local/geo', packages: ['shap'] },
      [CommandIDs.openEnvironment, { ...GEO, tab: 'packages' }]
    ]
  ])('by %s runs the command that does it, which changes nothing yet', async (action, args, command) => {
    expect(await fix(action, args)).toBe(false);
    expect(done).toEqual([command]);
  });

  it('adds packages with the command for it, where there is one', async () => {
    commands.addCommand(CommandIDs.addPackages, {
      describedBy: { args: {} },
      execute: args => done.push(args)
    });
    await fix('add_packages', { environment: 'team/geo', packages: ['shap'] });
    expect(done).toEqual([{ namespace: 'team', name: 'geo', packages: ['shap'] }]);
  });

  it('switches to a version with what the notebook carries, or offers to build that', async () => {
    state = { existing: ['local/geo@3'] };
    await fix('switch_kernel');
    state = { existing: [] };
    await fix('switch_kernel');
    expect(done).toEqual([
      FRONT,
      [CommandIDs.pinNotebook, { ...GEO, version: 3 }],
      FRONT,
      [CommandIDs.restoreNotebook, {}]
    ]);
  });

  it('builds what the notebook carries, or the files of its version anew', async () => {
    state = { convention: 'envstore', existing: [] };
    await fix('build');
    state = { existing: [] };
    await fix('build');
    expect(done).toEqual([
      FRONT,
      [CommandIDs.restoreNotebook, {}],
      [CommandIDs.repairVersion, { ...GEO, version: 2, freed: true }]
    ]);
  });

  it('that would show a cell that is gone leads to another report', async () => {
    expect(await fix('show_cell', { cell: 3 })).toBe(true);
    expect(done).toEqual([]);
  });

  it('has a word for each button', () => {
    const words = ['add_packages', 'run_all', 'show_cell', 'add_platforms'].map(action =>
      repairLabel({ action } as never, trans)
    );
    expect(words).toEqual(['Add…', 'Run all', 'Show', 'Lock…']);
  });
});
