/**
 * Pictures of how a notebook stands, in both themes, to be looked at beside the design. Only here the server's answers
 * about the notebook are made up, so that every state can be seen.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';

import { IN_USE, show } from './mock-store';
import { expectStanding, notebookIn, popupOf, standingOf } from './notebooks';
import { openPanel } from './steps';

test.use({ viewport: { width: 1108, height: 620 }, actionTimeout: 15_000 });

const CHANGES = [
  ...['added', 'upgraded'].flatMap(kind => Array.from({ length: 5 }, () => kind)),
  'downgraded',
  'removed'
].map((kind, index) => ({ kind, name: `package-${index}` }));

const NOTHING = {
  state: 'none',
  kernel: 'python3',
  environment: 'local/analysis@7',
  carried: '',
  convention: null,
  lock: '',
  platforms: [] as string[],
  recorded: '',
  packages: null as number | null,
  existing: [] as string[],
  direction: null as string | null,
  changes: [] as object[],
  problem: ''
};
const AGREES = {
  ...NOTHING,
  state: 'agrees',
  carried: 'local/analysis@7',
  convention: 'envstore',
  platforms: ['linux-64', 'osx-arm64'],
  recorded: new Date(new Date().setHours(0, 40)).toISOString(),
  packages: 142,
  existing: ['local/analysis@7']
};
const DIFFERS = {
  ...AGREES,
  state: 'differs',
  carried: 'local/analysis@5',
  existing: ['local/analysis@5'],
  direction: 'older',
  changes: [{ platform: 'linux-64', changes: CHANGES, reasons: {}, download: 0 }]
};
const PINNED = { ...AGREES, kernel: 'envstore-local--analysis--v7' };
const AWAY = { ...DIFFERS, carried: 'lab/rivers@12', existing: [], direction: 'other' };
const MISSING = { ...AGREES, state: 'missing', environment: '', carried: 'lab/rivers@12', existing: [] };
const UNUSABLE = {
  ...NOTHING,
  state: 'missing',
  problem:
    'The lock in this notebook was changed after it was recorded: its hash is another one. Nothing is built from it. ' +
    'Get the notebook again from where it came, or embed the environment anew.'
};

const STATES: Array<[string, string, typeof NOTHING]> = [
  ['agrees', 'Embedded', AGREES as typeof NOTHING],
  ['differs', 'Carries v5', DIFFERS as typeof NOTHING],
  ['none', 'Not embedded', NOTHING],
  ['pinned', 'Embedded', PINNED as typeof NOTHING],
  ['away', 'Carries another', AWAY as typeof NOTHING],
  ['missing', 'Environment missing', MISSING as typeof NOTHING],
  ['unusable', 'Environment unusable', UNUSABLE]
];

/** Open a notebook whose kernel passes for that of an environment. */
async function openNotebook(page: IJupyterLabPageFixture): Promise<(state: typeof NOTHING) => Promise<void>> {
  let current = NOTHING;
  await show(page, IN_USE);
  await page.route(/\/envstore\/notebooks\/state/, route => route.fulfill({ json: current }));
  await page.route(/\/envstore\/notebooks\/embed/, route =>
    route.fulfill({
      json: { changed: true, bytes: 60_000, environment: '', lock: '', platforms: [], metadata: null, content: null }
    })
  );
  await page.route(/\/api\/kernelspecs(\?|$)/, async route => {
    const response = await route.fetch();
    const specs = await response.json();
    const { spec } = specs.kernelspecs.python3;
    spec.display_name = 'analysis (v7)';
    spec.metadata = { ...spec.metadata, envstore: { environment: 'local/analysis', version: 7 } };
    await route.fulfill({ response, json: specs });
  });
  await page.evaluate(() => window.jupyterapp.serviceManager.kernelspecs.refreshSpecs());
  await page.notebook.createNew('churn-model.ipynb');
  await page.notebook.setCell(0, 'markdown', '# Churn model\nQuarterly rerun on the full customer table.');
  await page.notebook.runCell(0);
  await page.notebook.addCell('code', 'import pandas as pd\nimport pyarrow.parquet as pq');
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Refresh' }).click();
  await expect(panel.getByText('analysis', { exact: true })).toBeVisible();
  return async state => {
    current = state;
    await page.evaluate(() => window.jupyterapp.serviceManager.kernelspecs.refreshSpecs());
    await page.evaluate(async () => {
      const notebooks = (await window.galata.getPlugin('jupyter-envstore:notebooks' as never)) as unknown as {
        standing(panel: unknown): { refresh(): Promise<void> };
      };
      await notebooks.standing(window.jupyterapp.shell.currentWidget).refresh();
    });
  };
}

for (const theme of ['Light', 'Dark'] as const) {
  const look = theme.toLowerCase();

  test(`A notebook says how it stands, in the ${look} theme`, async ({ page }) => {
    test.setTimeout(180_000);
    await (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme());
    const give = await openNotebook(page);
    for (const [name, label, state] of STATES) {
      await give(state);
      await expectStanding(page, label);
      await standingOf(page).click();
      await expect(popupOf(page)).toBeFocused();
      if (state === NOTHING) {
        await expect(popupOf(page)).toContainText(/Adds about 60\skB\./);
      }
      await page.screenshot({ path: `screenshots/notebook-${name}-${look}.png` });
      await page.keyboard.press('Escape');
    }
  });
}

test('A notebook says how it stands at narrow widths, too', async ({ page }) => {
  test.setTimeout(180_000);
  const give = await openNotebook(page);
  await page.sidebar.setWidth(250, 'left');
  await give(NOTHING);
  await expectStanding(page, 'Not embedded');
  await page.screenshot({ path: 'screenshots/notebook-narrow-panel.png' });
  await give(DIFFERS as typeof NOTHING);
  await expectStanding(page, 'Carries v5');
  await page.sidebar.close('left');
  await page.setViewportSize({ width: 420, height: 620 });
  // A toolbar of that width puts away what stands at its end.
  await notebookIn(page).locator('.jp-Toolbar-responsive-opener').getByRole('button').click();
  await page.locator('.jp-Toolbar-responsive-popup .envstore-nbitem').click();
  await expect(popupOf(page)).toBeVisible();
  const box = (await popupOf(page).boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(420);
  await page.screenshot({ path: 'screenshots/notebook-narrow.png' });
});
