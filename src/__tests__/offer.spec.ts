import { nullTranslator } from '@jupyterlab/translation';

import { RequestError } from '../api/request';
import type { IModuleSupplier } from '../api/types';
import { readInstallations } from '../notebook/offers/installations';
import { findOffer, type IAddOffer, type INeedyKernel, type Offer } from '../notebook/offers/offer';
import { Shelves, type IStanding, type ShelvesClient } from '../notebook/offers/shelves';
import { addTitle, leftOutText, offerText } from '../notebook/offers/texts';

const trans = nullTranslator.load('jupyter_envstore');

const SPECIFICATION = `channels:
  - conda-forge
dependencies:
  - python
  - numpy
  - pip:
      - river-words
`;

interface IWorld {
  /** The number of the active version. */
  active: number | null;
  specification: string;
  /** What that has. */
  has: ReadonlyArray<[manager: 'conda' | 'pip', name: string, version: string]>;
  /** What the channels have. */
  offered: ReadonlyArray<string>;
  /** What the build that goes on was asked for; null when none does. */
  building: string | null;
  suppliers: Record<string, Partial<IModuleSupplier>>;
}

let world: IWorld;
let asked: string[];

const client: ShelvesClient = {
  version: async (namespace, name, number) => {
    asked.push(`version ${namespace}/${name}@${number}`);
    return { specification: world.specification } as never;
  },
  packages: async () =>
    ({ items: world.has.map(([manager, name, version]) => ({ manager, name, version })) }) as never,
  supplier: async (module, environment) => {
    asked.push(`supplier ${module} ${environment}`);
    const [top] = module.split('.') as [string];
    const name = top.replace(/_/g, '-');
    return {
      ...{
        module: top,
        package: name,
        source: 'conda',
        installed: false,
        standard_library: false,
        environment: ''
      },
      ...world.suppliers[top]
    } as IModuleSupplier;
  },
  buildRequest: async id => {
    asked.push(`request ${id}`);
    return { specification: world.building } as never;
  },
  search: async ({ pattern, channel, limit }) => {
    asked.push(`search ${pattern} ${channel?.join(' ')}`);
    // As the server does: the exact name first, then those that have it in theirs.
    const names = world.offered.filter(name => name.includes(pattern));
    const items = names.sort((a, b) => a.length - b.length).map(name => ({ name }));
    return { items: items.slice(0, limit) } as never;
  }
};

let shelves: Shelves;
let now: number;

const kernel: INeedyKernel = { namespace: 'local', name: 'geo', running: 7, isPinned: false };

const standing = (): IStanding => ({
  namespace: 'local',
  name: 'geo',
  created: '2026-01-01T00:00:00Z',
  active_version: world.active,
  build: world.building === null ? null : ({ id: 5, state: 'locking' } as never)
});
const afterImport = (module: string): Promise<Offer | null> => afterCell('', module);
const afterCell = (source: string, module: string | null = null): Promise<Offer | null> =>
  findOffer(shelves, kernel, standing(), { module, installation: readInstallations(source) });
const says = (offer: Offer | null): string | null =>
  offer && offerText({ offer, environment: 'geo', running: 7, installation: readInstallations('') }, trans);

beforeEach(() => {
  asked = [];
  now = 0;
  shelves = new Shelves(client, () => now);
  world = {
    active: 7,
    specification: SPECIFICATION,
    building: null,
    has: [
      ['conda', 'numpy', '2.3.5'],
      ['conda', 'pytorch', '2.9.0'],
      ['pip', 'river_words', '1.1']
    ],
    offered: ['shap', 'opencv', 'idna', 'numpy', 'pytorch', 'python-xxhash', 'xxhash', 'ruamel.yaml'],
    suppliers: {
      cv2: { package: 'opencv' },
      xxhash: { package: 'python-xxhash' },
      torch: { package: 'pytorch', installed: true }
    }
  };
});

