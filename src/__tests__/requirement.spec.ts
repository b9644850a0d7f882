import {
  constraintFor,
  formatRequirement,
  minorSeries,
  packageName,
  parseRequirement,
  parseRequirements
} from '../new/requirement';

describe('a requirement', () => {
  it.each([
    ['polars', 'polars', ''],
    ['polars >=1.35', 'polars', '>=1.35'],
    ['polars>=1.35,<2', 'polars', '>=1.35,<2'],
    ['python=3.12', 'python', '=3.12'],
    ['numpy 1.26.*', 'numpy', '1.26.*'],
    ['conda-forge::blas =*=mkl', 'conda-forge::blas', '=*=mkl'],
    ['r-base  ', 'r-base', '']
  ])('is read from %p', (text, name, constraint) => {
    expect(parseRequirement(text)).toEqual({ name, constraint });
  });

  it.each(['', '>=1.0', 'polars pandas', '-e .', 'a/b'])('is not read from %p', text => {
    expect(parseRequirement(text)).toBeNull();
  });

  it('is written as people write it', () => {
    expect(formatRequirement({ name: 'polars', constraint: '>=1.35' })).toBe('polars >=1.35');
    expect(formatRequirement({ name: 'polars', constraint: '' })).toBe('polars');
  });

  it('names its package without channel and in lower case', () => {
    expect(packageName('conda-forge::PyTorch >=2')).toBe('pytorch');
  });
});

describe('a pasted list', () => {
  it('is several requirements, with commas or without', () => {
    expect(parseRequirements('python=3.12 numpy, pandas >=2,<3 scipy')?.map(formatRequirement)).toEqual([
      'python =3.12',
      'numpy',
      'pandas >=2,<3',
      'scipy'
    ]);
  });

  it('is refused as a whole when a part of it is none', () => {
    expect(parseRequirements('numpy a/b')).toBeNull();
  });

  it('may be empty', () => {
    expect(parseRequirements('  ')).toEqual([]);
  });
});

describe('a constraint', () => {
  it('is made from a version and what the person wants of it', () => {
    expect(constraintFor('any', '2.3.5')).toBe('');
    expect(constraintFor('this', '2.3.5')).toBe('==2.3.5');
    expect(constraintFor('series', '2.3.5')).toBe('=2.3');
    expect(constraintFor('least', '2.3.5')).toBe('>=2.3.5');
  });

  it.each([
    ['2.3.5', '2.3'],
    ['2025a', '2025a'],
    ['1!2.3.4', '1!2.3'],
    ['7', '7']
  ])('knows the minor series of %p', (version, series) => {
    expect(minorSeries(version)).toBe(series);
  });
});
