import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { IBuild } from '../api/types';
import { tellOfBuilds } from '../commands/notifications';
import { RestoreAnswers } from '../notebook/restore/answers';
import { followBuild } from '../notebook/restore/build';
import type { IRestoreContext } from '../notebook/restore/context';
import { aBuild } from './samples';

const KERNEL = 'envstore-local--geo--v1';

let build: IBuild;
let changed: Signal<object, void>;
let finished: Signal<object, IBuild>;
let context: IRestoreContext;
let changeKernel: jest.Mock;
let iopubMessage: Signal<object, object>;
let panel: NotebookPanel;
let following: Promise<unknown>;
let specs: { [name: string]: object };
/** What else is open. */
let open: object[];
/** What the server lists, look by look: the last one stays. */
let lists: Array<{ [name: string]: object }>;
const execute = jest.fn(async () => undefined);

const notes = (): string[] => Notification.manager.notifications.map(({ message }) => message);
const press = (label: string): void => {
  const actions = Notification.manager.notifications.flatMap(({ options }) => options.actions ?? []);
  actions.find(action => action.label === label)!.callback(new MouseEvent('click'));
};

/** The build goes on, or ends. */
const become = async (changes: Partial<IBuild>): Promise<void> => {
  build = { ...build, ...changes, sequence: build.sequence + 1 };
  changed.emit();
  if (build.state === 'ready' || build.state === 'failed') {
    finished.emit(build);
    await following;
  }
};

beforeEach(async () => {
  Notification.manager.dismiss();
  execute.mockClear();
  build = aBuild({ id: 7, kind: 'restore', state: 'queued' });
  changed = new Signal<object, void>({});
  finished = new Signal<object, IBuild>({});
  lists = [{ [KERNEL]: {} }];
  specs = {};
  open = [];
  changeKernel = jest.fn(async () => undefined);
  iopubMessage = new Signal<object, object>({});
  const widget = new Widget();
  widget.title.label = 'churn.ipynb';
  panel = Object.assign(widget, {
    context: { path: 'a/churn.ipynb' },
    sessionContext: { kernelPreference: { shouldStart: false }, session: null, changeKernel, iopubMessage }
  }) as unknown as NotebookPanel;
  const kernelspecs = {
    get specs() {
      return { kernelspecs: specs };
    },
    refreshSpecs: async () => {
      specs = lists.length > 1 ? lists.shift()! : lists[0]!;
    }
  };
  context = {
    app: { commands: { execute }, serviceManager: { kernelspecs }, shell: { widgets: () => open.values() } },
    client: { kernel: async () => KERNEL },
    model: { build: () => build, changed, finished },
    answers: new RestoreAnswers(null),
    trans: nullTranslator.load('')
  } as unknown as IRestoreContext;
  tellOfBuilds(context as never, () => 'always');
  await context.answers.keep('a/churn.ipynb', 'l', { kind: 'build', build: 7 });
  following = followBuild(context, panel, build, null);
});

