import { StateDB } from '@jupyterlab/statedb';
import { nullTranslator } from '@jupyterlab/translation';

import type { IEnvironment, IVersion } from '../api/types';
import { addToDraft, type IAdded, type IAddingContext } from '../environment/add-to-draft';
import { readEntries } from '../environment/asked';
import { Drafts } from '../environment/drafts';
import { adding } from '../environment/entry-edits';
import { readPipRequirement } from '../new/pip-requirement';
import { parseRequirement, type IRequirement } from '../new/requirement';

const trans = nullTranslator.load('jupyter_envstore');
const GEO = { namespace: 'local', name: 'geo' };

const TEXT = `name: geo
channels:
  - conda-forge
dependencies:
  - python =3.12
  - numpy >=2.2
  - pip:
      - great-tables>=0.19
`;

const conda = (...texts: string[]): IRequirement[] => texts.map(text => parseRequirement(text)!);
const pip = (...texts: string[]): IRequirement[] => texts.map(text => readPipRequirement(text)!);

describe('what is added', () => {
  const entries = readEntries(TEXT);

  it('goes into the list of its manager', () => {
    const { edit, repeated } = adding(entries, [...conda('polars >=1.35', 'dask'), ...pip('river-words<2')]);
    expect(edit).toEqual({ add: ['polars >=1.35', 'dask'], addPip: ['river-words <2'] });
    expect(repeated).toEqual([]);
  });

  it('is not asked for twice, by whichever manager and however it is written', () => {
    const { edit, repeated } = adding(entries, [...conda('NumPy'), ...pip('Great_Tables', 'numpy')]);
    expect(edit).toBeNull();
    expect(repeated).toEqual(['numpy', 'great-tables', 'numpy']);
  });

  it('says something new of what is asked for already', () => {
    const { edit, repeated } = adding(entries, [...conda('numpy >=2.3'), ...pip('great-tables[all]')]);
    expect(edit).toEqual({ add: ['numpy >=2.3'], addPip: ['great-tables[all]'] });
    expect(repeated).toEqual([]);
  });

  it('keeps extras and markers of what pip is asked for', () => {
    const { edit } = adding([], pip("requests[socks]>=2; python_version < '3.13'"));
    expect(edit?.addPip).toEqual(["requests[socks] >=2 ; python_version < '3.13'"]);
  });
});

describe('adding to a draft', () => {
  let store: StateDB;
  let drafts: Drafts;
  let active: number | null;
  let specification: string;
  const editor = {
    editText: async (body: {
      specification: string;
      add?: readonly string[];
      add_pip?: readonly string[];
    }) => {
      const lines = [
        ...(body.add ?? []).map(text => `  - ${text}`),
        ...(body.add_pip ?? []).map(text => `      - ${text}`)
      ];
      return { specification: `${body.specification}${lines.join('\n')}\n`, report: null as never };
    }
  };
  const add = (packages: string[], ofPip: string[] = []): Promise<IAdded> => {
    const context: IAddingContext = {
      drafts,
      client: { version: async () => ({ number: active, specification }) as IVersion },
      model: { read: async () => ({ ...GEO, active_version: active }) as IEnvironment }
    };
    return addToDraft(context, GEO, packages, ofPip, trans);
  };
  const names = (text: string): string[] => readEntries(text).map(entry => entry.name);

  beforeEach(() => {
    store = new StateDB();
    drafts = new Drafts(editor, store);
    active = 7;
    specification = TEXT;
  });

  it('starts from the active version', async () => {
    const { draft, repeated } = await add(['polars', 'numpy']);
    expect(draft.base).toBe(7);
    expect(names(draft.text)).toEqual(['python', 'numpy', 'great-tables', 'polars']);
    expect(repeated).toEqual(['numpy']);
  });

  it('leaves a draft without changes as it is when all is asked for', async () => {
    const { draft } = await add(['numpy']);
    expect(draft.isDirty).toBe(false);
  });

  it('keeps what was changed already, also on an earlier day', async () => {
    await add(['polars']);
    await new Promise(done => setTimeout(done));
    drafts = new Drafts(editor, store);
    active = 8;
    const { draft } = await add(['dask']);
    expect(names(draft.text)).toEqual(['python', 'numpy', 'great-tables', 'polars', 'dask']);
    expect(draft.base).toBe(7);
  });

  it.each([
    ['a text that is no package', () => add(['; rm -rf /']), /no package/],
    ['an option of pip', () => add([], ['--index-url=https://mirror.example/simple']), /no package/]
  ])('refuses %s', async (_, refused, why) => {
    await expect(refused()).rejects.toThrow(why);
    expect(drafts.of(GEO).isDirty).toBe(false);
  });

  it('refuses while the text that is edited cannot be read', async () => {
    const { draft } = await add(['polars']);
    draft.setText('dependencies: [');
    await expect(add(['dask'])).rejects.toThrow(/correct it first/);
    expect(draft.text).toBe('dependencies: [');
  });

  it('refuses where no version was built', async () => {
    active = null;
    await expect(add(['dask'])).rejects.toThrow(/no version yet/);
  });
});
