import { nullTranslator } from '@jupyterlab/translation';

import { formatMoment } from '../components/formatting';
import { carriedHere } from '../model/carried';
import { actionsOf, comparing, differing } from '../notebook/standing/actions';
import { carriedNames } from '../notebook/version-words';
import { panelWords, wordsOf, type IStands } from '../notebook/standing/words';
import { CommandIDs, type IKernelInUse, type INotebookState } from '../tokens';
import { aState } from './notebook-panel';

const trans = nullTranslator.load('jupyter_envstore');
const OURS: IKernelInUse = {
  title: 'analysis v7',
  environment: 'local/analysis',
  version: 'local/analysis@7',
  newer: null
};
const OTHER: IKernelInUse = { title: 'Python 3', environment: null, version: null, newer: null };

function stands(changes: Partial<INotebookState>, kernel: IKernelInUse | null = OURS): IStands {
  const environment = kernel?.version ?? '';
  return { kernel, state: aState({ environment, convention: 'envstore', ...changes }) };
}

const AGREES = stands({ carried: 'local/analysis@7', existing: ['local/analysis@7'] });
const OLDER = stands({
  state: 'differs',
  carried: 'local/analysis@5',
  existing: ['local/analysis@5'],
  direction: 'older'
});
const ANOTHER = stands({
  state: 'differs',
  carried: 'local/geo@3',
  existing: ['local/geo@3'],
  direction: 'other'
});
const AWAY = stands({ state: 'differs', carried: 'local/analysis@5', direction: 'other' });
const NONE = stands({ state: 'none', convention: null });
const MISSING = stands({ state: 'missing', carried: 'lab/rivers@2' }, OTHER);
const FOREIGN = stands({ state: 'differs', carried: 'local/geo@3', existing: ['local/geo@3'] }, OTHER);
const BROKEN = stands({ state: 'missing', convention: null, problem: 'The lock was changed.' });
const NAMELESS = stands({ state: 'missing', convention: 'juv' }, null);

describe('The toolbar item', () => {
  it('does not warn of what the next saving does', () => {
    expect(wordsOf({ ...OLDER, isFollowing: true }, trans)).toMatchObject({
      mark: 'none',
      label: 'Carries v5',
      title: 'Runs on analysis v7 and carries version 5 until it is saved',
      text: 'Saving the notebook embeds analysis v7.'
    });
    expect(wordsOf({ ...NONE, isFollowing: true }, trans)?.text).toContain('Saving the notebook embeds it');
    expect(panelWords({ ...OLDER, isFollowing: true }, trans)).toEqual({
      mark: 'none',
      text: 'Runs on analysis v7 and carries version 5 until it is saved'
    });
  });

  it.each([
    [AGREES, 'ok', 'Embedded', 'Runs on analysis v7 and carries it'],
    [OLDER, 'warn', 'Carries v5', 'Runs on analysis v7 but carries version 5'],
    [ANOTHER, 'warn', 'Carries geo v3', 'Runs on analysis v7 but carries geo v3'],
    [AWAY, 'warn', 'Carries another', 'Runs on analysis v7 but carries analysis v5, which is not here'],
    [NONE, 'none', 'Not embedded', 'Runs on analysis v7 and carries no environment'],
    [MISSING, 'warn', 'Environment missing', 'Carries rivers v2, which is not here'],
    [FOREIGN, 'warn', 'Carries geo v3', 'Runs on Python 3 but carries geo v3'],
    [
      BROKEN,
      'warn',
      'Environment unusable',
      'Runs on analysis v7 and carries an environment that cannot be used'
    ],
    [NAMELESS, 'warn', 'Environment missing', 'Carries another environment, which is not here']
  ] as const)('says how it stands, case %#', (standing, mark, label, title) => {
    expect(wordsOf(standing, trans)).toMatchObject({ mark, label, title });
  });

  it('is not there where there is nothing to say', () => {
    expect(wordsOf(stands({ state: 'none' }, OTHER), trans)).toBeNull();
    expect(wordsOf({ kernel: OURS, state: null }, trans)).toBeNull();
  });

  it('tells why what is carried cannot be used', () => {
    expect(wordsOf(BROKEN, trans)?.text).toBe('The lock was changed.');
  });
});

describe('The panel', () => {
  it.each([
    [AGREES, 'ok', 'Carries analysis v7, matches the kernel'],
    [NONE, 'none', 'Runs on analysis v7, carries no environment'],
    [OLDER, 'warn', 'Runs on analysis v7 but carries version 5'],
    [stands({ state: 'none' }, OTHER), 'none', 'Runs on Python 3'],
    [stands({ state: 'none' }, null), 'none', 'Has no kernel']
  ] as const)('says it too, case %#', (standing, mark, text) => {
    expect(panelWords(standing, trans)).toEqual({ mark, text });
  });
});

