import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { INotebookState } from '../api/types';
import { EmbedOnSave, type EmbedWhen } from '../model/embed-on-save';
import { aState, anEdit, FakePanel, FakeStore, KERNEL, settle } from './notebook-panel';

const GEO_2 = anEdit('local/geo@2').metadata!;
const CARRIED = { schema: 1, sha256: 'of version 1' };

let panel: FakePanel;
let store: FakeStore;
let when: EmbedWhen;
let whenChanged: Signal<object, void>;
let ran: Signal<object, { notebook: object }>;

/** Open the notebook, with a state that follows what it carries. */
async function open(changes: Partial<INotebookState> = {}): Promise<void> {
  store.answer = async () =>
    panel.stored.envstore === undefined
      ? aState({ state: 'none' })
      : (panel.stored.envstore as { sha256: string }).sha256 === GEO_2.sha256
        ? aState()
        : aState({
            state: 'differs',
            direction: 'older',
            lock: 'of version 1',
            existing: ['local/geo@1'],
            ...changes
          });
  new EmbedOnSave(panel.real, store.of(panel), {
    carriable: store.carriable,
    when: () => when,
    whenChanged,
    ran
  });
  await settle();
}

async function run(): Promise<void> {
  ran.emit({ notebook: panel.content });
  await settle();
}

beforeEach(() => {
  panel = new FakePanel();
  store = new FakeStore();
  when = 'created';
  whenChanged = new Signal<object, void>({});
  ran = new Signal<object, { notebook: object }>({});
  Widget.attach(panel, document.body);
});

afterEach(() => panel.dispose());

describe('Saving a notebook that was begun on an environment', () => {
  it('puts in what it runs on, and asks for that only once', async () => {
    await open();
    expect(panel.save().envstore).toEqual(GEO_2);
    await settle();
    panel.save();
    expect(store.embedded).toHaveLength(1);
  });

  it('is told before', async () => {
    await open();
    expect(store.of(panel).isFollowing).toBe(true);
    panel.save();
    await settle();
    expect(store.of(panel).isFollowing).toBe(false);
  });

  it('waits for nothing: what is not known yet comes with the next saving', async () => {
    let give = (): void => undefined;
    store.gives = () => new Promise(resolve => (give = () => resolve(anEdit('local/geo@2'))));
    await open();
    expect(panel.save()).not.toHaveProperty('envstore');
    give();
    await settle();
    expect(panel.save().envstore).toEqual(GEO_2);
  });

  it('puts in what it runs on, whichever was told of last', async () => {
    const give: Array<() => void> = [];
    store.gives = ({ environment }) => new Promise(resolve => give.push(() => resolve(anEdit(environment!))));
    store.running = [{ id: 'k1', version: 1 }];
    await store.versions.refresh();
    await open();
    store.running = [{ id: 'k1', version: 2 }];
    await store.versions.refresh();
    await settle();
    give.reverse().forEach(answer => answer());
    await settle();
    expect(panel.save().envstore).toEqual(GEO_2);
  });

  it('goes on without it where the server refuses', async () => {
    store.gives = () => Promise.reject(new Error('no'));
    await open();
    expect(panel.save()).not.toHaveProperty('envstore');
  });

  it('knows it by its first kernel, whatever was typed while that started', async () => {
    panel.sessionContext.session = null;
    await open();
    panel.source = 'import numpy';
    panel.change({ id: 'k1', name: KERNEL });
    await settle();
    expect(panel.save().envstore).toEqual(GEO_2);
  });

  it('counts one as begun that gets the environment while nothing is in it', async () => {
    panel.sessionContext.session = { kernel: { id: 'k0', name: 'python3' } };
    await open();
    panel.change({ id: 'k1', name: KERNEL });
    await settle();
    expect(panel.save().envstore).toEqual(GEO_2);
  });

  it('puts nothing in again after that was removed', async () => {
    await open();
    panel.save();
    await settle();
    await store.of(panel).strip();
    await settle();
    await run();
    expect(panel.save()).not.toHaveProperty('envstore');
  });

  it('keeps what else stands under our name', async () => {
    await open();
    panel.stored = { ...panel.stored, envstore: { ...CARRIED, run: { ok: true } } };
    panel.model.metadataChanged.emit(undefined);
    await settle();
    await run();
    expect(panel.save().envstore).toEqual({ ...GEO_2, run: { ok: true } });
  });
});

