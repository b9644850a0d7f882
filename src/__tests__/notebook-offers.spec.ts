import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { framePromise } from '@jupyterlab/testing';
import { MessageLoop } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { PanelLayout, Widget } from '@lumino/widgets';

import { RunningVersions } from '../model/running-versions';
import { NotebookOffers } from '../notebook/offers/offers';
import { Shelves } from '../notebook/offers/shelves';

const OURS = 'envstore-local--geo';

/** A code cell, as far as it matters here: with a foot, below which nothing is to stand. */
class FakeCell extends Widget {
  constructor(
    id: string,
    private readonly source: string,
    outputs: object[]
  ) {
    super();
    this.model = {
      id,
      type: 'code',
      sharedModel: { getSource: () => this.source },
      outputs: new FakeOutputs(outputs)
    };
    const layout = (this.layout = new PanelLayout());
    layout.addWidget(new Widget());
    layout.addWidget(new Widget());
  }

  readonly model;
  readonly ready = Promise.resolve();

  isPlaceholder(): boolean {
    return false;
  }

  get line(): Widget | undefined {
    const { widgets } = this.layout as PanelLayout;
    const found = widgets.filter(widget => widget.hasClass('envstore-offer'));
    expect(found.length).toBeLessThanOrEqual(1);
    expect(widgets.at(-1)).not.toBe(found[0]);
    return found[0];
  }
}

class FakeOutputs {
  constructor(private items: object[]) {}

  readonly changed = new Signal<object, unknown>(this);

  get length(): number {
    return this.items.length;
  }

  get(index: number): object {
    const item = this.items[index]!;
    return { type: 'error', ...item, toJSON: () => item };
  }

  clear(): void {
    this.items = [];
    this.changed.emit(undefined);
  }
}

class FakePanel extends Widget {
  readonly cellsChanged = new Signal<object, unknown>(this);
  readonly content = { widgets: [] as FakeCell[], model: { cells: { changed: this.cellsChanged } } };
  readonly sessionContext = {
    session: { kernel: { id: 'k1', name: OURS } } as { kernel: { id: string; name: string } } | null,
    kernelChanged: new Signal<object, unknown>(this),
    statusChanged: new Signal<object, unknown>(this),
    specsManager: {
      specs: {
        kernelspecs: {
          [OURS]: { metadata: { envstore: { environment: 'local/geo', version: 7 } } },
          python3: { metadata: {} }
        }
      }
    }
  };

  start(name: string): void {
    this.sessionContext.session = { kernel: { id: 'k2', name } };
    this.sessionContext.kernelChanged.emit(undefined);
  }
}

let panel: FakePanel;
let offers: NotebookOffers;
let asked: string[];
let done: unknown[];
let active: number;
let running: number;
let isInstalled: boolean;
let isAway: boolean;
let onIndex: boolean | null;
let versions: RunningVersions;
let versionsChanged: Signal<object, void>;
let changed: Signal<object, void>;
let build: object | null;
/** Whether the model lists the environment. */
let isListed: boolean;

const missing = (module: string): object => ({
  output_type: 'error',
  ename: 'ModuleNotFoundError',
  evalue: `No module named '${module}'`
});
const settle = async (): Promise<void> => {
  await new Promise(resolve => setTimeout(resolve));
  MessageLoop.flush();
  await framePromise();
  await new Promise(resolve => setTimeout(resolve));
};
const run = async (cell: FakeCell): Promise<void> => {
  offers.begin(cell as unknown as Cell);
  offers.end(cell as unknown as Cell);
  await settle();
};
const put = (...cells: FakeCell[]): void => {
  panel.content.widgets = cells;
  cells.filter(cell => !cell.isAttached).forEach(cell => Widget.attach(cell, panel.node));
  panel.cellsChanged.emit(undefined);
};
const press = async (cell: FakeCell, text: string): Promise<void> => {
  const button = [...cell.line!.node.querySelectorAll('button')].find(one =>
    `${one.textContent} ${one.title}`.includes(text)
  );
  button!.click();
  await settle();
};

