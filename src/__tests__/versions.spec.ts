import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import type { IPackageChange, IVersion } from '../api/types';
import { readPinnedKernel } from '../commands/kernels';
import { baseOf, Counting } from '../environment/counting';
import { diffLines } from '../environment/diff-lines';
import { joinPages, type Listing } from '../environment/pages';
import { countKinds, shownChanges } from '../environment/shown-changes';
import { environmentAmong, sidesFor } from '../environment/sides';
import { formatAgo, formatOnDisk, versionTitle } from '../environment/version-texts';
import { readReference, readWritten, shortReference } from '../model/references';
import { DiskUsage } from '../panel/usage';
import { aBuild, anEnvironment } from './samples';

const trans = nullTranslator.load('jupyter_envstore');

function aVersion(changes: Partial<IVersion> = {}): IVersion {
  return {
    namespace: 'local',
    name: 'geo',
    number: 1,
    active: false,
    specification: '',
    message: '',
    author: 'ada',
    created: '2026-11-22T10:00:00Z',
    pinned: false,
    parent: null,
    lock: '',
    platforms: ['linux-64'],
    package_count: 10,
    size: 1_200_000_000,
    prefix_hash: null,
    prefix_state: 'ready',
    prefix: null,
    warnings: [],
    deleted: false,
    ...changes
  };
}

describe('What a version says of itself', () => {
  const now = new Date('2026-11-22T15:00:00');

  it.each([
    ['2026-11-22T14:59:40', 'just now'],
    ['2026-11-22T14:20:00', '40 minutes ago'],
    ['2026-11-22T13:59:00', '1 hour ago'],
    ['2026-11-22T09:00:00', '6 hours ago'],
    ['2026-11-21T23:59:00', 'yesterday']
  ])('%s is %s', (date, words) => {
    expect(formatAgo(new Date(date), now, trans)).toBe(words);
  });

  it('has a date when it is older', () => {
    expect(formatAgo(new Date('2026-10-14T10:00:00'), now, trans)).toMatch(/2026/);
  });

  it('says how long it takes to build it again, finding the versions left out', () => {
    const build = aBuild({
      state: 'ready',
      version: 1,
      seconds: { queued: 500, locking: 300, fetching: 60, installing: 50, registering: 10 }
    });
    const freed = aVersion({ prefix_state: 'freed' });
    expect(formatOnDisk(aVersion(), [build], trans)).toBe('1.2\u00a0GB');
    expect(formatOnDisk(freed, [build], trans)).toBe('freed, builds again in about 2 min');
    expect(formatOnDisk(freed, [{ ...build, seconds: { fetching: 5 } }], trans)).toContain('less than 1 min');
    expect(formatOnDisk(freed, [], trans)).toBe('freed, is built again when needed');
    expect(formatOnDisk(aVersion({ prefix_state: 'broken' }), [], trans)).toBe('damaged');
  });

  it('has a title', () => {
    expect(versionTitle(aVersion({ number: 5, message: 'Submitted' }), trans)).toBe('v5, Submitted');
    expect(versionTitle(aVersion({ number: 7, active: true }), trans)).toBe('v7, active');
  });
});

