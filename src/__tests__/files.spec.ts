import { nullTranslator } from '@jupyterlab/translation';

import { isEnvironmentFileName } from '../commands/files';
import { isLockfile, isPipFile, nameOfPipFile, readTextFile } from '../new/files';

describe('A file that is given', () => {
  it.each([
    ['# platform: linux-64\n\n@EXPLICIT\nhttps://packages.example/noarch/a-1-0.conda\n', 'lockfile'],
    ['@EXPLICIT', 'lockfile'],
    ['version: 6\nenvironments:\n  default: {}\npackages: []\n', 'lockfile'],
    ['{"metadata": {}, "package": []}', 'lockfile'],
    ['rich\n', 'pip'],
    ['# ours\nrich>=13 # tables\nrequests[socks]==2.* ; python_version < "3.13"\n--pre\n', 'pip'],
    ['rich==13.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n', 'pip'],
    ['rivers @ https://wheels.example/rivers-1.0-py3-none-any.whl\n-r more.txt\n', 'pip'],
    ['lock-version = "1.0"\n[[packages]]\nname = "rich"\n', 'pip'],
    ['dependencies:\n  - numpy\n', 'specification'],
    ['name: a\nchannels: [conda-forge]\n', 'specification'],
    ['', 'specification']
  ])('is told by what stands in it: %p', (text, kind) => {
    expect(isLockfile(text) ? 'lockfile' : isPipFile(text) ? 'pip' : 'specification').toBe(kind);
  });

  it.each([
    ['requirements.txt', ''],
    ['work/rivers-requirements.txt', 'rivers'],
    ['requirements-dev.txt', ''],
    ['pylock.toml', ''],
    ['pylock.rivers.toml', 'rivers'],
    ['rivers-v2.pylock.toml', 'rivers-v2'],
    ['rivers.txt', 'rivers']
  ])('suggests a name: %p', (path, name) => {
    expect(nameOfPipFile(path)).toBe(name);
  });
});

describe('A notebook', () => {
  const trans = nullTranslator.load('');
  const sized = (name: string, size: number): File => {
    const text = '{"nbformat": 4}';
    const arrayBuffer = async (): Promise<ArrayBuffer> =>
      new TextEncoder().encode(text).buffer as ArrayBuffer;
    return { name, size, arrayBuffer } as unknown as File;
  };

  it('is a file that an environment can be made from', () => {
    expect(isEnvironmentFileName('Rivers.IPYNB')).toBe(true);
    expect(isEnvironmentFileName('ipynb')).toBe(false);
  });

  it('may be larger than what is sent, as its outputs are not', async () => {
    expect(await readTextFile(sized('a.ipynb', 50_000_000), trans)).toBe('{"nbformat": 4}');
    await expect(readTextFile(sized('a.yml', 50_000_000), trans)).rejects.toThrow(
      'too large for an environment.yml'
    );
    await expect(readTextFile(sized('a.ipynb', 200_000_000), trans)).rejects.toThrow('clear them');
  });
});