describe('The build of what a notebook carries', () => {
  it('is told of while it goes on, with a way to its log', async () => {
    expect(notes()).toEqual(['geo: Waiting']);
    await become({ state: 'installing', progress: { ...build.progress, done: 8, total: 9, fraction: 0.7 } });
    expect(notes()).toEqual(['geo: Installing 8 of 9']);
    expect(Notification.manager.notifications[0]!.options.progress).toBe(0.7);
    press('Show the build');
    expect(execute).toHaveBeenCalledWith('envstore:open-environment', {
      namespace: 'local',
      name: 'geo',
      tab: 'builds',
      build: 7
    });
  });

  it('lets the notebook run on exactly that, and is told of once', async () => {
    await become({ state: 'ready', version: 1 });
    expect(changeKernel).toHaveBeenCalledWith({ name: KERNEL });
    expect(panel.sessionContext.kernelPreference.shouldStart).toBe(true);
    expect(notes()).toEqual(['churn.ipynb runs on geo v1 and stays with it.']);
    expect(await context.answers.find('a/churn.ipynb', 'l')).toBeNull();
  });

  it('starts its kernel once that is listed: the host would show its bare name', async () => {
    lists = [{}, { [KERNEL]: {} }];
    let listed: string[] = [];
    changeKernel.mockImplementation(async () => {
      listed = Object.keys(specs);
    });
    await become({ state: 'ready', version: 1 });
    expect(listed).toEqual([KERNEL]);
  });

  it('starts its kernel also where that is never listed', async () => {
    lists = [{}];
    await become({ state: 'ready', version: 1 });
    expect(changeKernel).toHaveBeenCalledWith({ name: KERNEL });
  });

  it('forces nothing on a notebook that was closed', async () => {
    panel.dispose();
    await become({ state: 'ready', version: 1 });
    expect(changeKernel).not.toHaveBeenCalled();
    expect(notes()).toEqual(['geo v1 is ready. churn.ipynb runs on it when it is opened again.']);
    press('Open');
    expect(execute).toHaveBeenCalledWith('docmanager:open', { path: 'a/churn.ipynb' });
  });

  it('is told of under the name that the notebook has then', async () => {
    Object.assign(panel.context, { path: 'a/other.ipynb' });
    panel.dispose();
    await become({ state: 'ready', version: 1 });
    press('Open');
    expect(execute).toHaveBeenCalledWith('docmanager:open', { path: 'a/other.ipynb' });
  });

  it('is told of by the notebook that waits for it where that was opened again', async () => {
    panel.dispose();
    open = [{ context: { path: 'a/churn.ipynb' } }];
    await become({ state: 'ready', version: 1 });
    expect(notes()).toEqual([]);
  });

  it('takes no kernel away that was chosen meanwhile', async () => {
    Object.assign(panel.sessionContext, {
      session: { kernel: { id: 'k1', name: 'python3', status: 'idle' } }
    });
    await become({ state: 'ready', version: 1 });
    expect(changeKernel).not.toHaveBeenCalled();
    expect(notes()).toEqual(['geo v1 is ready. churn.ipynb goes on with the kernel that it has.']);
    press('Switch to geo v1');
    await new Promise(resolve => setTimeout(resolve));
    expect(changeKernel).toHaveBeenCalledWith({ name: KERNEL });
  });

  it('offers nothing for a notebook that is closed after it', async () => {
    Object.assign(panel.sessionContext, {
      session: { kernel: { id: 'k1', name: 'python3', status: 'idle' } }
    });
    await become({ state: 'ready', version: 1 });
    panel.dispose();
    expect(notes()).toEqual([]);
  });

  it('says why it failed, and lets the notebook be asked again', async () => {
    await become({
      state: 'failed',
      error: { code: 'hash_mismatch', message: 'numpy is another.', details: {} }
    });
    expect(notes()).toEqual(['churn.ipynb has no environment yet. geo: A file was changed.']);
    press('See why');
    expect(execute).toHaveBeenCalledTimes(1);
    expect(await context.answers.find('a/churn.ipynb', 'l')).toBeNull();
  });
});

describe('A kernel that the notebook has when it is to run on something else', () => {
  const kernel = { id: 'k1', name: 'python3', status: 'idle' };

  beforeEach(() => {
    Object.assign(panel.sessionContext, { session: { kernel } });
    kernel.status = 'idle';
    following = followBuild(context, panel, build, null);
  });

  it('is replaced where nothing was run in it since', async () => {
    iopubMessage.emit({ header: { msg_type: 'status' } });
    await become({ state: 'ready', version: 1 });
    expect(changeKernel).toHaveBeenCalledWith({ name: KERNEL });
  });

  it.each([
    ['ran a cell', () => iopubMessage.emit({ header: { msg_type: 'execute_input' } })],
    ['is at work still', () => (kernel.status = 'busy')]
  ])('is kept where it %s', async (_, act) => {
    act();
    // The one that was followed before the notebook had a kernel keeps it, too.
    await become({ state: 'ready', version: 1 });
    expect(changeKernel).not.toHaveBeenCalled();
  });
});
