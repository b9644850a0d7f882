import { NewDraft } from '../new/draft';
import { corrected } from '../new/corrected';
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