describe('For a module that is missing', () => {
  it('its package is offered, by the name that the channels give it', async () => {
    const offer = await afterImport('cv2');
    expect(offer).toMatchObject({ kind: 'add', names: ['opencv'], packages: ['opencv'], pip: [] });
    expect(says(offer)).toBe('`cv2` is not in geo v7.');
    expect(asked).toEqual(['version local/geo@7', 'supplier cv2 local/geo@7', 'search opencv conda-forge']);
  });

  it.each([
    ['xxhash', ['xxhash'], 'xxhash'],
    ['great_words', ['great-words'], 'great-words'],
    ['Great_Words', ['great_words'], 'great_words']
  ])(
    'its own name is tried where the channels have none of the usual name: %s',
    async (module, offered, name) => {
      world.offered = offered;
      world.suppliers[module] = { package: `python-${module}` };
      expect(await afterImport(`${module}.parts`)).toMatchObject({
        kind: 'add',
        lacks: [`${module}.parts`],
        packages: [name]
      });
    }
  );

  it('one that came from the package index before is asked for there', async () => {
    world.suppliers = { river_tools: { package: 'river-tools', source: 'pypi' } };
    expect(await afterImport('river_tools')).toMatchObject({
      kind: 'add',
      packages: [],
      pip: ['river-tools']
    });
  });

  it('a restart is offered where the active version has it', async () => {
    world.active = 8;
    world.suppliers = { shap: { installed: true } };
    const offer = await afterImport('shap');
    expect(offer).toEqual({ kind: 'restart', has: ['shap'], version: 8 });
    expect(says(offer)).toBe('`shap` is in geo v8. This kernel runs v7.');
  });

  it('a notebook that stays with its version can be let go on to the active one', async () => {
    world.active = 8;
    world.suppliers = { shap: { installed: true } };
    const needs = { module: 'shap', installation: readInstallations('') };
    const offer = await findOffer(shelves, { ...kernel, isPinned: true }, standing(), needs);
    expect(offer).toMatchObject({ kind: 'switch', version: 8 });
    expect(says(offer)).toBe('`shap` is in geo v8. This notebook stays with v7.');
  });

  it.each<[string, Partial<IModuleSupplier>]>([
    ['that its version has', { installed: true }],
    ['of the standard library', { standard_library: true, package: null }],
    ['of which nothing sensible can be said', { package: null }]
  ])('nothing is offered for one %s', async (_, supplier) => {
    world.suppliers = { shap: supplier };
    expect(await afterImport('shap')).toBeNull();
  });

  it('nothing is offered in an environment without a version', async () => {
    world.active = null;
    expect(await afterImport('shap')).toBeNull();
  });

  it('it is said where no channel has a package, and no name is sent to the package index', async () => {
    const offer = await afterImport('my_helpers');
    expect(offer).toMatchObject({ kind: 'unknown', name: 'my-helpers', index: 'not asked' });
    expect(says(offer)).toBe(
      '`my_helpers` is not in geo v7, and its channels have no package called `my-helpers`. Is it a file of yours?'
    );
    expect(asked).toEqual([
      'version local/geo@7',
      'supplier my_helpers local/geo@7',
      'search my-helpers conda-forge',
      'search my_helpers conda-forge'
    ]);
  });

  it('the package index is believed once a person has asked it', async () => {
    shelves.index.set('my-helpers', false);
    expect(await afterImport('my_helpers')).toMatchObject({ kind: 'unknown', index: 'has none' });
    shelves.index.set('my-helpers', true);
    expect(await afterImport('my_helpers')).toMatchObject({ kind: 'add', pip: ['my-helpers'] });
  });

  it('the package index is not to be asked where an environment has its own', async () => {
    world.specification = SPECIFICATION.replace(
      '- river-words',
      '- --index-url https://own.example/simple\n      - river-words'
    );
    expect(await afterImport('my_helpers')).toMatchObject({ kind: 'unknown', index: 'not to be asked' });
    shelves.index.set('my-helpers', true);
    expect(await afterImport('my_helpers')).toMatchObject({ kind: 'unknown', index: 'not to be asked' });
  });

  it('nothing is made of a channel that does not answer, which is asked again', async () => {
    const search = jest
      .spyOn(client, 'search')
      .mockRejectedValueOnce(new RequestError(502, 'x', 'Away.', {}));
    await expect(afterImport('shap')).rejects.toThrow('Away.');
    expect(await afterImport('shap')).toMatchObject({ kind: 'add' });
    search.mockRestore();
  });

  it('no question is asked twice, whichever cells have it', async () => {
    await Promise.all([afterImport('my_helpers'), afterImport('my_helpers'), afterCell('%pip install shap')]);
    const all = asked.length;
    await afterImport('my_helpers');
    await afterCell('%pip install shap');
    expect(asked).toHaveLength(all);
    expect(new Set(asked).size).toBe(all);
  });

  it('what channels have is asked again after a while, and what a version has only of another one', async () => {
    await afterImport('my_helpers');
    world.offered = ['my-helpers'];
    asked = [];
    now += 11 * 60_000;
    expect(await afterImport('my_helpers')).toMatchObject({ kind: 'add', packages: ['my-helpers'] });
    expect(asked).toEqual(['search my-helpers conda-forge']);
    [world.active, asked] = [8, []];
    await afterImport('my_helpers');
    expect(asked).toEqual(['version local/geo@8', 'supplier my_helpers local/geo@8']);
  });

  it('it is said that a version is being built, and whether with it', async () => {
    world.building = SPECIFICATION.replace('- numpy', '- numpy\n  - opencv >=4');
    const offer = await afterImport('cv2');
    expect(offer).toEqual({ kind: 'building', lacks: ['cv2'], build: 5, isWithIt: true });
    expect(says(offer)).toBe('`cv2` is not in geo v7. A version with it is being built.');
    const other = await afterCell('%pip install shap', 'cv2');
    expect(other).toMatchObject({ kind: 'building', isWithIt: false });
    expect(says(other)).toBe('`shap`, `cv2` are not in geo v7. geo is being built.');
    expect(asked.filter(one => one === 'request 5')).toHaveLength(1);
  });

  it('a build of what nobody can read is none with it', async () => {
    world.building = '[';
    expect(await afterImport('shap')).toMatchObject({ kind: 'building', isWithIt: false });
  });

  it('another package that has its name in its own is none', async () => {
    world.offered = ['shap-plots'];
    expect(await afterImport('shap')).toMatchObject({ kind: 'unknown' });
  });
});

