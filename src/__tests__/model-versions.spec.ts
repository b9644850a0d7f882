import { RequestError } from '../api/request';
import type { IBuild, IEnvironment, IPreviewState } from '../api/types';
import { EnvStoreModel } from '../model/model';
import { awaitPreview } from '../model/preview';
import type { IEnvStoreClient } from '../tokens';
import { aBuild, anEnvironment } from './samples';

const VERSION = { namespace: 'local', name: 'geo', number: 1 };
const REQUEST = { environment: 'local/geo', add: ['xarray'] };

function page(items: IEnvironment[]): object {
  return { items, next: null, total: items.length };
}

describe('Changes of versions', () => {
  let environments: IEnvironment[];
  let answers: { activate: IEnvironment | IBuild; build: IBuild };
  let versionsChanged: number;
  let kernelsChanged: number;
  let client: Record<
    'environments' | 'environment' | 'activate' | 'edit' | 'changeVersion' | 'collect',
    jest.Mock
  >;
  let model: EnvStoreModel;

  beforeEach(async () => {
    environments = [anEnvironment({ active_version: 2 })];
    answers = { activate: anEnvironment({ active_version: 1 }), build: aBuild({ id: 7, kind: 'rebuild' }) };
    client = {
      environments: jest.fn(async () => page(environments)),
      environment: jest.fn(async () => environments[0]),
      activate: jest.fn(async () => answers.activate),
      edit: jest.fn(async () => answers.build),
      changeVersion: jest.fn(async () => ({})),
      collect: jest.fn(async () => ({ freed: 5 }))
    };
    const others = {
      status: async () => ({ problem: null }),
      build: async () => answers.build,
      rename: async () => anEnvironment({ name: 'maps' })
    };
    model = new EnvStoreModel({ ...client, ...others } as unknown as IEnvStoreClient, () => 0);
    await model.refresh();
    versionsChanged = kernelsChanged = 0;
    model.versionsChanged.connect(() => versionsChanged++);
    model.kernelsChanged.connect(() => kernelsChanged++);
  });

  it('shows the version that was activated, with its kernel, without reading anything', async () => {
    await expect(model.activate('local', 'geo', 1)).resolves.toBeNull();
    expect(model.environment('local', 'geo')?.active_version).toBe(1);
    expect([versionsChanged, kernelsChanged]).toEqual([1, 1]);
    expect(client.environment).not.toHaveBeenCalled();
  });

  it('follows the build of a version whose files have to be made first', async () => {
    answers.activate = answers.build;
    environments = [anEnvironment({ active_version: 2, state: 'building', build: answers.build })];
    await expect(model.activate('local', 'geo', 1)).resolves.toMatchObject({ id: 7 });
    expect(model.environment('local', 'geo')).toMatchObject({ active_version: 2, state: 'building' });
    expect(model.build(7)).toMatchObject({ state: 'installing' });
    expect(versionsChanged).toBe(0);

    answers.build = aBuild({ ...answers.build, state: 'ready', sequence: 9 });
    model.receive({ build: 7, sequence: 9 });
    await new Promise(resolve => setTimeout(resolve));
    expect(versionsChanged).toBe(1);
  });

  it('follows the build of an edit', async () => {
    await model.edit('local', 'geo', { add: ['xarray'] });
    expect(client.edit).toHaveBeenCalledWith('local', 'geo', { add: ['xarray'] });
    expect(model.build(7)).toBeDefined();
  });

  it('says that versions changed after a pin, and not after a refused one', async () => {
    await model.pin(VERSION, true);
    expect(client.changeVersion).toHaveBeenCalledWith(VERSION, { pinned: true });
    expect(versionsChanged).toBe(1);
    client.changeVersion.mockRejectedValueOnce(new RequestError(404, 'version_not_found', 'Gone.', {}));
    await expect(model.describeVersion(VERSION, 'x')).rejects.toMatchObject({ code: 'version_not_found' });
    expect(versionsChanged).toBe(1);
  });

  it('knows a renamed environment by its new name alone', async () => {
    const renamed: string[] = [];
    model.renamed.connect((_, { before, after }) => renamed.push(`${before.name} ${after.name}`));
    await model.rename('local', 'geo', 'maps');
    expect(model.environments.map(item => item.name)).toEqual(['maps']);
    expect(renamed).toEqual(['geo maps']);
  });

  it('reads everything again when space was freed', async () => {
    await expect(model.collect()).resolves.toMatchObject({ freed: 5 });
    expect(client.collect).toHaveBeenCalledWith(false);
    expect(client.environments).toHaveBeenCalledTimes(2);
    expect(versionsChanged).toBe(1);
  });

  it('takes an event about the store for one about versions too', () => {
    model.receive({ sequence: 5 });
    expect(versionsChanged).toBe(1);
  });

  it('finds nothing for a text that is no package, and still rejects what else fails', async () => {
    client.environments.mockRejectedValueOnce(new RequestError(400, 'invalid_specification', 'No spec.', {}));
    await expect(model.find('a b c')).resolves.toMatchObject({ environments: [] });
    client.environments.mockRejectedValueOnce(new RequestError(500, 'internal', 'Oh.', {}));
    await expect(model.find('abc')).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('Waiting for a preview', () => {
  let states: Partial<IPreviewState>[];
  let cancelled: string[];
  const client = {
    preview: async () => states.shift() as IPreviewState,
    previewState: async () => states.shift() as IPreviewState,
    cancelPreview: async (id: string) => {
      cancelled.push(id);
      return { id, state: 'cancelled' } as IPreviewState;
    }
  };
  const soon = async (): Promise<void> => undefined;

  beforeEach(() => {
    cancelled = [];
  });

  it('asks until it is there', async () => {
    const preview = { message: 'Add xarray' };
    states = [
      { id: 'a', state: 'solving' },
      { id: 'a', state: 'solving' },
      { id: 'a', state: 'ready', preview: preview as IPreviewState['preview'] }
    ];
    await expect(awaitPreview(client, REQUEST, undefined, soon)).resolves.toBe(preview);
    expect(states).toEqual([]);
    expect(cancelled).toEqual([]);
  });

  it('rejects as the build would fail', async () => {
    const error = { code: 'unsolvable', message: 'No.', details: { explanation: {} } };
    states = [{ id: 'a', state: 'failed', error }];
    const failure = await awaitPreview(client, REQUEST, undefined, soon).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(RequestError);
    expect(failure).toMatchObject(error);
  });

  it('has the server give up what nobody waits for', async () => {
    states = [
      { id: 'a', state: 'solving' },
      { id: 'a', state: 'solving' }
    ];
    const abort = new AbortController();
    const waiting = awaitPreview(client, REQUEST, abort.signal, async () => abort.abort());
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(cancelled).toEqual(['a']);
    expect(states).toHaveLength(1);
  });

  it('says that somebody else cancelled it', async () => {
    states = [{ id: 'a', state: 'cancelled' }];
    await expect(awaitPreview(client, REQUEST, undefined, soon)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
