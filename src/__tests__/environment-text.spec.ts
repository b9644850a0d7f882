import {
  hiddenParts,
  isWithoutPackages,
  NotAFormError,
  readFields,
  writeFields
} from '../new/environment-text';

const TEXT = `# for the river gauges
name: geo-rivers
channels:
  - conda-forge
dependencies:
  - python =3.12
  - gdal # needs the HDF5 driver
  - "geopandas >=1.0"
  - pip:
      - great-tables
variables:
  GDAL_NUM_THREADS: 2
`;

describe('an environment.yml', () => {
  it('is read as a form', () => {
    expect(readFields(TEXT)).toEqual({
      name: 'geo-rivers',
      channels: ['conda-forge'],
      packages: ['python =3.12', 'gdal', 'geopandas >=1.0'],
      pip: ['great-tables'],
      platforms: []
    });
  });

  it('comes back unchanged from a form in which nothing was changed', () => {
    expect(writeFields(TEXT, readFields(TEXT))).toBe(TEXT);
  });

  it('keeps comments, pip packages and variables through changes in the form', () => {
    const fields = readFields(TEXT);

    const changed = writeFields(TEXT, {
      ...fields,
      name: 'geo',
      packages: ['python =3.12', 'gdal >=3.9', 'rasterio'],
      platforms: ['linux-64', 'osx-arm64']
    });

    expect(changed).toBe(`# for the river gauges
name: geo
channels:
  - conda-forge
dependencies:
  - python =3.12
  - gdal >=3.9 # needs the HDF5 driver
  - rasterio
  - pip:
      - great-tables
variables:
  GDAL_NUM_THREADS: 2
platforms:
  - linux-64
  - osx-arm64
`);
  });

  it('is written from nothing in the usual order', () => {
    const fields = { name: 'geo', channels: ['conda-forge'], packages: ['gdal'], pip: [], platforms: [] };

    expect(writeFields('', fields)).toBe('name: geo\nchannels:\n  - conda-forge\ndependencies:\n  - gdal\n');
  });

  it('writes, keeps and loses what pip is asked for', () => {
    const fields = readFields(TEXT);
    const more = writeFields(TEXT, { ...fields, pip: ['great-tables', 'duckdb ==1.4.*'] });
    expect(more).toBe(
      TEXT.replace('      - great-tables\n', '      - great-tables\n      - duckdb ==1.4.*\n')
    );
    expect(writeFields(more, { ...fields, pip: ['duckdb ==1.4.*'] })).toContain(
      '  - pip:\n      - duckdb ==1.4.*\n'
    );
    expect(writeFields(TEXT, { ...fields, pip: [] })).toBe(
      TEXT.replace('  - pip:\n      - great-tables\n', '')
    );
    const none = { name: 'a', channels: [], packages: [], pip: ['duckdb'], platforms: [] };
    expect(writeFields('', none)).toBe('name: a\ndependencies:\n  - pip:\n      - duckdb\n');
    const some = { ...none, packages: ['python'] };
    expect(writeFields('', some)).toBe('name: a\ndependencies:\n  - python\n  - pip:\n      - duckdb\n');
  });

  it('keeps the manner in which its lists are written', () => {
    const text = 'name: a\ndependencies:\n- numpy\n';

    expect(writeFields(text, { ...readFields(text), packages: ['numpy', 'scipy'] })).toBe(
      'name: a\ndependencies:\n- numpy\n- scipy\n'
    );
  });

  it('loses a list that the form has emptied', () => {
    const text = 'name: a\nplatforms:\n  - linux-64\n';

    expect(writeFields(text, { ...readFields(text), platforms: [] })).toBe('name: a\n');
  });

  it('keeps numbers that look like versions as they were written', () => {
    expect(readFields('name: 2024.10\ndependencies:\n  - numpy 1.10\n').name).toBe('2024.10');
  });

  it('says which of its parts a form does not show', () => {
    expect(hiddenParts(TEXT)).toEqual(['variables']);
    expect(hiddenParts('name: a\n')).toEqual([]);
  });

  it.each([
    ['name: a\nb: }', 2],
    ['just words', 1]
  ])('is no form when it is no mapping: %p', (text, line) => {
    let error: unknown;
    try {
      readFields(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(NotAFormError);
    expect((error as NotAFormError).line).toBe(line);
  });

  it('is no form when a list is none', () => {
    expect(() => readFields('dependencies: numpy')).toThrow('dependencies has to be a list.');
  });
});

describe('a specification without packages', () => {
  it.each([
    ['', true],
    ['name: a\n', true],
    ['name: a\ndependencies:\n', true],
    ['name: a\ndependencies: []\n', true],
    ['name: a\ndependencies: [numpy]\n', false],
    ['name: a\ndependencies:\n  - pip:\n      - six\n', false],
    ['name: a\ndependencies: {\n', false],
    ['- no mapping\n', false]
  ])('%j: %s', (text, expected) => {
    expect(isWithoutPackages(text)).toBe(expected);
  });
});
