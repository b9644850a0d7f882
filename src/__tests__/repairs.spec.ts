import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import type { INotebookCheck, INotebookPlace, INotebookReport } from '../api/types';
import type { IExecuted } from '../model/complete-runs';
import { Shelves } from '../notebook/offers/shelves';
import { repair, repairLabel, type IRepairContext } from '../notebook/report/repairs';
import { CommandIDs, type IEnvStoreClient, type INotebookReporting } from '../tokens';
import { ran, SamplePanel } from './notebook-samples';

const trans = nullTranslator.load('');

let done: unknown[];
let asked: string[];
/** What the command that repairs has begun. */
let begun: { id: number; state: string } | undefined;
let changed: Signal<object, void>;
let shelves: Shelves;
let state: { convention?: string; existing: string[] } | null;
let commands: CommandRegistry;
let panel: SamplePanel;
let executed: Signal<object, IExecuted>;

/** A version with numpy, and a channel with shap, opencv and uvloop. */
const client: ConstructorParameters<typeof Shelves>[0] & Pick<IEnvStoreClient, 'environment'> = {
  environment: async () => ({ active_version: 2 }) as never,
  version: async () => ({ specification: 'channels:\n  - lab\ndependencies:\n  - python\n' }) as never,
  packages: async () =>
    ({
      items: [
        { manager: 'conda', name: 'numpy', version: '2.3.5' },
        { manager: 'pip', name: 'river-words', version: '1.1' }
      ]
    }) as never,
  supplier: async module => {
    asked.push(module);
    return {
      module: module.split('.')[0],
      package: module === 'cv2' ? 'opencv' : module.split('.')[0],
      source: module === 'river_tools' ? 'pypi' : 'conda',
      installed: module === 'numpy',
      standard_library: false
    } as never;
  },
  search: async ({ pattern }) =>
    ({
      items: ['shap', 'opencv', 'uvloop'].filter(name => name === pattern).map(name => ({ name }))
    }) as never,
  buildRequest: async () => ({ specification: '' }) as never
};

const said = (): string[] => Notification.manager.notifications.map(({ message }) => message);

beforeEach(() => {
  done = [];
  asked = [];
  shelves = new Shelves(client);
  state = null;
  begun = undefined;
  changed = new Signal({});
  panel = new SamplePanel();
  executed = new Signal({});
  Notification.dismiss();
  commands = new CommandRegistry();
  for (const id of Object.values(CommandIDs)) {
    if (id !== CommandIDs.addPackages) {
      commands.addCommand(id, {
        describedBy: { args: {} },
        execute: args => (done.push([id, args]), id === CommandIDs.repairVersion ? begun : undefined)
      });
    }
  }
});

