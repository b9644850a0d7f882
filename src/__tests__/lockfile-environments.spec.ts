import { nullTranslator } from '@jupyterlab/translation';

import { RequestError } from '../api/request';
import type { ILockfileReport, ILockfileRequest } from '../api/types';
import { NewEnvironmentDialog } from '../new/dialog';
import { NewDraft } from '../new/draft';
import type { INewContext } from '../new/view';
import { aBuild } from './samples';

const LOCK = 'version: 6\nenvironments:\n  default: {}\n  docs: {}\npackages: []\n';

type Answer = Partial<ILockfileReport> | RequestError;

let open: NewEnvironmentDialog | null = null;
let looked: jest.Mock<Promise<ILockfileReport>, [ILockfileRequest]>;
const importFile = jest.fn(async () => aBuild());

const find = <T extends Element>(selector: string): T | null =>
  document.querySelector<T>(`.envstore ${selector}`);
const select = (): HTMLSelectElement | null => find('select[aria-label="Environment in the file"]');
const create = (): HTMLButtonElement => find('.jp-mod-accept')!;
const settled = async (): Promise<void> => {
  for (let round = 0; round < 20; round++) {
    await new Promise(resolve => setTimeout(resolve));
  }
};
const choose = async (name: string): Promise<void> => {
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')!.set!.call(select(), name);
  select()!.dispatchEvent(new Event('change', { bubbles: true }));
  await settled();
};

/** Show a lockfile of which the server says that, by the environment that is asked for. */
async function show(answers: { [environment: string]: Answer }): Promise<void> {
  looked = jest.fn(async ({ environment }) => {
    const answer = answers[environment ?? ''];
    if (answer instanceof Error) {
      throw answer;
    }
    return {
      valid: true,
      name: 'rivers',
      platform: 'linux-64',
      platforms: ['linux-64'],
      channels: [],
      packages: [],
      size: null,
      specification: '',
      remarks: [],
      findings: [],
      environment: null,
      environments: [],
      ...answer
    };
  });
  const context = {
    client: { lookInto: looked, environments: async () => ({ items: [], next: null, total: 0 }) },
    model: { changed: { connect: () => true, disconnect: () => true }, namespaces: [], importFile },
    status: { default_namespace: 'local', problem: null },
    trans: nullTranslator.load('')
  } as unknown as INewContext;
  const draft = new NewDraft({ namespace: 'local', channels: [], specification: LOCK, path: 'pixi.lock' });

  open = new NewEnvironmentDialog(context, draft);
  open.open();
  await settled();
}

afterEach(() => {
  open?.dispose();
  importFile.mockClear();
});

describe('The environments of a lockfile', () => {
  const both = { environments: ['default', 'docs'] };

  it('are not offered where there is one', async () => {
    await show({ '': { environment: 'default', environments: ['default'] } });
    expect(select()).toBeNull();
    expect(create().disabled).toBe(false);
  });

  it('are offered where there are several, with the one that is taken', async () => {
    await show({ '': { ...both, environment: 'default', platforms: ['osx-64'] } });
    expect([...select()!.options].map(({ text }) => text)).toEqual(['default', 'docs']);
    expect(select()!.value).toBe('default');
  });

  it('can be chosen: what is shown and made is that one', async () => {
    await show({
      '': { ...both, environment: 'default', platforms: ['linux-64', 'osx-64'] },
      docs: { ...both, environment: 'docs', platforms: ['linux-64', 'win-64'] }
    });
    const before = select();
    await choose('docs');
    expect(select()).toBe(before);
    expect(select()!.value).toBe('docs');
    expect(find('.envstore-holds')!.textContent).toContain('linux-64, win-64');
    expect(looked.mock.lastCall![0]).toMatchObject({ lockfile: LOCK, environment: 'docs' });
    create().click();
    await settled();
    expect(importFile).toHaveBeenCalledWith(expect.objectContaining({ content: LOCK, environment: 'docs' }));
  });

  it('can be chosen where the one that would be taken is not there, or cannot be read', async () => {
    const refusal = new RequestError(400, 'invalid_lockfile', 'It has: docs, test.', {
      environments: ['docs', 'test']
    });
    await show({ '': refusal, docs: { environment: 'docs', environments: ['docs', 'test'] }, test: refusal });
    expect([...select()!.options].map(({ text }) => text)).toEqual(['Choose one', 'docs', 'test']);
    expect(find('[role=alert]')!.textContent).toContain('It has: docs, test.');
    expect(create().disabled).toBe(true);
    await choose('docs');
    expect(find('[role=alert]')).toBeNull();
    expect(create().disabled).toBe(false);
    await choose('test');
    expect(select()!.value).toBe('test');
    expect(create().disabled).toBe(true);
  });
});