describe('The pages of versions', () => {
  const page = (from: number, to: number, next: string | null): Listing<IVersion> => ({
    items: Array.from({ length: from - to + 1 }, (_, index) => aVersion({ number: from - index })),
    next,
    total: from
  });
  const join = (now: Listing<IVersion>, before: Listing<IVersion> | null): Listing<IVersion> =>
    joinPages(now, before, version => version.number);

  it('stay as long as they were when the newest are read again', () => {
    const joined = join(page(11, 7, 'after 7'), page(10, 3, 'after 3'));
    expect(joined.items.map(item => item.number)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(joined).toMatchObject({ next: 'after 3', total: 11 });
  });

  it('are what was read when that is all, or there was nothing before', () => {
    expect(join(page(4, 2, null), page(4, 1, null)).items).toHaveLength(3);
    expect(join(page(9, 5, 'after 5'), null)).toMatchObject({ next: 'after 5' });
  });
});

describe('The name of an environment in a comparison', () => {
  const geo = { namespace: 'local', name: 'geo' };
  const other = { namespace: 'local', name: 'geo-2' };
  const twin = { namespace: 'team', name: 'Geo' };

  it.each([
    [geo, [geo, { ...geo, name: 'Geo' }], ''],
    [geo, [geo, geo, other], 'geo'],
    [other, [geo, other], 'geo-2'],
    [geo, [geo, twin], 'local/geo'],
    [twin, [geo, twin], 'team/Geo']
  ])('is said only where there are several, case %#', (one, all, expected) => {
    expect(environmentAmong(one, all)).toBe(expected);
  });
});

describe('The sides of a comparison', () => {
  const environment = anEnvironment({ active_version: 7 });

  it('are the version and the active one, the older one on the left', () => {
    expect(sidesFor(5, environment, [])).toEqual({ before: 'local/geo@5', after: 'local/geo@7' });
    expect(sidesFor(8, environment, [])).toEqual({ before: 'local/geo@7', after: 'local/geo@8' });
  });

  it('are the active version and what it was made from', () => {
    const versions = [aVersion({ number: 7, parent: 4 }), aVersion({ number: 6 }), aVersion({ number: 4 })];
    expect(sidesFor(7, environment, versions)?.before).toBe('local/geo@4');
    const deleted = [versions[0]!, versions[1]!, aVersion({ number: 4, deleted: true })];
    expect(sidesFor(7, environment, deleted)?.before).toBe('local/geo@6');
  });

  it('are none when there is one version only', () => {
    expect(sidesFor(7, environment, [aVersion({ number: 7 })])).toBeNull();
  });

  it('are named in short', () => {
    expect(readReference('local/geo@12')).toEqual({ namespace: 'local', name: 'geo', number: 12 });
    for (const none of ['', 'geo', 'a/b', 'a/b@x', 'a/b/c@1']) {
      expect(readReference(none)).toBeNull();
    }
  });

  it('are read as people write them', () => {
    expect(readWritten(' geo ', 'local')).toEqual({ namespace: 'local', name: 'geo', number: null });
    expect(readWritten('team/geo', 'local')).toEqual({ namespace: 'team', name: 'geo', number: null });
    expect(readWritten('geo@3', 'local')).toEqual({ namespace: 'local', name: 'geo', number: 3 });
    expect(readWritten('geo@', 'local')).toBeNull();
    expect(readWritten('two words', 'local')).toBeNull();
  });

  it('are named in short within an environment', () => {
    expect(shortReference('local/Geo@3', environment)).toBe('v3');
    expect(shortReference('team/geo@3', environment)).toBe('team/geo v3');
  });
});

describe('The lines of a difference', () => {
  const before = 'name: a\ndeps:\n  - x\n  - y\n  - z\nend';
  const diff = '--- a\n+++ b\n@@ -4,2 +4,3 @@\n   - y\n-  - z\n+  - zz\n+-- w\n';

  it('are numbered on both sides, with what the diff leaves out', () => {
    expect(diffLines(diff, before).map(line => [line.before, line.after, line.look, line.text])).toEqual([
      [1, 1, 'same', 'name: a'],
      [2, 2, 'same', 'deps:'],
      [3, 3, 'same', '  - x'],
      [4, 4, 'same', '  - y'],
      [5, null, 'remove', '  - z'],
      [null, 5, 'add', '  - zz'],
      [null, 6, 'add', '-- w'],
      [6, 7, 'same', 'end']
    ]);
  });

  it('take a removed line that looks like a head for what it is', () => {
    const lines = diffLines('--- a\n+++ b\n@@ -1,2 +1 @@\n--- old\n x\n', null);
    expect(lines.map(line => [line.look, line.text])).toEqual([
      ['remove', '-- old'],
      ['same', 'x']
    ]);
  });

  it('show where something is left out of a long text', () => {
    const hunks = '@@ -2 +2 @@\n-a\n+b\n@@ -900 +900 @@\n-c\n+d\n';
    expect(diffLines(hunks, null).map(line => line.look)).toEqual(['remove', 'add', 'gap', 'remove', 'add']);
  });

  it('begin with an added line where the left side is empty', () => {
    expect(diffLines('@@ -0,0 +1,2 @@\n+a\n+b\n', '').slice(0, 2)).toEqual([
      { look: 'add', before: null, after: 1, text: 'a' },
      { look: 'add', before: null, after: 2, text: 'b' }
    ]);
  });

  it('are the whole text when both sides are the same', () => {
    expect(diffLines('', 'a\nb\n').map(line => line.look)).toEqual(['same', 'same']);
  });
});

describe('The changes that are shown', () => {
  const change = (name: string, kind: IPackageChange['kind'], direct: boolean): IPackageChange =>
    ({ name, kind, direct }) as IPackageChange;
  const changes = [
    change('pandas', 'upgraded', true),
    change('libarrow', 'upgraded', false),
    change('xlrd', 'removed', true)
  ];

  it('are those of a kind, and those asked for', () => {
    const names = (filter: object): string[] =>
      shownChanges(changes, { kind: null, direct: false, text: '', ...filter }).map(item => item.name);
    expect(names({})).toEqual(['pandas', 'libarrow', 'xlrd']);
    expect(names({ kind: 'upgraded' })).toEqual(['pandas', 'libarrow']);
    expect(names({ kind: 'upgraded', direct: true })).toEqual(['pandas']);
    expect(names({ text: ' LIB' })).toEqual(['libarrow']);
  });

  it('are counted by kind as the other filters leave them', () => {
    const counts = countKinds(changes, { kind: 'removed', direct: true, text: '' });
    expect([...counts]).toEqual([
      [null, 2],
      ['upgraded', 1],
      ['removed', 1]
    ]);
  });
});

describe('Counting changes', () => {
  const version = (number: number): IVersion => aVersion({ number, parent: number - 1 || null });

  it('asks few at a time, in order, and never twice', async () => {
    const answers: Array<() => void> = [];
    const compare = jest.fn(
      () =>
        new Promise(resolve => answers.push(() => resolve({ platforms: [{ changes: [{ kind: 'added' }] }] })))
    );
    const counting = new Counting({ compare } as never);
    const taken: number[] = [];
    for (const number of [5, 4, 3]) {
      counting.ask(version(number), kinds => taken.push(kinds!.length));
    }
    expect(compare).toHaveBeenCalledTimes(2);
    answers[0]!();
    await new Promise(process.nextTick);
    await new Promise(process.nextTick);
    expect(compare).toHaveBeenCalledTimes(3);
    answers[1]!();
    answers[2]!();
    await new Promise(process.nextTick);
    expect(taken).toEqual([1, 1, 1]);
    counting.ask(version(5), kinds => taken.push(kinds!.length));
    expect(taken).toHaveLength(4);
    expect(compare).toHaveBeenCalledTimes(3);
  });

  it('does not ask for what went out of sight', () => {
    const compare = jest.fn(() => new Promise(() => undefined));
    const counting = new Counting({ compare } as never);
    counting.ask(version(5), () => undefined);
    counting.ask(version(4), () => undefined);
    const stop = counting.ask(version(3), () => undefined);
    stop();
    expect(compare).toHaveBeenCalledTimes(2);
  });

  it('is done against the nearest version that is still there', () => {
    const listed = [5, 4, 3, 1].map(number => aVersion({ number, deleted: number === 4 }));
    expect(baseOf(version(4), listed, true)).toBe(3);
    expect(baseOf(version(5), listed, true)).toBe(3);
    expect(baseOf(version(3), listed, true)).toBe(1);
    expect(baseOf(version(1), listed, true)).toBeNull();
    expect(baseOf(version(3), listed.slice(0, 3), true)).toBeNull();
    // The older ones are not read yet.
    expect(baseOf(version(3), listed.slice(0, 3), false)).toBe(2);
  });

  it('knows the first version without asking, and that some cannot be compared', async () => {
    const compare = jest.fn(async () => Promise.reject(new Error('gone')));
    const counting = new Counting({ compare } as never);
    expect(counting.known(version(1))).toHaveLength(10);
    const answer = await new Promise(resolve => counting.ask(version(3), resolve));
    expect(answer).toBeNull();
  });
});

describe('The name of a kernel that is pinned to a version', () => {
  it.each([
    ['envstore-local--geo--v3', { namespace: 'local', name: 'geo', number: 3 }],
    ['envstore-my-team--geo.a_b-c--v12--ir', { namespace: 'my-team', name: 'geo.a_b-c', number: 12 }],
    // Another environment is called so by now.
    ['envstore-local--geo--v3-0a1b2c3d', null],
    ['envstore-local--geo', null],
    ['envstore-local--geo--ir', null],
    ['python3', null],
    [undefined, null]
  ])('%s', (name, expected) => {
    expect(readPinnedKernel(name)).toEqual(expected);
  });
});

describe('The use of the disk', () => {
  const model = {} as { versionsChanged: Signal<object, void>; finished: Signal<object, unknown> };
  let usage: jest.Mock;
  let disk: DiskUsage;

  beforeEach(() => {
    jest.useFakeTimers();
    model.versionsChanged = new Signal(model);
    model.finished = new Signal(model);
    usage = jest.fn(async () => ({ used: 1 }));
    disk = new DiskUsage({ usage } as never, model as never, () => Date.now());
  });

  afterEach(() => {
    disk.dispose();
    jest.useRealTimers();
  });

  it('is read when somebody looks, and once after several changes', async () => {
    model.versionsChanged.emit();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(usage).not.toHaveBeenCalled();
    disk.watch(true);
    await jest.advanceTimersByTimeAsync(10);
    expect(usage).toHaveBeenCalledTimes(1);
    expect(disk.value).toEqual({ used: 1 });
    model.versionsChanged.emit();
    model.finished.emit(aBuild());
    await jest.advanceTimersByTimeAsync(10_000);
    expect(usage).toHaveBeenCalledTimes(2);
    disk.watch(false);
    disk.watch(true);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(usage).toHaveBeenCalledTimes(2);
  });

  it('is read again when it is old, and stays when the server is away', async () => {
    disk.watch(true);
    await jest.advanceTimersByTimeAsync(10);
    usage.mockRejectedValueOnce(new Error('away'));
    disk.watch(false);
    await jest.advanceTimersByTimeAsync(3_600_000);
    disk.watch(true);
    await jest.advanceTimersByTimeAsync(10);
    expect(usage).toHaveBeenCalledTimes(2);
    expect(disk.value).toEqual({ used: 1 });
  });
});
