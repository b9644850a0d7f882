import { StateDB } from '@jupyterlab/statedb';

import { RestoreAnswers } from '../notebook/restore/answers';

const NOT_NOW = { kind: 'not-now' } as const;

describe('What was answered about a notebook', () => {
  it('is known for that notebook and that lock, after a reload too', async () => {
    const database = new StateDB();
    await new RestoreAnswers(database).keep('a.ipynb', 'lock1', NOT_NOW);
    const answers = new RestoreAnswers(database);
    expect(await answers.find('a.ipynb', 'lock1')).toEqual(NOT_NOW);
    expect(await answers.find('a.ipynb', 'lock2')).toBeNull();
    expect(await answers.find('b.ipynb', 'lock1')).toBeNull();
  });

  it('is the build that was begun', async () => {
    const answers = new RestoreAnswers(null);
    await answers.keep('a.ipynb', 'lock1', NOT_NOW);
    await answers.keep('a.ipynb', 'lock1', { kind: 'build', build: 7 });
    expect(await answers.find('a.ipynb', 'lock1')).toEqual({ kind: 'build', build: 7 });
    await answers.forget('a.ipynb');
    expect(await answers.find('a.ipynb', 'lock1')).toBeNull();
  });

  it('goes with a notebook that is renamed, over what was there before', async () => {
    const answers = new RestoreAnswers(null);
    await answers.keep('b.ipynb', 'lock2', NOT_NOW);
    await answers.keep('a.ipynb', 'lock1', NOT_NOW);
    await answers.rename('a.ipynb', 'b.ipynb');
    await answers.rename('c.ipynb', 'b.ipynb');
    expect(await answers.find('a.ipynb', 'lock1')).toBeNull();
    expect(await answers.find('b.ipynb', 'lock1')).toEqual(NOT_NOW);
    expect(await answers.find('b.ipynb', 'lock2')).toBeNull();
  });

  it('is forgotten for the notebooks that were answered longest ago', async () => {
    const answers = new RestoreAnswers(null);
    for (let number = 0; number < 205; number++) {
      await answers.keep(`${number}.ipynb`, 'lock', NOT_NOW);
    }
    expect(await answers.find('4.ipynb', 'lock')).toBeNull();
    expect(await answers.find('5.ipynb', 'lock')).toEqual(NOT_NOW);
  });

  it.each([{ answers: 3 }, { answers: [null, { path: 1 }] }, 'x'])(
    'is nothing where what was kept is odd: %p',
    async kept => {
      const database = new StateDB();
      await database.save('jupyter-envstore:restore-answers', kept as never);
      expect(await new RestoreAnswers(database).find('a.ipynb', 'lock')).toBeNull();
    }
  );
});