describe('For what a cell was to install', () => {
  it.each([
    ['%pip install shap', ['shap'], []],
    ['%pip install "shap>=0.4,<1"', ['shap >=0.4,<1'], []],
    ['%pip install "shap==0.4.*"', ['shap =0.4'], []],
    // The channels call it otherwise, or have another one of that name.
    ['%pip install xxhash', ['python-xxhash'], []],
    ['%pip install ruamel.yaml', ['ruamel.yaml'], []],
    ['%pip install "great-words==1.0"', [], ['great-words ==1.0']],
    ['%pip install "idna[all]"', [], ['idna[all]']],
    ['%pip install "idna; python_version < \'3.13\'"', [], ["idna ; python_version < '3.13'"]],
    ['!conda install idna=3.10', ['idna =3.10'], []],
    ['!conda install nobody-has-this', ['nobody-has-this'], []],
    ['%pip install shap great-words\n!conda install idna', ['shap', 'idna'], ['great-words']]
  ])('%s', async (source, packages, pip) => {
    expect(await afterCell(source)).toMatchObject({ kind: 'add', packages, pip });
  });

  it('only what is not there is offered', async () => {
    const offer = await afterCell('%pip install numpy torch River_Words "numpy>=2" shap "idna>=3"');
    expect(offer).toMatchObject({ kind: 'add', names: ['shap', 'idna'] });
    expect(says(offer)).toBe('`shap`, `idna >=3` are not in geo v7.');
    expect(await afterCell('%pip install numpy torch')).toBeNull();
    expect(await afterCell('%pip install "torch>=2.8"')).toBeNull();
    expect(await afterCell('%pip install "torch>=2.10"')).toMatchObject({ packages: ['pytorch >=2.10'] });
    expect(await afterCell('%pip install "numpy<2"')).toMatchObject({ packages: ['numpy <2'] });
  });

  it('a restart is offered where all of it is there meanwhile', async () => {
    world.active = 8;
    expect(await afterCell('%pip install numpy river-words')).toMatchObject({ kind: 'restart', version: 8 });
  });

  it('the module that the cell could not import is one with its package', async () => {
    const offer = await afterCell('%pip install xxhash', 'xxhash');
    expect(offer).toMatchObject({ kind: 'add', lacks: ['xxhash'], packages: ['python-xxhash'] });
    expect(await afterCell('%pip install shap', 'cv2')).toMatchObject({ packages: ['shap', 'opencv'] });
  });

  it('the button says what comes with pip, where that is not all', async () => {
    const title = 'Show what that would change; nothing is built yet';
    const offer = async (source: string): Promise<IAddOffer> => (await afterCell(source)) as IAddOffer;
    expect(addTitle(await offer('%pip install shap great-words'), trans)).toBe(
      `${title}. To come with pip: great-words`
    );
    expect(addTitle(await offer('%pip install great-words'), trans)).toBe(title);
    expect(addTitle(await offer('%pip install shap'), trans)).toBe(title);
  });

  it.each(['%pip install -r list.txt', '!conda install --file list.txt', '%pip install -e .'])(
    'that names no package it is said why it does nothing: %s',
    async source => {
      const offer = await afterCell(source);
      expect(offer).toEqual({ kind: 'unnamed' });
      expect(says(offer)).toBe('Environments are changed as versions, not from a cell.');
    }
  );

  it('what is left out is said in words', () => {
    expect(leftOutText(['--index-url', 'address', 'file', 'other'], trans)).toBe(
      'Left out: --index-url, an address, a file, what names no package.'
    );
    expect(leftOutText(['-r', '--file'], trans)).toBe('Left out: the file of -r, the file of --file.');
  });
});
