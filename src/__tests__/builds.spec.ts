import { nullTranslator } from '@jupyterlab/translation';

import type { IBuild } from '../api/types';
import { attemptNote, attemptTitle, numberOf } from '../environment/attempts';
import { LogReader } from '../environment/log-lines';
import { stageText } from '../components/stages';
import { textParts } from '../components/sentence';
import { reasonTree } from '../environment/reason-tree';
import { relaxed } from '../environment/relaxed';
import { remediesOf } from '../environment/remedies';
import { currentStage, stagesOf } from '../environment/stages';

const trans = nullTranslator.load('jupyter_envstore');

function build(change: Partial<IBuild> = {}, progress: Partial<IBuild['progress']> = {}): IBuild {
  return {
    id: 1,
    namespace: 'local',
    name: 'geo',
    kind: 'create',
    state: 'installing',
    progress: {
      step: 'link',
      fraction: 0.6,
      done: 88,
      total: 142,
      bytes_done: 0,
      bytes_total: 0,
      ...progress
    },
    message: '',
    author: 'ada',
    version: null,
    error: null,
    warnings: [],
    seconds: { locking: 1.8, fetching: 47 },
    attempt: 1,
    cancel_requested: false,
    retried_as: null,
    sequence: 1,
    created: '2026-11-22T14:00:00Z',
    started: '2026-11-22T14:00:00Z',
    finished: null,
    ...change
  };
}

describe('what a build does first', () => {
  const text = (change: Partial<IBuild>, step = ''): string =>
    stageText(build({ state: 'locking', ...change }, { step }), trans);

  it('is finding versions only where there is no lock yet', () => {
    expect(text({ kind: 'create' }, 'solve')).toBe('Finding versions');
    expect(text({ kind: 'edit' })).toBe('Finding versions');
    expect(text({ kind: 'repair' })).toBe('Reading the lock');
    expect(text({ kind: 'import' })).toBe('Reading the lock');
    expect(text({ kind: 'create' }, 'read-lock')).toBe('Reading the lock');
    const clone = build({ state: 'locking' }, { step: 'read-lock' });
    expect(attemptNote(clone, new Date(), trans)).toContain('Reading the lock, started');
    expect(currentStage(build({ state: 'failed', seconds: {} }, { step: 'read-lock' }))).toBe('lock');
  });
});

describe('the stages of a build', () => {
  it('are done, busy and to come', () => {
    expect(stagesOf(build())).toEqual([
      { name: 'lock', mark: 'done', seconds: 1.8 },
      { name: 'fetch', mark: 'done', seconds: 47 },
      { name: 'install', mark: 'busy', seconds: null },
      { name: 'kernel', mark: 'todo', seconds: null }
    ]);
  });

  it('are passed without work where there was none', () => {
    const stages = stagesOf(build({ seconds: { locking: 1 } }));
    expect(stages.map(stage => stage.mark)).toEqual(['done', 'none', 'busy', 'todo']);
  });

  it('show where a build failed or was cancelled', () => {
    const failed = build({ state: 'failed', seconds: { locking: 1, fetching: 2 } }, { step: 'download' });
    expect(stagesOf(failed).map(stage => stage.mark)).toEqual(['done', 'failed', 'todo', 'todo']);
    const cancelled = build({ state: 'cancelled' });
    expect(stagesOf(cancelled).map(stage => stage.mark)).toEqual(['done', 'done', 'stopped', 'todo']);
  });

  it('are all to come while the build waits, and when it was cancelled before', () => {
    const waiting = build({ state: 'queued', started: null, seconds: {} }, { step: '' });
    expect(currentStage(waiting)).toBeNull();
    expect(new Set(stagesOf(waiting).map(stage => stage.mark))).toEqual(new Set(['todo']));
    const cancelled = build({ state: 'cancelled', started: null, seconds: {} }, { step: '' });
    expect(new Set(stagesOf(cancelled).map(stage => stage.mark))).toEqual(new Set(['todo']));
  });
});

describe('the attempts', () => {
  const ready = build({ id: 1, state: 'ready', version: 4 });
  const failed = build({ id: 2, state: 'failed' });
  const running = build({ id: 3 });
  const all = [running, failed, ready];

  it('are named after the version they made or were for', () => {
    expect(all.map(item => attemptTitle(item, numberOf(item, all), trans))).toEqual([
      'For version 5',
      'Attempt after version 4',
      'Version 4'
    ]);
  });

  it('are named so where those before them are on a page that was not read', () => {
    const later = build({ id: 9, state: 'ready', version: 7 });
    expect(numberOf(failed, [later, failed])).toBe(7);
    expect(numberOf(failed, [failed])).toBe(1);
  });

  it('say what was made again where they make no version', () => {
    const repair = build({ id: 4, kind: 'repair', state: 'ready', message: 'Repair version 4' });
    expect(attemptTitle(repair, 5, trans)).toBe('Repair version 4');
    expect(numberOf(running, [repair, ...all])).toBe(5);
  });

  it('say that they are being cancelled at once', () => {
    expect(attemptNote(build({ cancel_requested: true }), new Date(), trans)).toBe('Cancelling');
  });
});

