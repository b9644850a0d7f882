import { nullTranslator } from '@jupyterlab/translation';

import { judge } from '../notebook/restore/judging';
import {
  downloadWords,
  onDiskWords,
  originWords,
  platformWords,
  questionWords
} from '../notebook/restore/words';
import { aCarried } from './samples';

const trans = nullTranslator.load('');
const strange = {
  name: 'lab',
  url: 'https://packages.example/lab',
  packages: 1,
  configured: false,
  allowable: true
};
const refusal = { severity: 'error', code: 'channel_not_allowed', message: 'No.' };

describe('What a notebook carries', () => {
  it('can be built as it is', () => {
    expect(judge(aCarried(), false)).toEqual({
      strange: [],
      obstacles: [],
      notes: [],
      isRelockable: false,
      isPossible: true
    });
  });

  it('waits for channels that can be allowed, and says what else is in the way', () => {
    const other = { severity: 'error', code: 'not_allowed', message: 'xgboost is not allowed here.' };
    const found = judge(aCarried({ channels: [strange], remarks: [refusal, other] as never }), false);
    expect(found.strange).toEqual([strange]);
    expect(found.obstacles).toEqual(['xgboost is not allowed here.']);
    expect(found.isPossible).toBe(false);
  });

  it('cannot be built where a channel must not be allowed', () => {
    const channels = [{ ...strange, allowable: false }];
    expect(judge(aCarried({ channels, remarks: [refusal] as never }), false).obstacles).toEqual(['No.']);
  });

  it('without a lock is refused for its channels with the general code', () => {
    const remarks = [{ severity: 'error', code: 'not_allowed', message: 'No.' }] as never;
    expect(judge(aCarried({ locked: false, channels: [strange], remarks }), false).isPossible).toBe(true);
  });

  it('for other platforms can be locked anew', () => {
    const remarks = [{ severity: 'error', code: 'invalid_lockfile', message: 'Elsewhere.' }] as never;
    const carried = aCarried({ platforms: ['osx-arm64'], packages: [], remarks });
    expect(judge(carried, false)).toMatchObject({ isRelockable: true, isPossible: false, obstacles: [] });
    expect(judge(carried, true).isPossible).toBe(true);
    expect(judge({ ...carried, specification: '' }, true).obstacles).toEqual(['Elsewhere.']);
    expect(platformWords(carried, trans)).toBe('not locked for linux-64, only for osx-arm64');
  });
});

describe('What it costs', () => {
  const packages = [{}, {}, {}] as never;
  const costs = (changes: Parameters<typeof aCarried>[0]): string =>
    downloadWords(aCarried({ packages, ...changes }), trans);

  it('is what is still to be fetched', () => {
    expect(costs({})).toBe('');
    expect(costs({ download: 376e6, here: 1 })).toBe('376\u00a0MB, 1 of 3 packages is already here');
    expect(costs({ download: 376e6, here: 0, unknown_sizes: 2 })).toBe(
      '376\u00a0MB, and 2 packages of unknown size'
    );
    expect(costs({ here: 3, download: 0 })).toBe('Nothing, all 3 packages are already here');
  });

  it('is room on the disk', () => {
    expect(onDiskWords(aCarried(), trans)).toBe('');
    expect(onDiskWords(aCarried({ size_on_disk: 1.2e9 }), trans)).toBe('1.2\u00a0GB');
    expect(onDiskWords(aCarried({ size_on_disk: 1.2e9, size_is_estimated: true }), trans)).toBe(
      'about 1.2\u00a0GB'
    );
  });
});

describe('The question', () => {
  const missing = { kind: 'missing', kernel: 'analysis (v7)' } as const;
  const file = { kind: 'create', file: 'churn.ipynb' } as const;
  const asked = (changes: Parameters<typeof aCarried>[0], relock = false): string =>
    questionWords(aCarried(changes), missing, { isOffered: true, relock }, trans);
  const created = (changes: Parameters<typeof aCarried>[0], isOffered = true, relock = false): string =>
    questionWords(aCarried(changes), file, { isOffered, relock }, trans);

  it('names the kernel that is missing', () => {
    expect(asked({})).toBe(
      'Its kernel, analysis (v7), is not on this server. Build the same packages from the lock in the file?'
    );
    const none = { isOffered: false, relock: false };
    expect(questionWords(null, { kind: 'missing', kernel: '' }, none, trans)).toBe('It names no kernel.');
  });

  it('speaks of creating where the button says Create', () => {
    const asks = 'Create an environment from churn.ipynb? It gets';
    expect(created({ existing: ['local/geo@3'] })).toBe(
      `${asks} the same packages, from the lock in the file.`
    );
    const chosen = `${asks} what the notebook asks for. Versions are chosen when it is created.`;
    expect([created({ locked: false }), created({}, true, true)]).toEqual([chosen, chosen]);
  });

  it('asks for nothing where there is no button', () => {
    expect(created({}, false)).toBe('No environment can be created from churn.ipynb.');
    expect(questionWords(aCarried(), missing, { isOffered: false, relock: false }, trans)).toBe(
      'Its kernel, analysis (v7), is not on this server.'
    );
  });

  it('says that versions are chosen when there is no lock, or another is made', () => {
    expect(asked({ locked: false })).toContain('Versions are chosen when it is built.');
    expect(asked({}, true)).toContain('with versions that are chosen now');
  });

  it('says that the same was built before', () => {
    expect(asked({ existing: ['local/geo@3'] })).toContain(
      'were built before as geo v3, whose files were freed'
    );
  });

  it('says where it is from', () => {
    expect(originWords(aCarried(), trans)).toMatch(/^analysis v7, recorded .*2026/);
    expect(originWords(aCarried({ recorded: 'never' }), trans)).toBe('analysis v7');
    expect(originWords(aCarried({ convention: 'juv', environment: '' }), trans)).toBe(
      'analysis, as juv asks for it'
    );
  });
});
