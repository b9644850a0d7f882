import { parsePip, pipConstraint, withConstraint } from '../new/pip-requirement';

describe('an entry of a pip list', () => {
  it.each([
    ['rich', 'rich', ''],
    ['Great_Tables >=0.19,<1', 'great-tables', '>=0.19,<1'],
    ['requests[socks, http2] >=2', 'requests', '>=2'],
    ["tomli>=2 ; python_version < '3.11'", 'tomli', '>=2'],
    ['rich (>=13)', 'rich', '>=13'],
    ['rich==13.0 --hash=sha256:00', 'rich', '==13.0']
  ])('is read in its parts: %p', (text, name, constraint) => {
    expect(parsePip(text)).toMatchObject({ name, constraint, isAddress: false });
  });

  it.each([
    ['rivers @ https://wheels.example/rivers-1.0-py3-none-any.whl', 'rivers'],
    ['https://wheels.example/files/Big_Rivers-1.0-py3-none-any.whl', 'big-rivers'],
    ['git+https://code.example/lakes@main#egg=lakes', 'lakes']
  ])('may name a file: %p', (text, name) => {
    expect(parsePip(text)).toMatchObject({ name, constraint: '', isAddress: true });
    expect(withConstraint(parsePip(text)!, '>=2')).toBe(text);
  });

  it.each([
    '--index-url https://wheels.example/simple',
    '-r requirements.txt',
    'https://wheels.example/x.zip',
    ''
  ])('is none: %p', text => {
    expect(parsePip(text)).toBeNull();
  });

  it('takes another constraint and keeps its extras and marker, not its digests', () => {
    const asked = "requests[socks, http2]>=2 ; python_version < '3.11' --hash=sha256:00";
    expect(withConstraint(parsePip(asked)!, '==3.*')).toBe(
      "requests[socks,http2] ==3.* ; python_version < '3.11'"
    );
    expect(withConstraint(parsePip('rich ==13')!, '')).toBe('rich');
  });

  it.each([
    ['=2.3', '==2.3.*'],
    ['2.3', '==2.3.*'],
    ['=2.3.*', '==2.3.*'],
    ['==2.3.5', '==2.3.5'],
    ['>=1,<2', '>=1,<2'],
    ['', '']
  ])('is constrained as pip writes it: %p', (typed, written) => {
    expect(pipConstraint(typed)).toBe(written);
  });
});