describe('a log', () => {
  it('is read in parts, with the time since its first line', () => {
    const reader = new LogReader();
    reader.add('14:00:00.500 Locking\n14:00:02.');
    reader.add('500 Locked\nno time\n');

    expect(reader.lines).toEqual([
      { seconds: 0, text: 'Locking' },
      { seconds: 2, text: 'Locked' },
      { seconds: null, text: 'no time' }
    ]);
  });

  it('goes on past midnight', () => {
    const reader = new LogReader();
    reader.add('23:59:59.000 a\n00:00:01.000 b\n');
    expect(reader.lines[1]?.seconds).toBe(2);
  });
});

describe('a relaxation', () => {
  const text = 'name: geo\ndependencies:\n  - numpy =2.3 # fast\n  - pandas =2.1\n  - ipykernel\n';

  it('replaces its entry and leaves the rest', () => {
    expect(relaxed(text, { remove: ['numpy =2.3'], add: ['numpy >=1.26'] })).toBe(
      text.replace('numpy =2.3', 'numpy >=1.26')
    );
  });

  it('takes an entry out, or puts further ones in', () => {
    expect(relaxed(text, { remove: ['pandas =2.1'], add: [] })).toBe(text.replace('  - pandas =2.1\n', ''));
    expect(relaxed(text, { remove: [], add: ['blas'] })).toBe(`${text}  - blas\n`);
  });

  it('finds an entry by its package where only that is named', () => {
    expect(relaxed(text, { remove: ['pandas'], add: ['polars'] })).toContain('- polars\n');
  });

  it('is refused when its entry is not there', () => {
    expect(relaxed(text, { remove: ['scipy'], add: [] })).toBeNull();
  });
});

describe('what can be done', () => {
  const relaxation = (title: string, remove: string[], add: string[]): Record<string, string | string[]> => ({
    title,
    remove,
    add
  });

  it('is what the explanation offers, its entries apart from the words', () => {
    const change = relaxation('Allow a newer pandas: `pandas >=2.2`', ['pandas =2.1'], ['pandas >=2.2']);
    const error = { code: 'unsolvable', message: '', details: { explanation: { relaxations: [change] } } };

    const remedy = remediesOf(build({ state: 'failed', error }))[0]!;
    expect(remedy.title).toBe('Allow a newer pandas');
    expect(remedy.entries).toEqual(['pandas >=2.2']);
    expect(remedy.change).toBe(change);
  });

  it('is a near name where a package was not found', () => {
    const error = { code: 'package_not_found', message: '', details: { packages: { numpyy: ['numpy'] } } };

    const remedy = remediesOf(build({ state: 'failed', error }))[0]!;
    expect(remedy.entries).toEqual(['numpy']);
    expect(remedy.change).toEqual({ remove: ['numpyy'], add: ['numpy'] });
  });
});

describe('the tree of reasons', () => {
  it('puts the reasons below the entry that they are about', () => {
    const reason = {
      text: 'pandas 2.1.* cannot be installed because there are no viable options',
      because: [
        {
          text: 'pandas 2.1.4 would require',
          because: [{ text: 'numpy >=1.26.0,<2, for which …', because: [] }]
        },
        {
          text: 'pandas 2.1.4 would require',
          because: [{ text: 'numpy >=1.23.2,<2, for which …', because: [] }]
        }
      ]
    };

    const tree = reasonTree({ conflict: ['numpy =2.3', 'pandas =2.1'], reasons: [reason] });

    expect(tree.map(node => [node.text, node.kind, node.children.length])).toEqual([
      ['numpy =2.3', 'asked', 0],
      ['pandas =2.1', 'asked', 1]
    ]);
    expect(tree[1]!.children[0]!.children.map(node => node.kind)).toEqual(['dead-end', 'dead-end']);
  });

  it('sets package requirements apart from words', () => {
    expect(textParts('“numpy =2.3” and `pandas =2.1` cannot be; numpy >=1.26.0,<2, for which none.')).toEqual(
      [
        { text: 'numpy =2.3', isCode: true },
        { text: ' and ', isCode: false },
        { text: 'pandas =2.1', isCode: true },
        { text: ' cannot be; ', isCode: false },
        { text: 'numpy >=1.26.0,<2', isCode: true },
        { text: ', for which none.', isCode: false }
      ]
    );
  });
});
