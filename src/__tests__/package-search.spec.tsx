import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import React from 'react';

import type { ISearchResult } from '../api/types';
import type { IRequirement } from '../new/requirement';
import { usePackageSearch, type IPackageSearchField } from '../new/use-package-search';

/** Milliseconds in which a field asks and is answered, once nothing is typed any more. */
const SETTLED = 400;

const NAMES = ['numpy', 'pandas', 'pandas-stubs'];

function found(name: string): ISearchResult {
  return {
    name,
    channel: 'https://conda.anaconda.org/conda-forge',
    versions: ['1.0'],
    summary: '',
    subdirs: [],
    source_only: false
  };
}

describe('a field that searches packages', () => {
  let field: IPackageSearchField;
  let widget: Widget;
  let added: IRequirement[];
  let looked: string[];

  const search = async (part: string): Promise<ISearchResult[]> =>
    NAMES.filter(name => name.includes(part)).map(found);
  const lookUp = async (name: string): Promise<null> => {
    looked.push(name);
    return null;
  };

  function Field(): null {
    field = usePackageSearch({ search, lookUp }, requirements => added.push(...requirements));
    return null;
  }

  const pause = (milliseconds: number): Promise<void> => new Promise(done => setTimeout(done, milliseconds));
  /** Do something, and let it be drawn. */
  const act = async (deed: () => void): Promise<void> => {
    const before = field;
    deed();
    while (field === before) {
      await pause(1);
    }
  };
  const type = (text: string): Promise<void> => act(() => field.type(text));
  const press = (key: string): Promise<void> => {
    const event = { key, preventDefault: () => undefined, stopPropagation: () => undefined };
    return act(() => field.press(event as React.KeyboardEvent<HTMLInputElement>));
  };
  const settle = (): Promise<void> => pause(SETTLED);
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      await pause(5);
    }
  };

  beforeEach(async () => {
    added = [];
    looked = [];
    const drawn = field;
    widget = ReactWidget.create(<Field />);
    Widget.attach(widget, document.body);
    while (field === drawn) {
      await pause(1);
    }
  });

  afterEach(() => widget.dispose());

  it('takes what was entered before it was found, also where the person has left it meanwhile', async () => {
    await type('numpy >=2');
    await press('Enter');
    await act(() => field.close());
    expect(added).toEqual([]);
    await until(() => field.typed === '');
    expect(added).toEqual([{ name: 'numpy', constraint: '>=2' }]);
  });

  it('shows no list and no note to a person who has left it', async () => {
    await type('num');
    await until(() => field.isOpen);
    await act(() => field.close());
    await settle();
    expect([field.isOpen, field.isInVain, added]).toEqual([false, false, []]);
  });

  it('takes what the list shows as chosen, though it shows what was found before the last letter', async () => {
    await type('pand');
    await until(() => field.found[field.chosen]?.name === 'pandas');
    await type('panda');
    await press('Enter');
    await until(() => added.length + looked.length > 0);
    expect([added, looked]).toEqual([[{ name: 'pandas', constraint: '' }], []]);
  });

  it('takes at once what was chosen by an arrow', async () => {
    await type('pand');
    await until(() => field.isOpen);
    await type('pandas');
    await press('ArrowDown');
    await press('Enter');
    expect(added).toEqual([{ name: 'pandas-stubs', constraint: '' }]);
  });

  it('takes what is called exactly as was typed before what the list showed', async () => {
    await type('pandas');
    await until(() => field.isOpen);
    await type('pandas-stubs');
    await press('Enter');
    await until(() => added.length > 0);
    expect(added).toEqual([{ name: 'pandas-stubs', constraint: '' }]);
  });

  it('looks a name up that the channels do not have, whatever the list showed before', async () => {
    await type('pand');
    await until(() => field.isOpen);
    await type('pandora');
    await press('Enter');
    await until(() => looked.length > 0);
    expect([looked, added]).toEqual([['pandora'], []]);
  });

  it('takes nothing when it is left by Escape', async () => {
    await type('numpy');
    await press('Enter');
    await press('Escape');
    await settle();
    expect([added, looked]).toEqual([[], []]);
  });
});
