import { nullTranslator } from '@jupyterlab/translation';
import { StateDB } from '@jupyterlab/statedb';

import type { IBuildRequest, IPreview } from '../api/types';
import { RequestError } from '../api/request';
import { changesBetween, readChannels, readEntries } from '../environment/asked';
import { changeWords } from '../environment/change-words';
import { Draft, type IEntryEdit } from '../environment/draft';
import { Drafts } from '../environment/drafts';
import { editOf } from '../environment/edit-suggestions';
import { repeated } from '../environment/repeating';
import { PreviewRun } from '../environment/preview-run';
import { packageName } from '../new/requirement';

const trans = nullTranslator.load('jupyter_envstore');

const TEXT = `name: geo
channels:
  - conda-forge
dependencies:
  - python =3.12
  - numpy >=2.2  # needs two
  - seaborn
  - pip:
      - great-tables[all]>=0.19
`;

/** Edits lines as the server does, for texts as simple as the one above. */
function editLines(text: string, { add = [], remove = [] }: IEntryEdit): Promise<string> {
  let lines = text.split('\n');
  const at = (name: string): number =>
    lines.findIndex(line => line.startsWith('  - ') && packageName(line.slice(4).split('#')[0]!) === name);
  for (const name of remove) {
    if (at(name) < 0) {
      return Promise.reject(new Error(`${name} is not asked for`));
    }
    lines = lines.filter((_, index) => index !== at(name));
  }
  for (const spec of add) {
    const place = at(packageName(spec));
    if (place < 0) {
      lines.splice(lines.indexOf('  - pip:'), 0, `  - ${spec}`);
    } else {
      const comment = /\s+#.*$/.exec(lines[place]!)?.[0] ?? '';
      lines[place] = `  - ${spec}${comment}`;
    }
  }
  return Promise.resolve(lines.join('\n'));
}

function draftOf(text = TEXT): Draft {
  const draft = new Draft(editLines);
  draft.follow({ number: 7, specification: text });
  return draft;
}

describe('what a text asks for', () => {
  it('is read with its managers, names and constraints', () => {
    expect(readEntries(TEXT)).toEqual([
      { manager: 'conda', name: 'python', text: 'python =3.12', constraint: '=3.12' },
      { manager: 'conda', name: 'numpy', text: 'numpy >=2.2', constraint: '>=2.2' },
      { manager: 'conda', name: 'seaborn', text: 'seaborn', constraint: '' },
      { manager: 'pip', name: 'great-tables', text: 'great-tables[all]>=0.19', constraint: '>=0.19' }
    ]);
    expect(readChannels(TEXT)).toEqual(['conda-forge']);
  });

  it('differs package by package, not by how it is written', () => {
    const other = TEXT.replace('numpy >=2.2', 'numpy>=2.2').replace('  - seaborn\n', '  - polars\n');
    expect(changeWords(changesBetween(TEXT, other), trans)).toBe('polars added, seaborn removed');
  });

  it('differs in other parts too, and at the least in its comments', () => {
    const other = TEXT.replace('  - conda-forge', '  - bioconda\n  - conda-forge') + 'variables:\n  A: "1"\n';
    expect(changeWords(changesBetween(TEXT, other), trans)).toBe('channels changed, variables changed');
    expect(changesBetween(TEXT, TEXT.replace('# needs two', '# two'))).toMatchObject([{ what: 'text' }]);
    expect(changesBetween(TEXT, TEXT)).toEqual([]);
  });
});

