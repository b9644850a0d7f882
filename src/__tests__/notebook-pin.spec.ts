import { Dialog, Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import { RequestError } from '../api/request';
import type { IBuild } from '../api/types';
import { addNotebookPinCommand } from '../commands/notebook-pin';
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
  panel.sessionContext.changeKernel = jest.fn(async () => undefined);
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
  addNotebookPinCommand(
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
});
