import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { RequestError } from '../api/request';
import { addEmbeddingCommands } from '../commands/embedding';
import { CommandIDs } from '../tokens';
import { anEdit, FakePanel, FakeStore, settle } from './notebook-panel';

const LOCK = { schema: 1, lockfile: { version: 1 } };

let commands: CommandRegistry;
let panel: FakePanel;
let store: FakeStore;
let tracker: { currentWidget: FakePanel | null; currentChanged: Signal<object, unknown> };

const messages = (): string[] => Notification.manager.notifications.map(({ message }) => message);

/** Press the button of the newest notification. */
function undo(): void {
  const [newest] = Notification.manager.notifications;
  newest!.options.actions![0]!.callback(new MouseEvent('click'));
}

/** Press one of the buttons of the question that is asked. */
async function answer(button: number): Promise<void> {
  let dialog: Dialog<unknown> | null = null;
  while (!dialog) {
    await settle();
    dialog = Dialog.tracker.currentWidget ?? null;
  }
  await dialog.ready;
  dialog.resolve(button);
}

beforeEach(() => {
  commands = new CommandRegistry();
  panel = new FakePanel();
  panel.title.label = 'rivers.ipynb';
  store = new FakeStore();
  tracker = { currentWidget: panel, currentChanged: new Signal<object, unknown>({}) };
  Widget.attach(panel, document.body);
  addEmbeddingCommands({
    app: { commands } as JupyterFrontEnd,
    model: {} as never,
    trans: nullTranslator.load('jupyter_envstore'),
    tracker: tracker as unknown as INotebookTracker,
    notebooks: store.standings
  });
});

afterEach(() => {
  panel.dispose();
  Notification.dismiss();
});

describe('Embedding', () => {
  it('does not ask, and can be undone', async () => {
    panel.stored = { envstore: { schema: 1, sha256: 'before' } };
    await commands.execute(CommandIDs.embed);
    expect(panel.stored.envstore).toMatchObject({ sha256: 'local/geo@2 linux-64,osx-arm64' });
    expect(messages()[0]).toBe('rivers.ipynb carries geo v2.');
    undo();
    expect(panel.stored.envstore).toEqual({ schema: 1, sha256: 'before' });
  });

  it('takes the version and the platforms that are named', async () => {
    await commands.execute(CommandIDs.embed, { environment: 'local/sea@4', platforms: ['linux-64'] });
    expect(store.embedded).toMatchObject([{ environment: 'local/sea@4', platforms: ['linux-64'] }]);
  });

  it('says so where nothing was to be changed', async () => {
    const { gives } = store;
    store.gives = async request => ({ ...(await gives(request)), changed: false });
    await commands.execute(CommandIDs.embed);
    expect(messages()[0]).toBe('rivers.ipynb carries geo v2 already.');
  });

  it('tells why it was refused', async () => {
    store.gives = () => Promise.reject(new RequestError(404, 'version_not_found', 'There is no v2.', {}));
    expect(await commands.execute(CommandIDs.embed)).toBeNull();
    expect(messages()[0]).toBe('rivers.ipynb was not changed. There is no v2.');
  });

  it('is not said to be done in a notebook that was closed meanwhile', async () => {
    store.gives = async ({ environment }) => {
      panel.dispose();
      return anEdit(environment!);
    };
    expect(await commands.execute(CommandIDs.embed)).toBeNull();
    expect(messages()).toEqual(['rivers.ipynb was closed before that, and was not changed.']);
    expect(panel.stored.envstore).toBeUndefined();
  });

  it('says that a file that is read-only does not keep it', async () => {
    Object.assign(panel.context, { contentsModel: { writable: false } });
    await commands.execute(CommandIDs.embed);
    expect(messages()[0]).toBe(
      'rivers.ipynb carries geo v2. Its file is read-only: save it under another name to keep that.'
    );
  });

  it('undoes nothing that was done since', async () => {
    await commands.execute(CommandIDs.embed);
    const [first] = Notification.manager.notifications;
    await commands.execute(CommandIDs.embed, { environment: 'local/sea@4' });
    first!.options.actions![0]!.callback(new MouseEvent('click'));
    expect(panel.stored.envstore).toMatchObject({ sha256: 'local/sea@4 linux-64,osx-arm64' });
    expect(messages()[0]).toBe('rivers.ipynb carries something else since: nothing was undone.');
  });

  it('is offered for a kernel of ours, or a version that is named', () => {
    expect(commands.isEnabled(CommandIDs.embed)).toBe(true);
    panel.change({ id: 'k2', name: 'python3' });
    expect(commands.isEnabled(CommandIDs.embed)).toBe(false);
    expect(commands.isEnabled(CommandIDs.embed, { environment: 'local/sea@4' })).toBe(true);
    tracker.currentWidget = null;
    expect(commands.isEnabled(CommandIDs.embed, { environment: 'local/sea@4' })).toBe(false);
  });

  it('is looked at again by menus and palette when the kernel is another one', () => {
    const told: unknown[] = [];
    tracker.currentChanged.emit(undefined);
    commands.commandChanged.connect((_, { id }) => told.push(id));
    panel.change({ id: 'k2', name: 'python3' });
    expect(told).toContain(CommandIDs.embed);
  });
});

describe('Removing', () => {
  beforeEach(() => {
    panel.stored = { envstore: LOCK };
  });

  it('asks first, and changes nothing when the answer is no', async () => {
    const done = commands.execute(CommandIDs.strip);
    await answer(0);
    expect(await done).toBeNull();
    expect(panel.stored.envstore).toEqual(LOCK);
  });

  it('takes it out, and can be undone', async () => {
    const done = commands.execute(CommandIDs.strip);
    await answer(1);
    await done;
    expect(panel.stored).toEqual({});
    expect(messages()[0]).toBe('rivers.ipynb carries no environment now.');
    undo();
    expect(panel.stored.envstore).toEqual(LOCK);
  });

  it('is not said to be done in a notebook that was closed meanwhile', async () => {
    store.client.strip = async () => {
      panel.dispose();
      return { ...anEdit(''), metadata: null };
    };
    const done = commands.execute(CommandIDs.strip);
    await answer(1);
    expect(await done).toBeNull();
    expect(messages()).toEqual(['rivers.ipynb was closed before that, and was not changed.']);
    expect(store.bare.has('rivers.ipynb')).toBe(false);
  });

  it('is offered where something is carried', () => {
    expect(commands.isEnabled(CommandIDs.strip)).toBe(true);
    panel.stored = { envstore: { schema: 1, run: { in_order: true } } };
    expect(commands.isEnabled(CommandIDs.strip)).toBe(false);
    panel.stored = {};
    expect(commands.isEnabled(CommandIDs.strip)).toBe(false);
  });
});
