import { isEnvironmentFileName } from '../commands/files';
import { shellCommand } from '../commands/opening';
import { formatBytes, formatDuration } from '../components/formatting';

describe('Texts', () => {
  it.each([
    [0, '0\u00a0B'],
    [999, '999\u00a0B'],
    [1_250_000_000, '1.3\u00a0GB'],
    [612_000_000, '612\u00a0MB'],
    [999_600, '1\u00a0MB']
  ])('%d bytes', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });

  it.each([
    [-1, '0:00'],
    [72.9, '1:12'],
    [3_723, '1:02:03']
  ])('%d seconds', (seconds, expected) => {
    expect(formatDuration(seconds)).toBe(expected);
  });

  it.each([
    ['environment.yml', true],
    ['environment-dev.yaml', true],
    ['my-environment.yml', true],
    ['env.gpu.yml', true],
    ['conda-lock.yml', true],
    ['environment-lock.yml', true],
    ['course.conda-lock.yaml', true],
    ['conda-lock.json', true],
    ['package-lock.json', false],
    ['pixi.lock', true],
    ['rivers-v3.pixi.lock', true],
    ['rivers-v3-linux-64.explicit.txt', true],
    ['conda-linux-64.lock', true],
    ['requirements.txt', true],
    ['requirements-dev.txt', true],
    ['pylock.toml', true],
    ['poetry.lock', false],
    ['pyproject.toml', false],
    ['notes.txt', false],
    ['_config.yml', false],
    ['environment.txt', false]
  ])('offers to make an environment of %s: %s', (name, expected) => {
    expect(isEnvironmentFileName(name)).toBe(expected);
  });

  it('quotes what a shell would take apart', () => {
    const program = ['/opt/py/bin/jupyter-envstore'];
    expect(shellCommand(program, { namespace: 'local', name: 'a.b_c-1' })).toBe(
      '/opt/py/bin/jupyter-envstore shell local/a.b_c-1'
    );
    expect(shellCommand(program, { namespace: 'local', name: "x'; rm -rf ~" })).toBe(
      "/opt/py/bin/jupyter-envstore shell 'local/x'\\''; rm -rf ~'"
    );
    const other = [...program, '--store', '/data/my store'];
    expect(shellCommand(other, { namespace: 'local', name: 'a' })).toBe(
      "/opt/py/bin/jupyter-envstore --store '/data/my store' shell local/a"
    );
  });
});
