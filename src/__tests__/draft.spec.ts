import { NewDraft } from '../new/draft';
import { corrected } from '../new/corrected';
import { isLockfile } from '../new/files';
import { nameIn, withName } from '../new/name-line';
import { withPackages } from '../new/wanted';

function draftOf(specification?: string): NewDraft {
  return new NewDraft({ namespace: 'local', channels: ['conda-forge'], specification });
}

describe('the draft of a new environment', () => {
  it('begins with what makes a notebook run', () => {
    const draft = draftOf();
    draft.setFields({ name: 'geo' });

    expect(draft.text).toBe('name: geo\nchannels:\n  - conda-forge\ndependencies:\n  - ipykernel\n');
    expect(draft.toRequest()).toMatchObject({ name: 'local/geo', specification: draft.text });
  });

  it('shows the form as YAML and the YAML as form', () => {
    const draft = draftOf();
    draft.setFields({ name: 'geo', packages: ['gdal'] });

    draft.show('yaml');
    draft.setText(`${draft.text}  - numpy # fast\nvariables:\n  A: b\n`);
    draft.show('form');

    expect(draft.fields.packages).toEqual(['gdal', 'numpy']);
    expect(draft.hidden).toEqual(['variables']);
    draft.setFields({ packages: ['numpy'] });
    draft.show('yaml');
    expect(draft.text).toContain('  - numpy # fast\nvariables:\n  A: b\n');
  });

  it('stays YAML while that cannot be shown as a form, and says why', () => {
    const draft = draftOf('name: a\ndependencies: {\n');

    draft.show('form');

    expect(draft.mode).toBe('yaml');
    expect(draft.formProblem).not.toBeNull();
  });

  it('knows whether something was typed', () => {
    const draft = draftOf();
    expect(draft.isTyped).toBe(false);
    draft.setFields({ name: 'g' });
    expect(draft.isTyped).toBe(true);
    draft.setFields({ name: '' });
    expect(draft.isTyped).toBe(false);
    draft.setMessage('why');
    expect(draft.isTyped).toBe(true);
  });

  it('counts a look at the YAML as nothing typed', () => {
    const draft = draftOf();
    draft.show('yaml');
    expect(draft.isTyped).toBe(false);
  });

  it('takes a file with the line ends and marks of another system', () => {
    const draft = draftOf();
    draft.load('\uFEFFname: a\r\ndependencies:\r\n  - numpy\r\n');

    expect(draft.mode).toBe('yaml');
    expect(draft.text).toBe('name: a\ndependencies:\n  - numpy\n');
    expect(draft.isTyped).toBe(true);
  });
});

describe('packages that are added', () => {
  const asked = (name: string, constraint = ''): { name: string; constraint: string } => ({
    name,
    constraint
  });

  it('come before the kernel that we put there', () => {
    expect(withPackages(['numpy', 'ipykernel'], [asked('gdal')])).toEqual({
      packages: ['numpy', 'gdal', 'ipykernel'],
      repeated: null
    });
  });

  it('are not asked for twice, but take a new constraint', () => {
    expect(withPackages(['numpy'], [asked('NumPy')])).toEqual({ packages: ['numpy'], repeated: 'numpy' });
    expect(withPackages(['numpy'], [asked('numpy', '>=2')]).packages).toEqual(['numpy >=2']);
  });
});

describe('the name of a new environment', () => {
  it('may be typed with its namespace before it', () => {
    const draft = draftOf();
    draft.setName('team/analysis');

    expect([draft.namespace, draft.name, draft.typedName]).toEqual(['team', 'analysis', 'team/analysis']);
    expect(draft.text).toContain('name: analysis\n');
    expect(draft.toRequest()).toMatchObject({ name: 'team/analysis' });
    draft.setNamespace('local');
    expect(draft.typedName).toBe('analysis');
    draft.setName('x');
    expect(draft.namespace).toBe('local');
  });

  it('is written into the line of the YAML, and nothing else is', () => {
    const draft = draftOf('# ours\nname: old  # why\ndependencies: {\n');
    expect(draft.name).toBe('old');

    draft.setName('new');

    expect(draft.text).toBe('# ours\nname: new  # why\ndependencies: {\n');
  });
});