describe('What can be done', () => {
  const mend = (standing: IStands): string[] => actionsOf(standing, trans).mend.map(({ label }) => label);

  it.each([
    [AGREES, []],
    [OLDER, ['Embed v7', 'Switch to v5']],
    [ANOTHER, ['Switch to geo v3', 'Embed v7']],
    [AWAY, ['Build…', 'Embed v7']],
    [NONE, ['Embed environment']],
    [MISSING, ['Build…']],
    [FOREIGN, ['Switch to geo v3']],
    [BROKEN, ['Embed v7']]
  ] as const)('is offered, case %#', (standing, labels) => {
    expect(mend(standing)).toEqual(labels);
  });

  it('names the version to switch to', () => {
    expect(actionsOf(OLDER, trans).mend[1]).toMatchObject({
      command: CommandIDs.pinNotebook,
      args: { namespace: 'local', name: 'analysis', version: 5 }
    });
  });

  it.each([
    ['envstore-local--analysis--v7', CommandIDs.unpinNotebook],
    ['envstore-local--analysis--v7-0a1b2c3d--ir', CommandIDs.unpinNotebook],
    ['envstore-local--analysis', undefined],
    ['python3', undefined]
  ])('is to unpin what stays at a version: %s', (kernel, expected) => {
    expect(actionsOf(stands({ kernel }), trans).unpin?.command).toBe(expected);
    // Nobody knows which environment that was.
    expect(actionsOf(stands({ kernel }, null), trans).unpin).toBeNull();
  });

  it('is to change the kernel, and says that it is that', () => {
    expect(actionsOf(AGREES, trans).change).toEqual({
      label: 'Change kernel…',
      command: 'notebook:change-kernel'
    });
  });

  it('is to remove only what we have put in', () => {
    expect(actionsOf(AGREES, trans).remove?.command).toBe(CommandIDs.strip);
    expect(actionsOf(BROKEN, trans).remove).not.toBeNull();
    expect(actionsOf(NAMELESS, trans).remove).toBeNull();
    expect(actionsOf(NONE, trans).remove).toBeNull();
  });

  it.each([
    [ANOTHER, ['added', 'downgraded'], 'From what it runs on to what it carries'],
    [AWAY, ['added', 'downgraded'], 'From what it runs on to what it carries'],
    [OLDER, ['removed', 'upgraded'], 'From what it carries to what it runs on']
  ] as const)(
    'is told with what becomes of its packages by the main button, case %#',
    ({ kernel, state }, kinds, title) => {
      const change = { name: 'six', manager: 'conda', before: null, after: null, requested: false } as const;
      const changes = [
        { ...change, kind: 'removed' as const },
        { ...change, kind: 'upgraded' as const }
      ];
      const platform = { platform: 'linux-64', same: 0, changes } as never;
      const difference = differing({ kernel, state: { ...state!, changes: [platform] } }, trans);
      expect(difference?.changes.map(({ kind }) => kind)).toEqual(kinds);
      expect(difference?.title).toBe(title);
      expect(differing({ kernel, state }, trans)).toBeNull();
    }
  );

  it('is to compare what it runs on with what it carries, where both are here', () => {
    expect(comparing(OLDER, trans)?.args).toEqual({
      namespace: 'local',
      name: 'analysis',
      version: 7,
      against: 'local/analysis@5'
    });
    expect(comparing(AWAY, trans)).toBeNull();
    expect(comparing(FOREIGN, trans)).toBeNull();
  });
});

describe('The version here that has the same files', () => {
  it.each([
    [
      'one of the kernel’s environment',
      'local/geo@3',
      ['local/geo@3', 'local/analysis@5'],
      'local/analysis@5'
    ],
    [
      'among those the one that is named',
      'local/Analysis@6',
      ['local/analysis@5', 'local/analysis@6'],
      'local/analysis@6'
    ],
    ['else the best', '', ['local/geo@3', 'local/sea@1'], 'local/geo@3'],
    ['none', 'local/analysis@5', [], null]
  ])('is %s', (_, carried, existing, expected) => {
    const state = aState({ environment: 'local/analysis@7', carried, existing });
    expect(carriedHere(state)).toBe(expected);
  });
});

describe('What is carried', () => {
  it.each([
    ['local/analysis@2', ['local/analysis-2@1'], 'analysis-2 v1 (called analysis v2 where it was made)'],
    ['lab/analysis@2', ['local/analysis@2'], 'analysis v2'],
    ['', ['local/geo@3'], 'geo v3'],
    ['local/analysis@2', [], 'analysis v2'],
    ['', [], 'another environment']
  ])('goes by its name here, and is called otherwise once: %s, %j', (carried, existing, expected) => {
    const state = aState({ environment: 'local/sea@7', carried, existing });
    expect(carriedNames(state, trans)).toBe(expected);
  });
});

describe('A moment', () => {
  const now = new Date(2026, 10, 22, 12, 0);

  it.each([
    [new Date(2026, 10, 22, 11, 40), /^today 11:40/],
    [new Date(2026, 10, 21, 9, 5), /^yesterday 9:05|^yesterday 09:05/],
    [new Date(2026, 9, 1, 9, 5), /2026/]
  ])('is told as one speaks of it, case %#', (date, expected) => {
    expect(formatMoment(date, now, trans)).toMatch(expected);
  });
});
