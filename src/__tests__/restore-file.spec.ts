import { nullTranslator } from '@jupyterlab/translation';

import type { IRestoreContext } from '../notebook/restore/context';
import { createFromNotebook } from '../notebook/restore/file';
import type { INotebookEnvironment } from '../tokens';
import { aCarried } from './samples';

const NOTEBOOK = JSON.stringify({
  cells: [],
  metadata: { envstore: { schema: 1, lockfile: {} } },
  nbformat: 4,
  nbformat_minor: 5
});
const STRANGE = {
  name: 'lab',
  url: 'https://packages.example/lab',
  packages: 1,
  configured: false,
  allowable: true
};

const ELSEWHERE = {
  severity: 'error',
  code: 'invalid_lockfile',
  message: 'It is locked for another machine.',
  line: null,
  wrong: null,
  correction: null
} as const;

const dialog = (): HTMLElement => document.querySelector('.envstore-restore-dialog')!;

/** Show what is in a notebook's file; the dialog is left at once. */
async function show(
  carried: Partial<INotebookEnvironment>,
  state: string,
  leaving = 'Cancel'
): Promise<string> {
  const context = {
    client: {
      status: async () => ({ default_namespace: 'local' }),
      environments: async () => ({ items: [], next: null, total: 0 }),
      version: async () => ({ namespace: 'local', name: 'geo', number: 3, prefix_state: state }),
      restore: async () => ({ carried: aCarried({ size_on_disk: 338e6, ...carried }) })
    },
    model: {},
    trans: nullTranslator.load('')
  } as unknown as IRestoreContext;
  const made = createFromNotebook(context, NOTEBOOK, 'churn.ipynb');
  for (let round = 0; round < 20; round++) {
    await new Promise(resolve => setTimeout(resolve));
  }
  const text = dialog().textContent!;
  const buttons = [...dialog().querySelectorAll('button')];
  buttons.find(button => button.textContent === leaving)!.click();
  expect(await made).toBeNull();
  return text;
}

beforeAll(() => import('../notebook/restore/dialog'), 120_000);

describe('An environment that is to be created from a file', () => {
  it('is not spoken of as built, where the button says Create', async () => {
    const text = await show({}, 'ready');
    expect(text).toContain('New environment from a notebookCreate an environment from churn.ipynb?');
    expect(text).toMatch(/CancelCreate$/);
    expect(text).not.toMatch(/\bbuil[dt]\b/i);
  });

  it('is asked for by what can be had, where the lock is for other platforms only', async () => {
    const text = await show({ platforms: ['osx-arm64'], remarks: [ELSEWHERE] }, 'ready');
    expect(text).toContain('It gets what the notebook asks for.');
    expect(text).not.toContain('checked against its hash');
  });

  it('is not asked for where something is in the way', async () => {
    const text = await show(
      { platforms: ['osx-arm64'], remarks: [ELSEWHERE], specification: '' },
      'ready',
      'Close'
    );
    expect(text).toContain('No environment can be created from churn.ipynb.');
    expect(text).toMatch(/Close$/);
  });

  it('costs nothing where the very same files are here', async () => {
    const text = await show({ existing: ['local/geo@3'] }, 'ready');
    expect(text).toContain('Nothing new, the very same files are here');
    expect(text).not.toContain('338\u00a0MB');
    expect(text).not.toContain('Packages run code');
  });

  it('is built where those were freed', async () => {
    const text = await show({ existing: ['local/geo@3'] }, 'freed');
    expect(text).toContain('338\u00a0MB');
    expect(text).toContain('Packages run code on this server. Create it only if you trust');
  });

  it('warns once of what packages do', async () => {
    const { channels } = aCarried();
    const text = await show({ channels: [...channels, STRANGE] }, 'ready');
    expect(text.split('Packages run code').length).toBe(2);
    expect(text).toContain('Create it only if you trust who gave you this notebook.');
  });
});