describe('the line with the name', () => {
  it.each([
    ['dependencies: []\n', 'a', 'name: a\ndependencies: []\n'],
    ['# top\n\n---\nchannels: []\n', 'a', '# top\n\n---\nname: a\nchannels: []\n'],
    ['name: b\nx: 1\n', '', 'x: 1\n'],
    ['x: 1\n', '', 'x: 1\n'],
    ['', 'a', 'name: a\n'],
    ['name:\nx: 1\n', 'a', 'name: a\nx: 1\n'],
    ['name: "b c" # d\n', 'a', 'name: a # d\n'],
    ['dependencies:\n  - name: b\n', 'a', 'name: a\ndependencies:\n  - name: b\n'],
    ['name: b', 'a: c', 'name: "a: c"']
  ])('%j with the name %j', (text, name, expected) => {
    expect(withName(text, name)).toBe(expected);
    expect(nameIn(expected)).toBe(name);
  });
});

describe('a lockfile as a draft', () => {
  const LOCK = 'version: 1\nmetadata:\n  platforms: [linux-64]\npackage:\n- name: numpy\n';

  it('is told by what stands in it', () => {
    expect(isLockfile(LOCK)).toBe(true);
    expect(isLockfile(JSON.stringify({ version: 1, metadata: {}, package: [] }))).toBe(true);
    expect(isLockfile('@EXPLICIT\nhttps://h/a.conda\n')).toBe(true);
    expect(isLockfile('version: 6\nenvironments: {}\npackages: []\n')).toBe(true);
    expect(isLockfile('name: a\ndependencies: [numpy]\n')).toBe(false);
    expect(isLockfile('{"dependencies": ["numpy"]}')).toBe(false);
    expect(isLockfile('')).toBe(false);
  });

  it('sends the lockfile as it is, with what was allowed', () => {
    const draft = draftOf();
    draft.load(LOCK, 'course/conda-lock.yml');
    expect(draft.lockfile?.file).toBe('course/conda-lock.yml');
    expect(draft.text).toBe('');
    draft.setName('team/geo');
    draft.setAllowed('https://h/a', true);
    draft.setAllowed('https://h/b', true);
    draft.setAllowed('https://h/a', false);

    expect(draft.toImport('Import')).toEqual({
      name: 'team/geo',
      content: LOCK,
      file: 'course/conda-lock.yml',
      environment: null,
      python: null,
      allow_channels: ['https://h/b'],
      message: 'Import'
    });
  });

  it('asks for the environment that was chosen, and forgets what was allowed for another', () => {
    const draft = draftOf(LOCK);
    draft.setAllowed('https://h/a', true);
    draft.setEnvironment('docs');
    expect(draft.toImport()).toMatchObject({ environment: 'docs', allow_channels: [] });
    expect(draft.isTyped).toBe(true);
    draft.load(`${LOCK}# other\n`, 'b-lock.yml');
    expect(draft.environment).toBe('');
  });

  it('takes a name that is suggested, unless there is one, and that is no reason to ask before it closes', () => {
    const draft = draftOf(LOCK);
    draft.suggestName('geo');
    expect([draft.name, draft.isTyped]).toEqual(['geo', false]);
    draft.suggestName('other');
    expect(draft.name).toBe('geo');
    draft.setAllowed('https://h/a', true);
    expect(draft.isTyped).toBe(true);
  });

  it('forgets what was allowed for the file before', () => {
    const draft = draftOf(LOCK);
    draft.setAllowed('https://h/a', true);
    draft.load(`${LOCK}# other\n`, 'b-lock.yml');
    expect(draft.allowed).toEqual([]);
    draft.load('name: a\n', 'environment.yml');
    expect([draft.mode, draft.lockfile, draft.text]).toEqual(['yaml', null, 'name: a\n']);
  });
});

describe('a proposed correction', () => {
  const remark = {
    severity: 'error',
    code: 'x',
    message: '',
    line: 2,
    wrong: '>1<2',
    correction: '>1,<2'
  } as const;

  it('goes into its line, once', () => {
    expect(corrected('- a >1<2\n- b >1<2\n', remark)).toBe('- a >1<2\n- b >1,<2\n');
  });

  it('is not offered when the text is another one by now, or there is none', () => {
    expect(corrected('- a\n- b\n', remark)).toBeNull();
    expect(corrected('- a\n- b >1<2\n', { ...remark, correction: null })).toBeNull();
  });

  it('is taken as it is, whatever signs it has', () => {
    expect(corrected('\nx y', { ...remark, wrong: 'y', correction: '$&' })).toBe('\nx $&');
  });
});
