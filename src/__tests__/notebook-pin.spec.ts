import { Dialog, Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import { RequestError } from '../api/request';
import type { IBuild } from '../api/types';
import { addNotebookPinCommands } from '../commands/notebook-pin';
import { CommandIDs } from '../tokens';
import { FakePanel, KERNEL, settle } from './notebook-panel';
import { aBuild } from './samples';

const PINNED = `${KERNEL}--v1`;
const GEO = { namespace: 'local', name: 'geo' };

let commands: CommandRegistry;
let panel: FakePanel & { sessionContext: { changeKernel: jest.Mock } };
let tracker: { currentWidget: FakePanel | null; currentChanged: Signal<object, unknown> };
let build: IBuild;
let changed: Signal<object, void>;
let iopub: Signal<object, unknown>;
/** Of each version by its number. */
let filesOf: (number: number) => 'ready' | 'freed' | 'broken';
let specs: { [name: string]: object };
const repair = jest.fn();

const messages = (): string[] => Notification.manager.notifications.map(({ message }) => message);

/** What a kernel says of itself. */
const spec = (environment: string, version: number, more: object = {}, language = 'python'): object => ({
  language,
  metadata: { envstore: { environment, version, pinned: false, alias: '', ...more } }
});

/** The question that is asked, as soon as it is. */
async function question(): Promise<Dialog<unknown>> {
  let dialog: Dialog<unknown> | null = null;
  while (!dialog) {
    await settle();
    dialog = Dialog.tracker.currentWidget ?? null;
  }
  await dialog.ready;
  return dialog;
}

/** The build goes on, or ends. */
async function become(changes: Partial<IBuild>): Promise<void> {
  build = { ...build, ...changes, sequence: build.sequence + 1 };
  changed.emit();
  await settle();
}

beforeEach(() => {
  Notification.manager.dismiss();
  repair.mockReset();
  commands = new CommandRegistry();
  panel = Object.assign(new FakePanel(), {}) as typeof panel;
  panel.title.label = 'rivers.ipynb';
  Object.assign(panel.model, { defaultKernelLanguage: 'python' });
  iopub = new Signal<object, unknown>({});
  Object.assign(panel.sessionContext, { iopubMessage: iopub });
  panel.sessionContext.changeKernel = jest.fn(async ({ name }: { name: string }) =>
    panel.change({ id: `of ${name}`, name })
  );
  tracker = { currentWidget: panel, currentChanged: new Signal<object, unknown>({}) };
  build = aBuild({ id: 7, kind: 'repair', state: 'queued' });
  changed = new Signal<object, void>({});
  filesOf = () => 'ready';
  specs = {
    [KERNEL]: spec('local/geo', 2),
    [PINNED]: spec('local/geo', 1, { pinned: true }),
    python3: { language: 'python', metadata: {} }
  };
  repair.mockImplementation(async () => build);
  const kernelspecs = {
    get specs() {
      return { kernelspecs: specs };
    },
    refreshSpecs: async () => undefined
  };
  addNotebookPinCommands(
    {
      app: { commands, serviceManager: { kernelspecs } },
      client: {
        kernel: async () => PINNED,
        version: async (namespace: string, name: string, number: number) => ({
          namespace,
          name,
          number,
          prefix_state: filesOf(number),
          package_count: 10,
          size: 1_200_000
        })
      },
      model: { build: () => build, changed, repair },
      trans: nullTranslator.load('jupyter_envstore')
    } as never,
    tracker as never
  );
});

afterEach(() => panel.dispose());

describe('Pinning a notebook', () => {
  const pin = (): Promise<unknown> => commands.execute(CommandIDs.pinNotebook, { ...GEO, version: 1 });

  it('asks nothing where the files of the version are there, and can be undone', async () => {
    expect(await pin()).toBe(PINNED);
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledWith({ name: PINNED });
    expect(messages()).toEqual(['rivers.ipynb runs on geo v1 and stays with it.']);
    Notification.manager.notifications[0]!.options.actions![0]!.callback(new MouseEvent('click'));
    expect(panel.sessionContext.changeKernel).toHaveBeenLastCalledWith({ name: KERNEL });
    expect(repair).not.toHaveBeenCalled();
  });

  it('leaves a kernel alone that is of the version already, but for one that died', async () => {
    panel.change({ id: 'k2', name: PINNED });
    expect(await pin()).toBe(PINNED);
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
    expect(messages()).toEqual(['rivers.ipynb runs on geo v1 and stays with it.']);
    Object.assign(panel.sessionContext.session!.kernel, { status: 'dead' });
    await pin();
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledWith({ name: PINNED });
  });

  it('is undone only as long as the notebook has the kernel that it was given, and says when that fails', async () => {
    const { changeKernel } = panel.sessionContext;
    await pin();
    const undo = Notification.manager.notifications[0]!.options.actions![0]!;
    panel.change({ id: 'k3', name: 'python3' });
    undo.callback(new MouseEvent('click'));
    expect(changeKernel).toHaveBeenCalledTimes(1);
    panel.change({ id: 'k4', name: PINNED });
    changeKernel.mockRejectedValueOnce(new Error('No such kernel.'));
    undo.callback(new MouseEvent('click'));
    await settle();
    expect(changeKernel).toHaveBeenCalledTimes(2);
    expect(messages().join()).toContain('rivers.ipynb keeps the kernel it has.');
  });

  it('says what it costs to build freed files again, and does nothing when the answer is no', async () => {
    filesOf = () => 'freed';
    const done = pin();
    const asked = await question();
    await settle();
    expect(asked.node.textContent).toContain('Build geo v1 again?');
    expect(asked.node.textContent).toContain(
      'Its files were freed. They are built again from its lock: 10 packages, at most 1.2\u00a0MB to download.'
    );
    expect(asked.node.querySelector('.jp-mod-accept')!.textContent).toBe('Build');
    asked.resolve(0);
    expect(await done).toBeUndefined();
    expect(repair).not.toHaveBeenCalled();
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
  });

  it('builds freed files again, tells how that goes, and switches then', async () => {
    filesOf = () => 'freed';
    const done = pin();
    (await question()).resolve(1);
    await settle();
    expect(repair).toHaveBeenCalledWith({ ...GEO, number: 1 });
    expect(messages()).toEqual(['geo: Waiting']);
    await become({ state: 'installing', progress: { ...build.progress, done: 8, total: 9 } });
    expect(messages()).toEqual(['geo: Installing 8 of 9']);
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
    await become({ state: 'ready' });
    expect(await done).toBe(PINNED);
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledWith({ name: PINNED });
    expect(messages()).toEqual(['rivers.ipynb runs on geo v1 and stays with it.']);
  });

  it('builds them once, however often it is asked to', async () => {
    filesOf = () => 'freed';
    const done = pin();
    (await question()).resolve(1);
    await settle();
    expect(await pin()).toBeUndefined();
    expect(messages()[0]).toBe('What rivers.ipynb is to run on is being built already.');
    await become({ state: 'ready' });
    expect(await done).toBe(PINNED);
    expect(repair).toHaveBeenCalledTimes(1);
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledTimes(1);
  });

  it('mends files that are damaged, too', async () => {
    filesOf = () => 'broken';
    const done = pin();
    const asked = await question();
    await settle();
    expect(asked.node.textContent).toContain('Its files are damaged.');
    asked.resolve(0);
    await done;
  });

  it('leaves the notebook on its kernel and says why where they cannot be built', async () => {
    filesOf = () => 'freed';
    const done = pin();
    (await question()).resolve(1);
    await settle();
    const error = { code: 'package_not_found', message: 'idna is gone.', details: {} };
    await become({ state: 'failed', error });
    expect(await done).toBeUndefined();
    expect(messages()).toEqual(['rivers.ipynb keeps the kernel it has. geo: Package not found.']);
    expect(Notification.manager.notifications[0]!.options.actions![0]!.label).toBe('See why');
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
  });

  it('leaves it there also where the build is refused, or cancelled', async () => {
    filesOf = () => 'freed';
    repair.mockRejectedValueOnce(new RequestError(403, 'not_allowed', 'idna is not allowed here.', {}));
    let done = pin();
    (await question()).resolve(1);
    expect(await done).toBeUndefined();
    expect(messages()).toEqual(['rivers.ipynb keeps the kernel it has. idna is not allowed here.']);
    Notification.manager.dismiss();
    done = pin();
    (await question()).resolve(1);
    await settle();
    await become({ state: 'cancelled' });
    expect(await done).toBeUndefined();
    expect(messages()).toEqual([]);
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
  });

  it('forces nothing on a notebook that was closed meanwhile', async () => {
    filesOf = () => 'freed';
    const done = pin();
    (await question()).resolve(1);
    await settle();
    panel.dispose();
    await become({ state: 'ready' });
    expect(await done).toBeUndefined();
    expect(messages()).toEqual(['geo v1 is on disk again.']);
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
  });

  it.each([
    ['was used', () => iopub.emit({ header: { msg_type: 'execute_input' } })],
    ['is another one', () => panel.change({ id: 'k2', name: 'python3' })]
  ])('takes no kernel away that %s meanwhile, and offers to switch', async (_, happen) => {
    filesOf = () => 'freed';
    const done = pin();
    (await question()).resolve(1);
    await settle();
    happen();
    await become({ state: 'ready' });
    expect(await done).toBeUndefined();
    expect(messages()).toEqual(['geo v1 is ready. rivers.ipynb goes on with the kernel that it has.']);
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
    const [offer] = Notification.manager.notifications[0]!.options.actions!;
    expect(offer!.label).toBe('Switch to geo v1');
    offer!.callback(new MouseEvent('click'));
    await settle();
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledWith({ name: PINNED });
  });
});

describe('Unpinning a notebook', () => {
  const unpin = (args = {}): Promise<unknown> => commands.execute(CommandIDs.unpinNotebook, args);

  beforeEach(() => panel.change({ id: 'k1', name: PINNED }));

  it('lets it follow the active version, and can be undone', async () => {
    expect(await unpin()).toBe(KERNEL);
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledWith({ name: KERNEL });
    expect(messages()).toEqual(['rivers.ipynb runs on geo v2 and follows the active version from now on.']);
    Notification.manager.notifications[0]!.options.actions![0]!.callback(new MouseEvent('click'));
    expect(panel.sessionContext.changeKernel).toHaveBeenLastCalledWith({ name: PINNED });
  });

  it.each([
    ['python3', {}, false],
    [KERNEL, {}, false],
    [PINNED, {}, true],
    [PINNED, { ...GEO }, true],
    [PINNED, { ...GEO, version: 1 }, true],
    [PINNED, { ...GEO, version: 2 }, false],
    [PINNED, { ...GEO, name: 'sea' }, false],
    // Its spec went, because nobody had used it for long.
    [`${KERNEL}--v9`, {}, true]
  ])('is offered where its kernel stays at the version that is meant: %s, %j', (name, args, expected) => {
    panel.change({ id: 'k2', name });
    expect(commands.isEnabled(CommandIDs.unpinNotebook, args)).toBe(expected);
    if ('name' in args) {
      expect(commands.isVisible(CommandIDs.unpinNotebook, args)).toBe(expected);
    }
  });

  it('is not offered without a notebook, and looked at again when its kernel is another one', () => {
    const told: unknown[] = [];
    tracker.currentChanged.emit(panel);
    commands.commandChanged.connect((_, { id }) => told.push(id));
    panel.change({ id: 'k2', name: 'python3' });
    expect(told).toEqual([CommandIDs.unpinNotebook]);
    tracker.currentWidget = null;
    expect(commands.isEnabled(CommandIDs.unpinNotebook)).toBe(false);
  });

  it.each([
    [
      'the one that is called alike',
      `${PINNED}--ir`,
      {
        [`${KERNEL}--ir`]: spec('local/geo', 2, {}, 'R'),
        [`${PINNED}--ir`]: spec('local/geo', 1, { pinned: true }, 'R')
      },
      `${KERNEL}--ir`
    ],
    [
      'else one of its language',
      `${PINNED}--xpython`,
      {
        [KERNEL]: spec('local/geo', 2, {}, 'R'),
        [`${KERNEL}--xp`]: spec('local/geo', 2),
        [`${PINNED}--xpython`]: spec('local/geo', 1, { pinned: true })
      },
      `${KERNEL}--xp`
    ],
    [
      'that of the name which the environment has by now',
      'envstore-local--old--v1',
      {
        'envstore-local--old': spec('local/geo', 2, { alias: 'local/old' }),
        'envstore-local--old--v1': spec('local/geo', 1, { pinned: true, alias: 'local/old' })
      },
      KERNEL
    ],
    [
      'also where the name says the lock',
      `${PINNED}-0a1b2c3d`,
      {
        [`${PINNED}-0a1b2c3d`]: spec('local/river', 1, { pinned: true }),
        'envstore-local--river': spec('local/river', 4)
      },
      'envstore-local--river'
    ]
  ])('chooses of several kernels %s', async (_, pinned, more, expected) => {
    specs = { ...specs, ...more };
    panel.change({ id: 'k2', name: pinned });
    expect(await unpin()).toBe(expected);
  });

  it('leaves it where it is when there is nothing to follow', async () => {
    delete specs[KERNEL];
    expect(await unpin()).toBeUndefined();
    expect(messages()).toEqual(['rivers.ipynb keeps the kernel it has: geo has none that it could follow.']);
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
  });

  it('asks before the files of the active version are built again', async () => {
    filesOf = number => (number === 2 ? 'freed' : 'ready');
    const done = unpin();
    (await question()).resolve(1);
    await settle();
    await become({ state: 'ready' });
    expect(await done).toBe(KERNEL);
    expect(repair).toHaveBeenCalledWith({ ...GEO, number: 2 });
  });
});
