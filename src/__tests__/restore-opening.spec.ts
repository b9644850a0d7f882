import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { RequestError } from '../api/request';
import type { IBuild } from '../api/types';
import { RestoreAnswers } from '../notebook/restore/answers';
import type { IRestoreContext } from '../notebook/restore/context';
import { RestoreOpening } from '../notebook/restore/opening';
import type { INotebookState } from '../tokens';
import { aBuild, aCarried } from './samples';

const NAMED = 'envstore-local--analysis';
const EXISTING = { namespace: 'local', name: 'geo', number: 3, prefix_state: 'ready' };

/** An open notebook, as far as it matters here. */
class FakePanel extends Widget {
  metadata: { [key: string]: object } = {
    kernelspec: { name: NAMED, display_name: 'analysis (v7)' },
    envstore: { schema: 1 }
  };
  readonly context = {
    path: 'a/churn.ipynb',
    ready: Promise.resolve(),
    pathChanged: new Signal<object, string>(this)
  };
  readonly model = {
    getMetadata: (key: string) => this.metadata[key],
    sharedModel: {
      panel: this as FakePanel,
      cells: [],
      get metadata(): object {
        return this.panel.metadata;
      }
    }
  };
  readonly sessionContext = {
    ready: Promise.resolve(),
    kernelPreference: { name: NAMED, shouldStart: true },
    session: { kernel: null as { id: string; name: string } | null },
    iopubMessage: new Signal<object, object>(this),
    changeKernel: jest.fn(async ({ name }: { name: string }) => {
      this.sessionContext.session.kernel = { id: 'k', name };
    }),
    startKernel: jest.fn(async () => true)
  };
}

let panel: FakePanel;
let state: Partial<INotebookState>;
let specs: { [name: string]: object };
let kernelTitle: string | null;
let answers: RestoreAnswers;
let context: IRestoreContext;
let restored: jest.Mock;
let standingChanged: Signal<object, void>;
/** The builds that go on. */
let going: IBuild[];
const selectKernel = jest.fn(async () => undefined);