beforeEach(() => {
  [asked, done, build] = [[], [], null];
  [active, running] = [7, 7];
  [isInstalled, isAway, onIndex, isListed] = [false, false, null, false];
  panel = new FakePanel();
  Widget.attach(panel, document.body);
  versionsChanged = new Signal<object, void>({});
  changed = new Signal<object, void>({});
  const kernels = { running: () => [].values(), runningChanged: new Signal<object, unknown>({}) };
  versions = new RunningVersions(kernels as never, {
    kernels: async () => [{ id: 'k1', version: running }] as never
  });
  const answer = async <T>(question: string, value: T): Promise<T> => {
    asked.push(question);
    if (isAway) {
      throw new Error('away');
    }
    return value;
  };
  const standing = (): object => ({ namespace: 'local', name: 'geo', active_version: active, build });
  const shelves = new Shelves({
    version: () => answer('version', { specification: 'channels: [conda-forge]\n' } as never),
    packages: () => answer('packages', { items: [] } as never),
    supplier: module =>
      answer('supplier', { module, package: module, source: 'conda', installed: isInstalled } as never),
    buildRequest: () => answer('request', { specification: 'dependencies: [shap]' } as never),
    search: ({ pattern: name }) => answer('search', { items: name === 'unheard' ? [] : [{ name }] } as never)
  });
  offers = new NotebookOffers(panel as unknown as NotebookPanel, {
    client: { environment: () => answer('environment', standing() as never) },
    model: {
      changed,
      versionsChanged,
      environment: () => (isListed ? standing() : undefined)
    } as never,
    shelves,
    versions,
    actions: {
      add: ({ name }, { packages, pip }) => done.push(['add', name, packages, pip]),
      showBuild: ({ name }, id) => done.push(['show', name, id]),
      restart: () => done.push('restart'),
      run: (_, { model }) => done.push(['run', model.id]),
      switchTo: (_, version) => done.push(['switch', version]),
      lookUp: async project => {
        done.push(['look up', project]);
        return onIndex;
      }
    },
    trans: nullTranslator.load('jupyter_envstore')
  });
});

afterEach(() => panel.dispose());

