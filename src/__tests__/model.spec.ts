import { RequestError, ServerAwayError } from '../api/request';
import type { IBuild, IEnvironment, IErrorReport } from '../api/types';
import { EnvStoreModel } from '../model/model';
import type { IEnvStoreClient } from '../tokens';
import { aBuild, anEnvironment } from './samples';

/** A server in memory: what the model reads is what stands here. */
class FakeServer {
  environments: IEnvironment[] = [];
  builds = new Map<number, IBuild>();
  away = false;
  asked: string[] = [];
  problem: IErrorReport | null = null;

  readonly client = {
    status: async () => ({ problem: this.problem }),
    environments: async ({ package: name }: { package?: string } = {}) => {
      this.answer(name ? `package ${name}` : 'list');
      const items = name ? this.environments.filter(item => item.name.startsWith('with')) : this.environments;
      return { items, next: null, total: items.length };
    },
    environment: async (_: string, name: string) => {
      this.answer(`environment ${name}`);
      const found = this.environments.find(item => item.name === name);
      if (!found) {
        throw new RequestError(404, 'environment_not_found', 'There is none.', {});
      }
      return found;
    },
    build: async (id: number) => {
      this.answer(`build ${id}`);
      return this.builds.get(id)!;
    },
    cancel: async (id: number) => {
      this.answer(`cancel ${id}`);
      return this.builds.get(id)!;
    },
    remove: async (_: string, name: string) => {
      this.answer(`remove ${name}`);
      this.environments = this.environments.filter(item => item.name !== name);
    },
    create: async () => {
      this.answer('create');
      return this.builds.get(1)!;
    }
  } as unknown as IEnvStoreClient;

  private answer(question: string): void {
    this.asked.push(question);
    if (this.away) {
      throw new ServerAwayError('refused');
    }
  }
}

/** Let everything that is under way come to an end. */
async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve));
}

