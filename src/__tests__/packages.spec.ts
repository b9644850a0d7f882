import type { IPackage } from '../api/types';
import { RequestError } from '../api/request';
import { changesBetween, readEntries } from '../environment/asked';
import { NewestVersions } from '../environment/newest';
import { expected, upgraded } from '../environment/packages-newest';
import { followersOf, matching, rowsOf, type IRow } from '../environment/rows';
import { compareVersions, fits, isPin } from '../environment/version-fit';

const TEXT = `name: geo
channels:
  - conda-forge
dependencies:
  - python =3.12
  - numpy >=2.2  # needs two
  - seaborn
  - pip:
      - great-tables[all]>=0.19
`;

describe('the rows of the table', () => {
  const aPackage = (name: string, depends: string[] = []): IPackage => ({
    manager: 'conda',
    name,
    version: '1.0',
    build: '0',
    platform: 'linux-64',
    subdir: 'noarch',
    channel: 'https://conda.anaconda.org/conda-forge',
    url: '',
    md5: null,
    sha256: null,
    size: 10,
    license: null,
    depends
  });

  it('are in the order of the text, removed ones where they were', () => {
    const after = TEXT.replace('  - numpy >=2.2  # needs two\n', '').replace(
      '  - pip:',
      '  - polars\n  - pip:'
    );
    const rows = rowsOf(readEntries(TEXT), readEntries(after), changesBetween(TEXT, after), [
      aPackage('python')
    ]);
    expect(rows.map(row => [row.name, row.change?.kind ?? null, row.locked !== null])).toEqual([
      ['python', null, true],
      ['numpy', 'removed', false],
      ['seaborn', null, false],
      ['polars', 'added', false],
      ['great-tables', null, false]
    ]);
  });

  it('have below them what came with them, and who needs it', () => {
    const packages = [
      aPackage('numpy', ['libblas >=3.9', 'python >=3.12']),
      aPackage('scipy', ['libblas', 'numpy']),
      aPackage('libblas', ['conda-forge::libopenblas >=0.3'])
    ];
    const followers = followersOf([...packages, aPackage('libopenblas')], readEntries(TEXT));
    expect(followers.map(({ item, neededBy }) => [item.name, neededBy])).toEqual([
      ['libblas', ['numpy', 'scipy']],
      ['libopenblas', ['libblas']],
      ['scipy', []]
    ]);
    expect(matching(followers, ' BLAS').map(({ item }) => item.name)).toEqual(['libblas', 'libopenblas']);
  });
});

describe('whether a version fits', () => {
  it.each([
    ['3.12.4', '=3.12', true],
    ['3.120', '=3.12', false],
    ['2.3.5', '>=2.3,<3', true],
    ['3.0', '>=2.3,<3', false],
    ['2.10', '>=2.9', true],
    ['1.4.2', '~=1.4.1', true],
    ['1.5.0', '~=1.4.1', false],
    ['1.4.2', '1.4.*', true],
    ['1.4.2', '!=1.4.*', false],
    ['2.0', '==2', true],
    ['2.0', '', true],
    ['2024a', '>=2023', null],
    ['2.0', '>=1|<0', null]
  ])('%s with %s: %s', (version, constraint, expected) => {
    expect(fits(version, constraint)).toBe(expected);
  });

  it('is held by a pin of one version or one series', () => {
    expect(['=3.12', '==2.3.5', '1.4.*', '~=1.2'].map(isPin)).toEqual([true, true, true, true]);
    expect(['', '>=2', '>=2,<3', '<4'].map(isPin)).toEqual([false, false, false, false]);
  });

  it('is told by numbers, not by letters', () => {
    expect(compareVersions('2.10.0', '2.9')).toBeGreaterThan(0);
    expect(compareVersions('2.0', '2')).toBe(0);
    expect(compareVersions('1.0rc1', '1.0')).toBeNull();
  });
});