describe('Below a cell', () => {
  it('that did not find a module it is said, with what can be done', async () => {
    const cell = new FakeCell('a', 'import shap', [missing('shap')]);
    put(cell);
    await run(cell);
    expect(cell.line?.node.textContent).toBe('shap is not in geo v7.Add shap to geo');
    await press(cell, 'Add shap');
    expect(done).toEqual([['add', 'geo', ['shap'], []]]);
  });

  it('that was to install it is said, whatever came of that', async () => {
    const cell = new FakeCell('a', '%pip install shap -r list.txt', [
      { output_type: 'stream', type: 'stream' }
    ]);
    put(cell);
    await run(cell);
    expect(cell.line?.node.textContent).toBe(
      'shap is not in geo v7. Environments are changed as versions, not from a cell. ' +
        'Left out: the file of -r.Add shap to geo'
    );
    const other = new FakeCell('b', '%pip install -r list.txt', [{ output_type: 'stream', type: 'stream' }]);
    put(cell, other);
    await run(other);
    expect(other.line?.node.textContent).toBe(
      'Environments are changed as versions, not from a cell. Left out: the file of -r.'
    );
  });

  it.each([
    ['found everything', 'print(1)', [{ output_type: 'stream', type: 'stream' }]],
    ['failed otherwise', 'x', [{ output_type: 'error', ename: 'NameError', evalue: 'x' }]]
  ])('that %s nothing is said, and nothing is asked', async (_, source, outputs) => {
    const cell = new FakeCell('a', source, outputs);
    put(cell);
    await run(cell);
    versionsChanged.emit();
    await settle();
    expect(cell.line).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('of another kernel nothing is said, and nothing is asked', async () => {
    panel.start('python3');
    const cell = new FakeCell('a', '%pip install shap', [missing('shap')]);
    put(cell);
    await run(cell);
    expect(cell.line).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('that was not run here nothing is said of its outputs', async () => {
    const cell = new FakeCell('a', 'import shap', [missing('shap')]);
    put(cell);
    offers.end(cell as unknown as Cell);
    await settle();
    expect(cell.line).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('it changes when the version that has it is active, and then asks to run the cell again', async () => {
    const cell = new FakeCell('a', 'import shap', [missing('shap')]);
    put(cell);
    await run(cell);
    [active, isInstalled] = [8, true];
    versionsChanged.emit();
    await settle();
    expect(cell.line?.node.textContent).toBe(
      'shap is in geo v8. This kernel runs v7.Restart the kernel to use it'
    );
    await press(cell, 'Restart');
    expect(done).toEqual(['restart']);

    running = 8;
    panel.sessionContext.statusChanged.emit('restarting');
    panel.sessionContext.statusChanged.emit('idle');
    await settle();
    expect(cell.line?.node.textContent).toBe('shap is in geo v8. Run the cell again.Run');
    changed.emit();
    versionsChanged.emit();
    await settle();
    await press(cell, 'Run');
    expect(done.at(-1)).toEqual(['run', 'a']);
    cell.model.outputs.clear();
    await run(cell);
    expect(cell.line).toBeUndefined();
  });

  it('the package index is asked when a person wants that', async () => {
    const cell = new FakeCell('a', 'import unheard', [missing('unheard')]);
    put(cell);
    await run(cell);
    expect(cell.line?.node.textContent).toContain('Is it a file of yours?');
    await press(cell, 'Look on PyPI');
    expect(done).toEqual([['look up', 'unheard']]);
    expect(cell.line?.node.textContent).toContain('Look on PyPI');
    onIndex = true;
    await press(cell, 'Look on PyPI');
    await press(cell, 'Add unheard');
    expect(done.at(-1)).toEqual(['add', 'geo', [], ['unheard']]);
  });

  it('it stays as it is while the server is away', async () => {
    const cell = new FakeCell('a', 'import shap', [missing('shap')]);
    put(cell);
    await run(cell);
    isAway = true;
    versionsChanged.emit();
    await settle();
    expect(cell.line?.node.textContent).toContain('shap is not in geo v7.');
  });

  it('nothing is asked while a build goes on, nor of other cells that run, nor twice', async () => {
    isListed = true;
    const cells = ['a', 'b', 'c'].map(id => new FakeCell(id, 'import unheard', [missing('unheard')]));
    put(...cells);
    for (const cell of cells) {
      await run(cell);
    }
    expect(asked).toEqual(['version', 'packages', 'supplier', 'search']);
    changed.emit();
    versionsChanged.emit();
    await settle();
    expect(asked).toHaveLength(4);
    expect(cells.every(({ line }) => line !== undefined)).toBe(true);

    [active, isInstalled] = [8, true];
    changed.emit();
    await settle();
    expect(cells[2]!.line?.node.textContent).toContain('unheard is in geo v8.');
    expect(asked.slice(4)).toEqual(['version', 'packages', 'supplier']);
  });

  it('it is said while the version with it is being built, and no longer', async () => {
    isListed = true;
    const cell = new FakeCell('a', 'import shap', [missing('shap')]);
    put(cell);
    await run(cell);
    build = { id: 3, state: 'queued' };
    changed.emit();
    await settle();
    expect(cell.line?.node.textContent).toBe(
      'shap is not in geo v7. A version with it is being built.Show the build'
    );
    await press(cell, 'Show the build');
    expect(done).toEqual([['show', 'geo', 3]]);
    const all = asked.length;
    // It is ready a moment before its version is known to be active.
    for (const state of ['fetching', 'ready']) {
      build = { id: 3, state };
      changed.emit();
      await settle();
      expect(cell.line?.node.textContent).toContain('is being built');
    }
    expect(asked).toHaveLength(all);
    build = { id: 3, state: 'failed' };
    changed.emit();
    await settle();
    expect(cell.line?.node.textContent).toContain('Add shap to geo');
  });

  it('the answer of the package index is remembered when the cell runs again', async () => {
    const cell = new FakeCell('a', 'import unheard', [missing('unheard')]);
    put(cell);
    await run(cell);
    onIndex = true;
    await press(cell, 'Look on PyPI');
    await run(cell);
    expect(cell.line?.node.textContent).toContain('Add unheard to geo');
  });

  it('nothing is said that was found out too late', async () => {
    const cell = new FakeCell('a', 'import shap', [missing('shap')]);
    put(cell);
    offers.begin(cell as unknown as Cell);
    offers.end(cell as unknown as Cell);
    offers.begin(cell as unknown as Cell);
    await settle();
    expect(cell.line).toBeUndefined();
  });
});

describe('The line goes', () => {
  let cell: FakeCell;

  beforeEach(async () => {
    cell = new FakeCell('a', 'import shap', [missing('shap')]);
    put(cell);
    await run(cell);
    expect(cell.line).toBeDefined();
  });

  it.each<[string, () => void | Promise<void>]>([
    ['the cell runs again', () => offers.begin(cell as unknown as Cell)],
    ['its output is cleared', () => cell.model.outputs.clear()],
    ['a person hides it', () => press(cell, 'Hide')],
    ['the notebook gets another kernel', () => panel.start('python3')]
  ])('when %s, and does not come back by itself', async (_, happens) => {
    await happens();
    await settle();
    expect(cell.line).toBeUndefined();
    asked = [];
    versionsChanged.emit();
    await settle();
    expect(cell.line).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('with its cell, and comes back where the cell does', async () => {
    const line = cell.line!;
    cell.dispose();
    put();
    expect(line.isDisposed).toBe(true);
    const again = new FakeCell('a', 'import shap', [missing('shap')]);
    put(new FakeCell('b', '', []), again);
    await settle();
    expect(again.line?.node.textContent).toContain('shap is not in geo v7.');
    // A copy has an id of its own.
    const copy = new FakeCell('c', 'import shap', [missing('shap')]);
    put(again, copy);
    expect(copy.line).toBeUndefined();
  });

  it('with the notebook, and nothing is listened to any more', async () => {
    const line = cell.line!;
    panel.dispose();
    expect(line.isDisposed).toBe(true);
    expect(offers.isDisposed).toBe(true);
    asked = [];
    versionsChanged.emit();
    panel.cellsChanged.emit(undefined);
    await settle();
    expect(asked).toEqual([]);
  });
});