/** Let everything happen that nobody waits for. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < 20; round++) {
    await new Promise(resolve => setTimeout(resolve));
  }
};
const dialog = (): HTMLElement | null => document.querySelector('.envstore-restore-dialog');
const press = async (label: string): Promise<void> => {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('.envstore-restore-dialog button')];
  buttons.find(button => button.textContent === label)!.click();
  await settle();
};
const take = async (): Promise<void> => {
  void new RestoreOpening(context).take(panel as unknown as NotebookPanel);
  await settle();
};
const notes = (): string[] => Notification.manager.notifications.map(({ message }) => message);

beforeAll(() => import('../notebook/restore/dialog'), 120_000);

beforeEach(() => {
  panel = new FakePanel();
  panel.title.label = 'churn.ipynb';
  Widget.attach(panel, document.body);
  Notification.manager.dismiss();
  selectKernel.mockClear();
  state = {
    state: 'missing',
    environment: '',
    lock: 'l1',
    existing: [],
    building: null,
    carried: 'local/analysis@7',
    problem: ''
  };
  specs = {};
  going = [];
  kernelTitle = null;
  answers = new RestoreAnswers(null);
  restored = jest.fn(async () => ({
    carried: aCarried(),
    build: null,
    environment: 'local/geo@3',
    kernel: 'k'
  }));
  standingChanged = new Signal<object, void>({});
  const standing = {
    changed: standingChanged,
    refresh: async () => undefined,
    get state() {
      return state;
    },
    get kernel() {
      return kernelTitle && { title: kernelTitle };
    }
  };
  context = {
    app: {
      restored: Promise.resolve(),
      serviceManager: {
        kernelspecs: {
          get specs() {
            return { kernelspecs: specs };
          },
          refreshSpecs: async () => undefined
        }
      }
    },
    client: {
      status: async () => ({ default_namespace: 'local' }),
      environments: async () => ({ items: [], next: null, total: 0 }),
      version: async () => EXISTING,
      kernel: async () => 'envstore-local--geo--v3',
      restore: async () => ({ carried: aCarried(), build: null, environment: '', kernel: '' })
    },
    model: { restore: restored, track: async () => aBuild({ state: 'failed' }), changed: new Signal({}) },
    notebooks: { standing: () => standing },
    answers,
    dialogs: { selectKernel },
    trans: nullTranslator.load('')
  } as unknown as IRestoreContext;
});

afterEach(async () => {
  if (dialog()) {
    await press('Not now');
  }
  panel.dispose();
});

describe('A notebook that is opened without its kernel', () => {
  it('is offered what it carries in the place of the question of the host', async () => {
    await take();
    expect(dialog()?.textContent).toContain('Its kernel, analysis (v7), is not on this server.');
    expect(panel.sessionContext.kernelPreference.shouldStart).toBe(false);
    expect(document.activeElement?.textContent).toBe('Not now');
    expect(restored).not.toHaveBeenCalled();
  });

  it('is not offered it again after “not now”, and stays without a kernel', async () => {
    await take();
    await press('Not now');
    expect(selectKernel).not.toHaveBeenCalled();
    await take();
    expect(dialog()).toBeNull();
    state = { ...state, lock: 'l2' };
    await take();
    expect(dialog()).not.toBeNull();
  });

  it('is not offered it again under another name', async () => {
    await take();
    await press('Not now');
    panel.context.path = 'b/churn.ipynb';
    panel.context.pathChanged.emit('b/churn.ipynb');
    await take();
    expect(dialog()).toBeNull();
  });

  it('is asked about when it is seen again, where another one came to the front before it was known what to ask', async () => {
    const { find } = answers;
    answers.find = (path, lock) => {
      panel.hide();
      return find.call(answers, path, lock);
    };
    await take();
    expect(dialog()).toBeNull();
    answers.find = find;
    panel.show();
    await settle();
    expect(dialog()).not.toBeNull();
  });

  it('can get another kernel instead', async () => {
    await take();
    await press('Choose another kernel');
    expect(selectKernel).toHaveBeenCalledTimes(1);
    expect(await answers.find('a/churn.ipynb', 'l1')).toEqual({ kind: 'not-now' });
  });

  it('runs on what is here already', async () => {
    state = { ...state, state: 'differs', existing: ['local/geo@3'] };
    await take();
    expect(dialog()).toBeNull();
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledWith({ name: 'envstore-local--geo--v3' });
    expect(panel.sessionContext.kernelPreference.shouldStart).toBe(true);
  });

  it('keeps a kernel that it was given meanwhile', async () => {
    state = { ...state, state: 'differs', existing: ['local/geo@3'] };
    const { notebooks } = context;
    const standing = notebooks.standing(panel as unknown as NotebookPanel);
    Object.assign(standing, {
      refresh: async () => (panel.sessionContext.session.kernel = { id: 'k', name: 'python3' })
    });
    await take();
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
    expect(dialog()).toBeNull();
    expect(panel.sessionContext.kernelPreference.shouldStart).toBe(true);
  });

  it('is offered to build again what was freed', async () => {
    (context.client as { version: unknown }).version = async () => ({ ...EXISTING, prefix_state: 'freed' });
    state = { ...state, state: 'differs', existing: ['local/geo@3'] };
    await take();
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
    expect(dialog()).not.toBeNull();
  });

  it('is left to the host where nothing is carried in the end, or the server does not say', async () => {
    state = { state: 'none' };
    await take();
    expect(dialog()).toBeNull();
    expect(selectKernel).toHaveBeenCalledTimes(1);
    expect(panel.sessionContext.kernelPreference.shouldStart).toBe(true);
  });

  it('is the matter of the host where it carries nothing and names none of ours', async () => {
    panel.metadata = { kernelspec: { name: 'gone' } };
    await take();
    expect(panel.sessionContext.kernelPreference.shouldStart).toBe(true);
    expect(selectKernel).not.toHaveBeenCalled();
  });

  it('is built under the name that the server gives, unless the person types another', async () => {
    await take();
    await press('Build');
    expect(restored).toHaveBeenCalledWith(
      expect.objectContaining({ name: null, relock: false, allow_channels: [], file: 'churn.ipynb' })
    );
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledWith({ name: 'envstore-local--geo--v3' });
  });

  it('says why what it carries was refused, and stays open', async () => {
    restored.mockRejectedValue(new RequestError(507, 'disk_full', 'No room.', {}));
    await take();
    await press('Build');
    expect(dialog()?.querySelector('[role=alert]')?.textContent).toBe('No room.');
  });

  it('cannot be left while it is sent', async () => {
    let answer!: (done: object) => void;
    restored.mockReturnValue(
      new Promise(resolve => {
        answer = resolve;
      })
    );
    await take();
    await press('Build');
    dialog()!
      .querySelector('input')!
      .dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await settle();
    expect(dialog()).not.toBeNull();
    answer({ carried: aCarried(), build: null, environment: 'local/geo@3', kernel: 'k' });
    await settle();
    expect(dialog()).toBeNull();
    expect(panel.sessionContext.changeKernel).toHaveBeenCalled();
  });

  it('is offered a build anew where the one that was begun has failed', async () => {
    await answers.keep('a/churn.ipynb', 'l1', { kind: 'build', build: 1 });
    await take();
    expect(dialog()).not.toBeNull();
  });

  it('runs on what a build has made that was begun before the page was loaded anew', async () => {
    (context.model as { track: unknown }).track = async () => aBuild({ state: 'ready', version: 1 });
    await answers.keep('a/churn.ipynb', 'l1', { kind: 'build', build: 1 });
    await take();
    expect(dialog()).toBeNull();
    expect(panel.sessionContext.changeKernel).toHaveBeenCalled();
  });
});

describe('A build that the page does not know of', () => {
  beforeEach(() => {
    state = { ...state, building: 6 };
    going = [aBuild({ id: 6, kind: 'restore' })];
    const track = async (id: number): Promise<IBuild | undefined> => going.find(build => build.id === id);
    Object.assign(context.model, { track, build: (id: number) => going.find(build => build.id === id) });
  });

  it('is waited for where it is of what the notebook carries', async () => {
    await take();
    expect(dialog()).toBeNull();
    expect(notes()).toEqual(['geo: Installing']);
    going = [{ ...going[0]!, state: 'ready', version: 3 }];
    (context.model.changed as Signal<object, void>).emit();
    await settle();
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledWith({ name: 'envstore-local--geo--v3' });
  });

  it('is waited for where the person wants what it makes, too, and that is told', async () => {
    await answers.keep('a/churn.ipynb', 'l1', { kind: 'not-now' });
    const opening = new RestoreOpening(context);
    await opening.restore(panel as unknown as NotebookPanel);
    expect(dialog()).toBeNull();
    expect(notes()).toEqual(['geo: Installing']);
    await opening.restore(panel as unknown as NotebookPanel);
    expect(notes().sort()).toEqual(['geo is being built for churn.ipynb.', 'geo: Installing']);
  });

  it('is not asked for where it was said that nothing is to be built', async () => {
    await answers.keep('a/churn.ipynb', 'l1', { kind: 'not-now' });
    await take();
    expect(notes()).toEqual([]);
  });

  it('is not missed where the server does not say', async () => {
    (context.model as { track: unknown }).track = () => Promise.reject(new Error('away'));
    await take();
    expect(dialog()).not.toBeNull();
  });
});

describe('A notebook that is pinned to a version', () => {
  beforeEach(() => {
    panel.metadata.kernelspec = { name: 'envstore-local--geo--v3' };
  });

  it('gets the kernel of that version', async () => {
    await take();
    expect(dialog()).toBeNull();
    expect(panel.sessionContext.changeKernel).toHaveBeenCalledWith({ name: 'envstore-local--geo--v3' });
  });

  it('is asked one thing where that version is not here: what it carries, else which kernel', async () => {
    (context.client as { kernel: unknown }).kernel = () => Promise.reject(new Error('not here'));
    await take();
    expect(dialog()).not.toBeNull();
    expect(selectKernel).not.toHaveBeenCalled();
    await press('Not now');
    delete panel.metadata.envstore;
    await take();
    expect(dialog()).toBeNull();
    expect(selectKernel).toHaveBeenCalledTimes(1);
  });
});

describe('A notebook that has a kernel', () => {
  beforeEach(() => {
    specs = { [NAMED]: {} };
    panel.sessionContext.session.kernel = { id: 'k', name: NAMED };
    kernelTitle = 'analysis v8';
  });

  it('starts kernels as the host has said', async () => {
    panel.sessionContext.kernelPreference.shouldStart = false;
    state = { ...state, state: 'agrees' };
    await take();
    expect(panel.sessionContext.kernelPreference.shouldStart).toBe(false);
  });

  it('is told once that it carries something else', async () => {
    state = { ...state, state: 'differs' };
    await take();
    await take();
    expect(dialog()).toBeNull();
    expect(notes()).toEqual([
      'churn.ipynb runs on analysis v8, and carries another environment: analysis v7.'
    ]);
    expect(panel.sessionContext.kernelPreference.shouldStart).toBe(true);
  });

  it.each([{ state: 'agrees' }, { state: 'none' }, { state: 'missing', problem: 'It was changed.' }])(
    'sees nothing at all when %p',
    async changes => {
      state = { ...state, ...(changes as Partial<INotebookState>) };
      await take();
      expect(dialog()).toBeNull();
      expect(notes()).toEqual([]);
    }
  );

  it('is told of in few words, whatever its file is called', async () => {
    panel.title.label = `safe\u202Egpj${'x'.repeat(200)}.ipynb`;
    state = { ...state, state: 'differs' };
    await take();
    expect(notes()).toEqual([
      `safe gpj${'x'.repeat(39)}… runs on analysis v8, and carries another environment: analysis v7.`
    ]);
  });

  it('is offered a switch where what it carries is here, else a build', async () => {
    state = { ...state, state: 'differs', existing: ['local/geo@3'] };
    await take();
    expect(Notification.manager.notifications[0]!.options.actions?.map(({ label }) => label)).toEqual([
      'Not now',
      'Switch to geo v3'
    ]);
    expect(notes()).toEqual([
      'churn.ipynb runs on analysis v8, and carries another environment: geo v3 (called analysis v7 where it was made).'
    ]);
    Notification.manager.dismiss();
    state = { ...state, existing: [], lock: 'l2' };
    await take();
    expect(Notification.manager.notifications[0]!.options.actions?.[1]!.label).toBe('Build…');
  });
});

describe('A notebook that has a kernel when the page is loaded anew after a build was begun for it', () => {
  let build: IBuild;
  let changed: Signal<object, void>;

  beforeEach(async () => {
    specs = { [NAMED]: {} };
    panel.sessionContext.session.kernel = { id: 'k', name: NAMED };
    kernelTitle = 'analysis v8';
    state = { ...state, state: 'differs' };
    changed = new Signal<object, void>({});
    Object.assign(context.model, { track: async () => build, build: () => build, changed });
    await answers.keep('a/churn.ipynb', 'l1', { kind: 'build', build: 1 });
  });

  it.each(['before', 'after'])('keeps it: the build ends %s that', async when => {
    build = aBuild({ state: when === 'before' ? 'ready' : 'installing', version: 1 });
    await take();
    build = { ...build, state: 'ready' };
    changed.emit();
    await settle();
    expect(panel.sessionContext.changeKernel).not.toHaveBeenCalled();
    expect(notes()).toEqual(['geo v1 is ready. churn.ipynb goes on with the kernel that it has.']);
  });
});

describe('What was told of a notebook that carries something else', () => {
  beforeEach(async () => {
    specs = { [NAMED]: {} };
    panel.sessionContext.session.kernel = { id: 'k', name: NAMED };
    kernelTitle = 'analysis v8';
    state = { ...state, state: 'differs' };
    opening = new RestoreOpening(context);
    void opening.take(panel as unknown as NotebookPanel);
    await settle();
    standingChanged.emit();
    expect(notes()).toHaveLength(1);
  });

  let opening: RestoreOpening;

  it.each([{ state: 'agrees' as const }, { lock: 'l2' }, { environment: 'local/geo@3' }])(
    'is taken back once it stands otherwise: %j',
    changes => {
      state = { ...state, ...changes };
      standingChanged.emit();
      expect(notes()).toEqual([]);
    }
  );

  it('is taken back when the notebook is closed', () => {
    panel.dispose();
    expect(notes()).toEqual([]);
  });

  it('is taken back when it is offered what it carries in another way', async () => {
    void opening.restore(panel as unknown as NotebookPanel);
    await settle();
    expect(dialog()).not.toBeNull();
    expect(notes()).toEqual([]);
  });
});

describe('The command', () => {
  const run = async (): Promise<void> => {
    void new RestoreOpening(context).restore(panel as unknown as NotebookPanel);
    await settle();
  };

  it('asks also after “not now”', async () => {
    await answers.keep('a/churn.ipynb', 'l1', { kind: 'not-now' });
    await run();
    expect(dialog()).not.toBeNull();
  });

  it('switches to what is here', async () => {
    state = { ...state, existing: ['local/geo@3'] };
    await run();
    expect(notes()).toEqual(['churn.ipynb runs on geo v3 and stays with it.']);
  });

  it('says where there is nothing to do', async () => {
    state = { state: 'none' };
    await run();
    state = { ...state, state: 'agrees' };
    kernelTitle = 'geo v3';
    await run();
    expect(notes().sort()).toEqual([
      'churn.ipynb carries no environment.',
      'churn.ipynb runs on geo v3, which is what it carries.'
    ]);
  });
});