describe('Saving a notebook with something in it', () => {
  beforeEach(() => {
    panel.source = 'import numpy';
  });

  it('puts nothing in again after that was removed, even when it was opened again', async () => {
    when = 'ours';
    store.bare.add('rivers.ipynb');
    await open();
    await run();
    expect(panel.save()).not.toHaveProperty('envstore');
  });

  it.each([
    ['created', false],
    ['ours', true],
    ['never', false]
  ] as const)('that carries nothing and has run, with "%s": %s', async (mode, isEmbedded) => {
    when = mode;
    await open();
    expect(panel.save()).not.toHaveProperty('envstore');
    await run();
    expect('envstore' in panel.save()).toBe(isEmbedded);
  });

  it('that got one of our kernels later does not make it one that was begun on it', async () => {
    panel.sessionContext.session = { kernel: { id: 'k0', name: 'python3' } };
    await open();
    panel.change({ id: 'k1', name: KERNEL });
    await settle();
    await run();
    expect(panel.save()).not.toHaveProperty('envstore');
  });

  it('follows a setting that is changed', async () => {
    await open();
    await run();
    when = 'ours';
    whenChanged.emit();
    await settle();
    expect(panel.save().envstore).toEqual(GEO_2);
  });
});

describe('Saving a notebook that carries another version', () => {
  beforeEach(() => {
    panel.source = 'import numpy';
    panel.stored = { ...panel.stored, envstore: CARRIED };
  });

  it('changes nothing when it was only opened', async () => {
    await open();
    expect(panel.save().envstore).toBe(CARRIED);
    expect(store.embedded).toEqual([]);
  });

  it('puts in the version that its cells ran on', async () => {
    await open();
    await run();
    expect(panel.save().envstore).toEqual(GEO_2);
  });

  it('changes nothing when the cells of another notebook ran', async () => {
    await open();
    ran.emit({ notebook: {} });
    await settle();
    expect(panel.save().envstore).toBe(CARRIED);
  });

  it.each([
    ['restarted', () => panel.sessionContext.statusChanged.emit('restarting')],
    ['changed', () => panel.change({ id: 'k2', name: KERNEL })]
  ])('changes nothing when the kernel was %s since', async (_, change) => {
    await open();
    await run();
    change();
    panel.sessionContext.statusChanged.emit('idle');
    await settle();
    expect(panel.save().envstore).toBe(CARRIED);
    await run();
    expect(panel.save().envstore).toEqual(GEO_2);
  });

  it.each<EmbedWhen>(['created', 'ours'])(
    'never replaces what came from elsewhere, with "%s"',
    async mode => {
      when = mode;
      await open({ direction: 'other', existing: [] });
      await run();
      expect(panel.save().envstore).toBe(CARRIED);
    }
  );

  it('never replaces what cannot be read', async () => {
    await open({ state: 'missing', direction: null, problem: 'It was changed.' });
    await run();
    expect(panel.save().envstore).toBe(CARRIED);
  });

  it('keeps the platforms that somebody chose', async () => {
    await open({ lock: 'a part of version 1', platforms: ['linux-64'] });
    await run();
    expect(panel.save().envstore).toEqual(anEdit('local/geo@2', ['linux-64']).metadata);
  });

  it('takes the platforms that the new version has beyond those of the old one', async () => {
    const one = anEdit('local/geo@1', ['linux-64']);
    store.gives = async ({ environment, platforms }) =>
      environment === 'local/geo@1' ? one : anEdit('local/geo@2', platforms);
    await open({ lock: one.lock, platforms: one.platforms });
    await run();
    expect(panel.save().envstore).toEqual(GEO_2);
  });
});

describe('A document that several people edit', () => {
  it('gets it without being saved here, since the server saves it', async () => {
    panel.model.collaborative = true;
    await open();
    expect(panel.stored.envstore).toEqual(GEO_2);
  });

  it('does not get again what another person took out', async () => {
    panel.model.collaborative = true;
    await open();
    panel.model.sharedModel.deleteMetadata('envstore');
    await settle();
    expect(panel.stored.envstore).toBeUndefined();
  });
});