describe('the newest versions', () => {
  it('are asked for a few at a time, once each', async () => {
    let running = 0;
    let most = 0;
    const asked: string[] = [];
    const newest = new NewestVersions({
      package: async name => {
        asked.push(name);
        most = Math.max(most, ++running);
        await new Promise(done => setTimeout(done));
        running--;
        if (name === 'p3') {
          throw new Error('no channel answers');
        }
        return { name, channel: '', versions: ['2', '1'], summary: '', subdirs: [], source_only: false };
      }
    });
    const names = Array.from({ length: 9 }, (_, index) => `p${index}`);
    const answers = await Promise.all([...names, 'p1'].map(name => newest.read(name, ['c'])));
    expect(asked.sort()).toEqual(names);
    expect(most).toBe(4);
    expect(answers[3]).toEqual([]);
    expect(newest.known('p1', ['c'])).toEqual(['2', '1']);
    expect(newest.known('p1', ['other'])).toBeNull();
  });

  it('are asked for again where no channel answered, and not where none has the package', async () => {
    const asked: string[] = [];
    let isAway = true;
    const newest = new NewestVersions({
      package: async name => {
        asked.push(name);
        if (name === 'none') {
          throw new RequestError(404, 'package_not_found', 'There is none.', {});
        }
        if (isAway) {
          throw new Error('no channel answers');
        }
        return { name, channel: '', versions: ['2'], summary: '', subdirs: [], source_only: false };
      }
    });
    await expect(newest.read('numpy', [])).resolves.toEqual([]);
    expect(newest.known('numpy', [])).toBeNull();
    isAway = false;
    await expect(newest.read('numpy', [])).resolves.toEqual(['2']);
    await newest.read('none', []);
    await newest.read('none', []);
    expect(asked).toEqual(['numpy', 'numpy', 'none']);
  });
});

const rowWith = (constraint: string, locked = '2.3.3'): IRow => ({
  name: 'numpy',
  manager: 'conda',
  entry: { manager: 'conda', name: 'numpy', text: `numpy ${constraint}`, constraint },
  locked: { version: locked } as IRow['locked'],
  change: null
});

describe('what a change of a constraint leads to', () => {
  const versions = ['2.4.0', '2.3.5', '2.3.3'];

  it.each([
    ['', '2.3.3'],
    ['==2.3.3', '2.3.3'],
    ['>=2.3', '2.3.3']
  ])('is the version that is locked where that fits %j', (constraint, version) => {
    expect(expected(rowWith(constraint), versions)).toEqual({ version, stays: true });
  });

  it('is else the newest that fits, or nothing that is known', () => {
    expect(expected(rowWith('>2.3.3,<2.4'), versions)).toEqual({ version: '2.3.5', stays: false });
    expect(expected({ ...rowWith(''), locked: null }, versions)).toEqual({ version: '2.4.0', stays: false });
    expect(expected(rowWith('>=3'), versions)).toBeNull();
    expect(expected(rowWith('>=3'), null)).toBeNull();
  });
});

describe('an upgrade beside other changes', () => {
  it.each([
    ['', '>=2.3.5'],
    ['*', '>=2.3.5'],
    ['>=2.2', '>=2.3.5'],
    ['>2,<3', '>=2.3.5,<3'],
    ['<3', '>=2.3.5,<3'],
    ['=2.3', '=2.3,>=2.3.5'],
    ['2.3.*', '2.3.*,>=2.3.5'],
    ['>=2,!=2.3.4', '!=2.3.4,>=2.3.5']
  ])('of what is asked for with %j asks for %j', (constraint, expected) => {
    expect(upgraded(rowWith(constraint), ['2.3.5', '2.3.3'])).toBe(expected);
  });

  it('is none where the newest is held off, is there, or cannot be asked for beside the rest', () => {
    expect(upgraded(rowWith('=2.3'), ['2.4.0'])).toBeNull();
    expect(upgraded(rowWith('', '2.3.5'), ['2.3.5'])).toBeNull();
    expect(upgraded(rowWith('=2.1|=2.3'), ['2.3.5'])).toBeNull();
    expect(upgraded(rowWith('=2.3=py312*'), ['2.3.5'])).toBeNull();
    expect(upgraded(rowWith(''), null)).toBeNull();
  });
});
