import { StateDB } from '@jupyterlab/statedb';

import { BareNotebooks } from '../model/bare-notebooks';

describe('Notebooks that are to carry nothing', () => {
  it('are known after a reload', async () => {
    const database = new StateDB();
    const before = new BareNotebooks();
    await before.restore(database);
    before.add('a.ipynb');
    before.add('b.ipynb');
    before.delete('a.ipynb');
    before.rename('b.ipynb', 'c.ipynb');
    before.rename('other.ipynb', 'd.ipynb');

    const after = new BareNotebooks();
    await after.restore(database);
    expect(['a.ipynb', 'b.ipynb', 'c.ipynb', 'd.ipynb'].map(path => after.has(path))).toEqual([
      false,
      false,
      true,
      false
    ]);
  });

  it('are those of lately', () => {
    const notebooks = new BareNotebooks();
    for (let number = 0; number <= 500; number++) {
      notebooks.add(`${number}.ipynb`);
    }
    expect(notebooks.has('0.ipynb')).toBe(false);
    expect(notebooks.has('1.ipynb')).toBe(true);
    expect(notebooks.has('500.ipynb')).toBe(true);
  });
});