describe('EnvStoreModel', () => {
  let server: FakeServer;
  let model: EnvStoreModel;
  let now: number;

  beforeEach(() => {
    server = new FakeServer();
    now = Date.parse('2026-11-22T14:02:00Z');
    model = new EnvStoreModel(server.client, () => now);
  });

  it('lists the environments by namespace and name, whatever order the server gives', async () => {
    server.environments = [
      anEnvironment({ namespace: 'team', name: 'a' }),
      anEnvironment({ name: 'v10' }),
      anEnvironment({ name: 'V9' })
    ];

    await model.refresh();

    expect(model.environments.map(item => item.name)).toEqual(['V9', 'v10', 'a']);
    expect(model.namespaces).toEqual(['local', 'team']);
    expect(model.connection.kind).toBe('answered');
    expect(model.readAt).toEqual(new Date(now));
  });

  it('keeps the order of the list while a build runs and ends', async () => {
    server.environments = [
      anEnvironment({ name: 'b', state: 'building', build: aBuild({ name: 'b' }) }),
      anEnvironment({ name: 'a' })
    ];
    await model.refresh();

    server.environments = [
      anEnvironment({ name: 'b', updated: '2026-11-22T11:00:00Z' }),
      anEnvironment({ name: 'a' })
    ];
    server.builds.set(1, aBuild({ name: 'b', state: 'ready', sequence: 2 }));
    model.receive({ build: 1, sequence: 2 });
    await settle();

    expect(model.environments.map(item => item.name)).toEqual(['a', 'b']);
    expect(model.environments[1]!.state).toBe('ready');
  });

  it('reads only the build that an event names, and not one that it knows already', async () => {
    server.environments = [anEnvironment({ build: aBuild({ sequence: 5 }) })];
    await model.refresh();
    server.asked = [];
    server.builds.set(1, aBuild({ sequence: 6 }));

    model.receive({ build: 1, sequence: 5 });
    await settle();
    expect(server.asked).toEqual([]);

    model.receive({ build: 1, sequence: 6 });
    await settle();
    expect(server.asked).toEqual(['build 1']);
    expect(model.environments[0]!.build!.sequence).toBe(6);
  });

  it('never shows a bar that runs backwards', async () => {
    const at = (fraction: number) => ({ ...aBuild().progress, fraction });
    server.environments = [anEnvironment({ build: aBuild({ progress: at(0.6) }) })];
    await model.refresh();

    server.builds.set(1, aBuild({ sequence: 2, progress: at(0.2) }));
    await model.track(1);
    expect(model.build(1)!.progress.fraction).toBe(0.6);

    server.builds.set(1, aBuild({ sequence: 3, progress: at(0.7) }));
    await model.track(1);
    expect(model.build(1)!.progress.fraction).toBe(0.7);
  });

  it('ignores a reading that is older than what it knows', async () => {
    server.builds.set(1, aBuild({ sequence: 4, state: 'installing' }));
    await model.track(1);
    server.builds.set(1, aBuild({ sequence: 3, state: 'fetching' }));
    await model.track(1);

    expect(model.build(1)!.state).toBe('installing');
  });

  it('shows a cancel at once, and goes on doing so until the server has heard of it', async () => {
    server.environments = [anEnvironment({ build: aBuild() })];
    await model.refresh();
    let accept!: (build: IBuild) => void;
    server.client.cancel = () => new Promise(resolve => (accept = resolve));

    const cancelling = model.cancel(1);
    expect(model.environments[0]!.build!.cancel_requested).toBe(true);

    // A reading that was under way does not know of it yet.
    server.builds.set(1, aBuild({ sequence: 2 }));
    await model.track(1);
    expect(model.build(1)).toMatchObject({ sequence: 2, cancel_requested: true });

    accept(aBuild({ sequence: 3, cancel_requested: true }));
    await cancelling;
    expect(model.build(1)).toMatchObject({ sequence: 3, cancel_requested: true });
  });

  it('takes a cancel back when it is refused', async () => {
    server.environments = [anEnvironment({ build: aBuild() })];
    await model.refresh();
    server.away = true;

    await expect(model.cancel(1)).rejects.toBeInstanceOf(ServerAwayError);

    expect(model.environments[0]!.build!.cancel_requested).toBe(false);
  });

  it('keeps the list while the server is away, and reads everything again when it is back', async () => {
    server.environments = [anEnvironment({ name: 'a' })];
    await model.refresh();
    const before = model.readAt;

    server.away = true;
    now += 60_000;
    model.tick();
    await settle();
    expect(model.connection).toMatchObject({ kind: 'failed', error: { code: 'server_away' } });
    expect(model.environments.map(item => item.name)).toEqual(['a']);
    expect(model.readAt).toEqual(before);

    server.away = false;
    server.environments = [anEnvironment({ name: 'b' })];
    now += 2_000;
    model.tick();
    await settle();
    expect(model.connection.kind).toBe('answered');
    expect(model.environments.map(item => item.name)).toEqual(['b']);
  });

  it('takes versions for changed when the server is back: nobody told of what happened meanwhile', async () => {
    let told = 0;
    await model.refresh();
    model.versionsChanged.connect(() => told++);
    await model.refresh();
    expect(told).toBe(0);
    server.away = true;
    await model.refresh();
    server.away = false;
    await model.refresh();
    expect(told).toBe(1);
  });

  it('reads an environment that is not listed, and tells when that has another name by now', async () => {
    const renamed: unknown[] = [];
    model.renamed.connect((_, names) => renamed.push(names));
    server.environments = [anEnvironment({ name: 'maps' })];
    await expect(model.read('local', 'maps')).resolves.toMatchObject({ name: 'maps' });
    expect(renamed).toEqual([]);

    server.client.environment = async () => server.environments[0]!;
    await expect(model.read('local', 'geo')).resolves.toMatchObject({ name: 'maps' });
    expect(renamed).toMatchObject([{ before: { namespace: 'local', name: 'geo' }, after: { name: 'maps' } }]);
    expect(model.environments).toEqual([]);
  });

  it('tells of a build that ended while the server was away', async () => {
    const finished: string[] = [];
    model.finished.connect((_, build) => finished.push(`${build.id} ${build.state}`));
    server.environments = [anEnvironment({ state: 'building', build: aBuild() })];
    await model.refresh();

    server.environments = [anEnvironment({ updated: '2026-11-22T11:00:00Z' })];
    server.builds.set(1, aBuild({ sequence: 9, state: 'ready', version: 1 }));
    await model.refresh();
    await model.refresh();

    expect(finished).toEqual(['1 ready']);
  });

  it('asks for a build that nothing was heard of for three seconds', async () => {
    server.environments = [anEnvironment({ build: aBuild() })];
    server.builds.set(1, aBuild());
    await model.refresh();
    server.asked = [];

    now += 2_000;
    model.tick();
    await settle();
    expect(server.asked).toEqual([]);

    now += 1_000;
    model.tick();
    await settle();
    expect(server.asked).toEqual(['build 1']);
  });

  it('leaves finished builds alone', async () => {
    server.environments = [anEnvironment({ state: 'failed', build: aBuild({ state: 'failed' }) })];
    await model.refresh();
    server.asked = [];

    now += 10_000;
    model.tick();
    await settle();

    expect(server.asked).toEqual([]);
  });

  it('does not bring a deleted environment back with an answer from before', async () => {
    server.environments = [anEnvironment({ name: 'a' }), anEnvironment({ name: 'b' })];
    await model.refresh();
    const seen: string[] = [];
    model.changed.connect(() => seen.push(model.environments.map(item => item.name).join(' ')));

    const refreshing = model.refresh();
    await Promise.all([model.remove('local', 'a'), refreshing]);
    await settle();

    expect(seen.slice(seen.indexOf('b'))).not.toContain('a b');
    expect(model.environments.map(item => item.name)).toEqual(['b']);
  });

  it('says when kernels come, go, or move to another version, and only then', async () => {
    let times = 0;
    model.kernelsChanged.connect(() => times++);
    server.environments = [anEnvironment({ active_version: 1 })];
    await model.refresh();
    expect(times).toBe(1);

    await model.refresh();
    expect(times).toBe(1);

    server.environments = [anEnvironment({ active_version: 2, updated: '2026-11-22T12:00:00Z' })];
    await model.refresh();
    expect(times).toBe(2);

    await model.remove('local', 'geo');
    expect(times).toBe(3);
  });

  it('shows a new environment as soon as its build is queued', async () => {
    server.environments = [anEnvironment({ state: 'building', active_version: null, build: aBuild() })];
    server.builds.set(1, aBuild());

    await model.create({ name: 'geo', packages: ['python'] });

    expect(model.environments.map(item => item.state)).toEqual(['building']);
  });

  it('reads the environment of a build that it has not heard of', async () => {
    await model.refresh();
    server.environments = [anEnvironment({ state: 'building', build: aBuild() })];
    server.builds.set(1, aBuild());

    model.receive({ build: 1, sequence: 1 });
    await settle();

    expect(model.environments.map(item => item.name)).toEqual(['geo']);
  });

  it('finds environments by a package that they have', async () => {
    server.environments = [anEnvironment({ name: 'with-gdal' }), anEnvironment({ name: 'other' })];
    await model.refresh();

    const { withPackage } = await model.find('GDAL');

    expect([...withPackage]).toEqual(['local/with-gdal']);
    expect(server.asked).toContain('package gdal');
  });

  it('knows why the server cannot build', async () => {
    server.problem = { code: 'platform_not_supported', message: 'Not here.', details: {} };
    await model.refresh();
    expect(model.problem?.message).toBe('Not here.');

    server.problem = null;
    await model.refresh();
    expect(model.problem).toBeNull();
  });

  it('sees in the answer about a build that the login has ended, and heals after the next login', async () => {
    server.environments = [anEnvironment({ build: aBuild() })];
    await model.refresh();
    const { build } = server.client;
    server.client.build = () => Promise.reject(new RequestError(403, 'not_logged_in', 'No.', {}));

    now += 3_000;
    model.tick();
    await settle();
    expect(model.connection).toMatchObject({ kind: 'failed', status: 403 });
    expect(model.environments).toHaveLength(1);

    server.client.build = build;
    server.builds.set(1, aBuild());
    now += 3_000;
    model.tick();
    await settle();
    expect(model.connection.kind).toBe('answered');
  });

  it('does not take one thing that is not allowed for the end of the login', async () => {
    server.environments = [anEnvironment({ build: aBuild() })];
    await model.refresh();
    server.client.build = () => Promise.reject(new RequestError(403, 'not_allowed', 'No.', {}));

    now += 3_000;
    model.tick();
    await settle();

    expect(model.connection.kind).toBe('answered');
  });

  it('says with which status the server refused', async () => {
    server.client.environments = () => Promise.reject(new RequestError(403, 'not_allowed', 'No.', {}));

    await model.refresh();

    expect(model.connection).toMatchObject({ kind: 'failed', status: 403, error: { message: 'No.' } });
  });
});