describe('a draft', () => {
  it('is one for the table and the text, and keeps comments', async () => {
    const draft = draftOf();
    await draft.edit({ add: ['numpy >=2.3', 'polars'] });
    draft.setText(draft.text.replace('name: geo', 'name: geo # here'));
    await draft.edit({ remove: ['seaborn'] });

    expect(draft.text).toContain('  - numpy >=2.3  # needs two\n');
    expect(draft.text).toContain('name: geo # here');
    expect(changeWords(draft.changes, trans)).toBe('numpy changed, polars added, seaborn removed');
  });

  it('makes changes one after the other', async () => {
    const draft = draftOf();
    await Promise.all([
      draft.edit({ add: ['polars'] }),
      draft.edit({ add: ['dask'] }),
      draft.edit({ remove: ['seaborn'] })
    ]);
    expect(changeWords(draft.changes, trans)).toBe('polars added, dask added, seaborn removed');
  });

  it('stays as it is when a change is refused, and takes the next', async () => {
    const draft = draftOf();
    const refused = draft.edit({ remove: ['dask'] });
    const next = draft.edit({ add: ['polars'] });
    await expect(refused).rejects.toThrow('dask is not asked for');
    await next;
    expect(changeWords(draft.changes, trans)).toBe('polars added');
  });

  it('takes back what was done to one package, to the very line', async () => {
    const draft = draftOf();
    await draft.edit({ add: ['polars'] });
    await draft.edit({ remove: ['numpy'] });
    await draft.undo(draft.changes.find(change => change.name === 'numpy')!);
    expect(draft.text).toContain('  - numpy >=2.2  # needs two\n  - seaborn\n');
    await draft.undo(draft.changes[0]!);
    expect(draft.isDirty).toBe(false);
  });

  it('takes back one change of a typed text and leaves what was typed', async () => {
    const draft = draftOf();
    draft.setText(TEXT.replace('  - seaborn\n', '').replace('geo', 'geo # typed'));
    await draft.undo(draft.changes[0]!);
    expect(draft.text).toContain('geo # typed');
    expect(readEntries(draft.text).map(entry => entry.name)).toContain('seaborn');
  });

  it('is thrown away whole', async () => {
    const draft = draftOf();
    const told = jest.fn();
    await draft.edit({ add: ['polars'] });
    draft.changed.connect(told);
    draft.discard();
    expect(draft.text).toBe(TEXT);
    expect(draft.state).toBeNull();
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('says where the text cannot be read, and counts nothing then', () => {
    const draft = draftOf();
    draft.setText('name: geo\ndependencies: {\n');
    expect(draft.problem).not.toBeNull();
    expect(draft.changes).toEqual([]);
    expect(draft.isDirty).toBe(true);
  });

  it('follows the active version until something is changed', async () => {
    const draft = draftOf();
    draft.follow({ number: 8, specification: TEXT });
    expect(draft.base).toBe(8);
    await draft.edit({ add: ['polars'] });
    draft.follow({ number: 9, specification: 'dependencies: []\n' });
    expect(draft.base).toBe(8);
    expect(draft.text).toContain('polars');
  });

  it('is moved to another version, where packages are what it changes', async () => {
    const draft = draftOf();
    await draft.edit({ add: ['polars'], remove: ['seaborn'] });
    const newer = TEXT.replace('  - seaborn\n', '').replace('numpy >=2.2', 'numpy >=2.4');
    expect(draft.canMove).toBe(true);
    await draft.move({ number: 8, specification: newer });
    expect(draft.base).toBe(8);
    expect(draft.text).toContain('numpy >=2.4  # needs two');
    expect(changeWords(draft.changes, trans)).toBe('polars added');

    draft.setText(draft.text.replace('conda-forge', 'bioconda'));
    expect(draft.canMove).toBe(false);
  });
});

describe('drafts', () => {
  const client = {
    editText: async ({ specification, add, remove }: IEntryEdit & { specification: string }) => ({
      specification: await editLines(specification, { add, remove }),
      report: null as never
    })
  };
  const settled = (): Promise<void> => new Promise(done => setTimeout(done));

  it('are the same one for a name in any case', () => {
    const drafts = new Drafts(client, null);
    expect(drafts.of({ namespace: 'local', name: 'Geo' })).toBe(
      drafts.of({ namespace: 'local', name: 'geo' })
    );
  });

  it('are there again when the page is loaded anew, and gone once they are thrown away', async () => {
    const store = new StateDB();
    const name = { namespace: 'local', name: 'geo' };
    const draft = new Drafts(client, store).of(name);
    draft.follow({ number: 7, specification: TEXT });
    await settled();
    await draft.edit({ add: ['polars'] });

    const again = new Drafts(client, store).of(name);
    again.follow({ number: 8, specification: 'dependencies: []\n' });
    await settled();
    expect(again.text).toBe(draft.text);
    expect(again.base).toBe(7);

    again.discard();
    await settled();
    expect(await store.list('jupyter-envstore')).toMatchObject({ ids: [] });
  });

  it('move with an environment that gets another name, whether or not they were looked at', async () => {
    const store = new StateDB();
    const [before, after] = [
      { namespace: 'local', name: 'geo' },
      { namespace: 'team', name: 'maps' }
    ];
    const drafts = new Drafts(client, store);
    const draft = drafts.of(before);
    draft.follow({ number: 7, specification: TEXT });
    await settled();
    await draft.edit({ add: ['polars'] });
    await drafts.move(before, after);
    expect(drafts.of(after)).toBe(draft);
    expect(drafts.of(before).isDirty).toBe(false);
    await draft.edit({ add: ['dask'] });
    await settled();
    expect(await store.list('jupyter-envstore')).toMatchObject({ ids: ['jupyter-envstore:draft:team/maps'] });

    const later = new Drafts(client, store);
    await later.move(after, before);
    const moved = later.of(before);
    await settled();
    expect(changeWords(moved.changes, trans)).toBe('polars added, dask added');
    expect(await store.list('jupyter-envstore')).toMatchObject({ ids: ['jupyter-envstore:draft:local/geo'] });
  });

  it('stay where they are when only the case of a name changes', async () => {
    const drafts = new Drafts(client, new StateDB());
    const draft = drafts.of({ namespace: 'local', name: 'geo' });
    draft.follow({ number: 7, specification: TEXT });
    await settled();
    await draft.edit({ add: ['polars'] });
    await drafts.move({ namespace: 'local', name: 'geo' }, { namespace: 'local', name: 'Geo' });
    expect(drafts.of({ namespace: 'local', name: 'Geo' }).isDirty).toBe(true);
  });
});

describe('a preview', () => {
  const request = { environment: 'local/geo', parent: 7 };

  it('offers a message, which can be another one', async () => {
    const run = new PreviewRun(
      { preview: () => Promise.resolve({ message: 'Add polars' } as IPreview) },
      request
    );
    expect(run.isSolving).toBe(true);
    await run.done;
    expect(run.message).toBe('Add polars');
    run.setMessage('');
    expect(run.message).toBe('');
    run.dispose();
  });

  it('keeps why there is none', async () => {
    const details = { explanation: { summary: 'numpy collides' } };
    const refused = new RequestError(409, 'unsolvable', 'No versions fit.', details);
    const run = new PreviewRun({ preview: () => Promise.reject(refused) }, request);
    await run.done;
    expect(run.error).toMatchObject({ code: 'unsolvable', details });
    expect(run.isSolving).toBe(false);
    run.dispose();
  });

  it('is given up with the server when nobody wants it any more', async () => {
    let signal: AbortSignal | undefined;
    const run = new PreviewRun(
      {
        preview: (_, given) => {
          signal = given;
          return new Promise((_, reject) =>
            given!.addEventListener('abort', () => reject(new Error('aborted')))
          );
        }
      },
      request
    );
    const draft = draftOf();
    draft.show(run);
    draft.show(null);
    await run.done;
    expect(signal?.aborted).toBe(true);
    expect(run.error).toBeNull();
  });
});

describe('a relaxation', () => {
  it('takes the line of the entry that it stands for', () => {
    const text =
      'dependencies:\n  - numpy =2.3\n  - seaborn\n  - pip:\n      - Rich_Text ==1.0\n      - duckdb\n';
    expect(editOf({ remove: ['numpy =2.3', 'seaborn'], add: ['numpy >=2'] }, text)).toEqual({
      add: ['numpy >=2'],
      remove: ['seaborn']
    });
    expect(editOf({ remove: ['Rich_Text == 1.0', 'duckdb'], add: ['rich-text'] }, text)).toEqual({
      addPip: ['rich-text'],
      removePip: ['duckdb']
    });
  });
});

describe('A failed build that is asked for again', () => {
  const asked = {
    specification: 'dependencies: [python]',
    platforms: ['linux-64'],
    message: 'Update numpy',
    as_of: '2026-06-30',
    allow_source: ['a'],
    parent: 3,
    freed: ['numpy']
  } as unknown as IBuildRequest;

  it('stays an update of the same packages when code is allowed to run', () => {
    expect(repeated({ kind: 'update' }, asked, { allow_source: ['a', 'b'] })).toEqual({
      parent: 3,
      update: ['numpy'],
      as_of: '2026-06-30',
      message: 'Update numpy',
      platforms: ['linux-64'],
      allow_source: ['a', 'b']
    });
  });

  it('is an edit where the text is another', () => {
    expect(repeated({ kind: 'update' }, asked, { specification: 'dependencies: []' })).toEqual({
      parent: 3,
      specification: 'dependencies: []',
      message: 'Update numpy',
      platforms: ['linux-64'],
      allow_source: ['a']
    });
  });
});