/** Repair a check; true when there is something new to be found out. */
function fix(
  action: string,
  args: object = {},
  report: Partial<INotebookReport> = { environment: 'local/geo@2' },
  more: Partial<INotebookCheck> = {}
): Promise<boolean> {
  const context = {
    client,
    shelves,
    model: { build: () => begun, changed },
    commands,
    executed,
    trans,
    standing: () => ({ state }),
    activate: (panel: NotebookPanel) => done.push(['activate', panel.context.localPath])
  } as unknown as IRepairContext;
  const reporting = {
    panel: panel.panel,
    report,
    cellAt: (number: number) => (number > panel.model.cells.length ? -1 : number - 1)
  } as unknown as INotebookReporting;
  const check = { title: 'x', repair: { action, arguments: args }, ...more } as unknown as INotebookCheck;
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

  it.each<[string, object, object]>([
    ['repair', { environment: 'local/geo@2' }, { ...GEO, version: 2 }],
    ['build', {}, { ...GEO, version: 2, freed: true }]
  ])('by %s makes files anew, and is done when that has ended', async (action, args, given) => {
    begun = { id: 7, state: 'installing' };
    const fixing = fix(action, args);
    const early = await Promise.race([fixing, new Promise(resolve => setTimeout(resolve, 0))]);
    changed.emit();
    expect([early, done]).toEqual([undefined, [[CommandIDs.repairVersion, given]]]);
    begun = { id: 7, state: 'ready' };
    changed.emit();
    expect(await fixing).toBe(true);
    begun = undefined; // the server refused, and the command has told why
    expect(await fix(action, args)).toBe(false);
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

  it('builds what the notebook carries', async () => {
    state = { convention: 'envstore', existing: [] };
    expect(await fix('build')).toBe(true);
    expect(done).toEqual([FRONT, [CommandIDs.restoreNotebook, {}]]);
  });

  it.each<[string, string[], string[]]>([
    ['nothing where every cell ran', [], []],
    ['at which cell it stopped', ['b', 'c'], ['Cell 2 ended in an error. The cells after it did not run.']],
    ['only that where it was the last one', ['c'], ['Cell 3 ended in an error.']]
  ])('that runs all cells tells %s', async (_, failing, told) => {
    panel.show(ran('a', 1), ran('b', 2), ran('c', 3), { id: 'd', type: 'markdown' });
    const end = (notebook: unknown, id: string, success: boolean): void =>
      executed.emit({ notebook, cell: { model: { id, type: 'code' } }, success } as IExecuted);
    commands.addCommand('notebook:restart-run-all', {
      describedBy: { args: {} },
      execute: () => {
        end({}, 'a', false); // of another notebook
        ['a', 'b', 'c'].forEach(id => end(panel.content, id, !failing.includes(id)));
      }
    });
    expect(await fix('run_all')).toBe(true);
    end(panel.content, 'a', false);
    expect(done).toEqual([FRONT]);
    expect(said()).toEqual(told);
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

describe('The repair that adds packages', () => {
  const at = (cell: number, what = ''): INotebookPlace => ({ cell, line: null, what });
  const add = (code: string, places: INotebookCheck['places'], packages: string[] = []): Promise<boolean> =>
    fix('add_packages', { environment: 'team/geo', packages }, {}, { code, places });

  beforeEach(() => {
    commands.addCommand(CommandIDs.addPackages, {
      describedBy: { args: {} },
      execute: args => done.push(args)
    });
  });

  it('asks each manager for what can be had of it, and tells of modules that nobody knows', async () => {
    const modules = ['cv2', 'myhelpers', 'river_tools', 'shap.plots', 'cv2'];
    await add(
      'imports',
      modules.map(what => at(1, what)),
      ['myhelpers', 'opencv', 'river-tools', 'shap']
    );
    expect(done).toEqual([
      { namespace: 'team', name: 'geo', packages: ['opencv', 'shap'], pip: ['river_tools'] }
    ]);
    expect(said()).toEqual(['No channel of geo has a package for myhelpers. Is it a file of yours?']);
  });

  it('asks for nothing that the page knows, and believes the index that a person had asked', async () => {
    expect(Shelves.ofPage(client)).toBe(Shelves.ofPage(client));
    await add('imports', [at(1, 'cv2'), at(1, 'myhelpers')]);
    expect(asked).toEqual(['cv2', 'myhelpers']);
    shelves.index.set('myhelpers', true);
    await add('imports', [at(1, 'cv2'), at(1, 'myhelpers')]);
    expect(asked).toHaveLength(2);
    expect(done.at(-1)).toEqual({ namespace: 'team', name: 'geo', packages: ['opencv'], pip: ['myhelpers'] });
  });

  it('opens nothing where nobody knows any of them', async () => {
    expect(await add('imports', [at(1, 'myhelpers')], ['myhelpers'])).toBe(false);
    expect(done).toEqual([]);
    expect(said()).toEqual(['No channel of geo has a package for myhelpers. Is it a file of yours?']);
  });

  it('reads commands as the line below the cell does', async () => {
    panel.show(
      { id: 'a', type: 'code', source: '!pip install "uvloop>=0.1" nosuchthing123 -r req.txt' },
      { id: 'b', type: 'code', source: '%pip install numpy' }
    );
    await add('installs', [at(1), at(2), at(3)], ['nosuchthing123', 'numpy', 'uvloop']);
    expect(done).toEqual([
      { namespace: 'team', name: 'geo', packages: ['uvloop >=0.1'], pip: ['nosuchthing123'] }
    ]);
    expect(said()).toEqual(['Left out: the file of -r.']);
  });

  it('takes from the report what Python itself would install', async () => {
    panel.show({ id: 'a', type: 'code', source: 'run([sys.executable, "-m", "pip", "install", "uvloop"])' });
    await add('installs', [at(1)], ['uvloop']);
    expect(done).toEqual([{ namespace: 'team', name: 'geo', packages: ['uvloop'], pip: [] }]);
  });

  it('says so where there is nothing to add', async () => {
    panel.show({ id: 'b', type: 'code', source: '%pip install numpy' });
    await add('installs', [at(1)], ['numpy']);
    expect(done).toEqual([]);
    expect(said()).toEqual(['geo v2 has numpy already.']);
  });

  it('asks for what is there of the manager that it came from', async () => {
    await add('asked_for', [at(1, 'numpy')], ['numpy', 'river-words', 'shap']);
    expect(done).toEqual([
      { namespace: 'team', name: 'geo', packages: ['numpy', 'shap'], pip: ['river-words'] }
    ]);
  });
});
