import { isLockfile, isPipFile, nameOfPipFile } from '../new/files';

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
