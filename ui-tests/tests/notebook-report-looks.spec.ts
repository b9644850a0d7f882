/**
 * Pictures of the report on a notebook in both themes, to be looked at beside the design. The server's answer is that of
 * the design.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import * as fs from 'fs';

import { openPanel } from './steps';
import { inFiles } from './terminal';

test.use({ viewport: { width: 1120, height: 760 }, actionTimeout: 20_000 });
test.setTimeout(120_000);

/** A check of the report. */
function aCheck(
  code: string,
  grade: string,
  title: string,
  detail: string,
  action?: string,
  args: object = {}
): object {
  return { code, grade, title, detail, places: [], repair: action ? { action, arguments: args } : null };
}

/** What the design shows. */
const REPORT = {
  grade: 'fail',
  passed: 6,
  look: 3,
  failed: 1,
  environment: 'local/analysis@7',
  checks: [
    aCheck(
      'imports',
      'fail',
      'Two imports are not in the environment',
      'shap (cell 7), xgboost (cell 9).',
      'add_packages'
    ),
    aCheck('order', 'look', 'Cells ran out of order', 'Cell 5 after cell 8. Results may not come again.', 'run_all'),
    aCheck(
      'paths',
      'look',
      'A file lies outside the folder',
      '/data/customers-2026q3.parquet (cell 2).',
      'show_cell',
      { cell: 2 }
    ),
    aCheck('platforms', 'look', 'Not locked for Windows', 'linux-64 and osx-arm64 are.', 'add_platforms'),
    aCheck('carried', 'pass', 'Carries a lock', '142 packages for linux-64, osx-arm64.'),
    aCheck('kernel', 'pass', 'The lock matches the kernel', 'local/analysis@7.'),
    aCheck('fetchable', 'pass', 'Every package can still be fetched', '284 files.'),
    aCheck('python', 'pass', 'Python agrees', '3.12.11 here and in the lock.'),
    aCheck('installs', 'pass', 'No package is installed by hand', 'No pip or conda command in a cell.'),
    aCheck('credentials', 'pass', 'No secrets found', '')
  ],
  undone: [
    { code: 'files', reason: 'Reading every file takes longer, and is done on request.', option: 'verify' },
    { code: 'outputs', reason: 'No run was recorded in the notebook.', option: null }
  ],
  checked: '2026-11-27T11:41:00Z'
};

async function openNotebook(page: IJupyterLabPageFixture, path: string): Promise<void> {
  const cells = [
    { cell_type: 'markdown', source: '# Churn model\nQuarterly rerun on the full customer table.' },
    { cell_type: 'code', source: 'import pandas as pd\nimport pyarrow.parquet as pq', execution_count: 1, outputs: [] },
    {
      cell_type: 'code',
      source: "df = pd.read_parquet('/data/customers-2026q3.parquet')",
      execution_count: 2,
      outputs: []
    }
  ].map((cell, number) => ({ ...cell, id: `cell-${number}`, metadata: {} }));
  const kernelspec = { name: 'python3', display_name: 'Python 3', language: 'python' };
  const content = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  fs.writeFileSync(inFiles(path), JSON.stringify(content));
  await page.evaluate(async file => {
    await window.jupyterapp.commands.execute('docmanager:open', { path: file });
  }, path);
  await expect(page.locator('.jp-StatusBar-TextItem', { hasText: /\| Idle$/ })).toBeVisible({ timeout: 60_000 });
}

for (const theme of ['Light', 'Dark'] as const) {
  const look = theme.toLowerCase();
  const picture = (page: IJupyterLabPageFixture, name: string): Promise<Buffer> =>
    page.screenshot({ path: `screenshots/${name}-${look}.png` });

  test(`The report looks as designed in the ${look} theme`, async ({ page, tmpPath }) => {
    await (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme());
    let isAway = false;
    await page.route(/\/envstore\/notebooks\/report/, route =>
      isAway ? route.abort() : route.fulfill({ json: REPORT })
    );
    await openNotebook(page, `${tmpPath}/churn-model.ipynb`);
    await page.evaluate(() => window.jupyterapp.commands.execute('envstore:report-notebook'));
    const view = page.getByRole('region', { name: 'Reproducibility' });
    await expect(view.getByText('6 of 10 checks pass')).toBeVisible();
    await expect(view.getByText('1 failed, 3 to look at. Checked just now.')).toBeVisible();
    await page.sidebar.close('left');
    await page.sidebar.setWidth(360, 'right');
    await picture(page, 'report');
    await view.getByRole('button', { name: 'Not checked, 2' }).click();
    await expect(view.getByRole('button', { name: 'Check files too' })).toBeVisible();
    await page.sidebar.setWidth(250, 'right');
    await view.getByRole('button', { name: 'Check files too' }).scrollIntoViewIfNeeded();
    await picture(page, 'report-narrow');

    const panel = await openPanel(page);
    await expect(panel.getByRole('button', { name: '4 of 10 checks to look at' })).toBeVisible();
    await picture(page, 'report-panel');

    isAway = true;
    await view.getByRole('button', { name: 'Check again' }).first().click();
    await expect(view.getByRole('alert')).toContainText('The server does not answer.');
    await picture(page, 'report-away');
  });
}

test('without a notebook the report says what it is for', async ({ page }) => {
  await page.evaluate(() => window.jupyterapp.commands.execute('envstore:report-notebook'));
  const view = page.getByRole('region', { name: 'Reproducibility' });
  await expect(view.getByRole('heading', { name: 'No notebook is open' })).toBeVisible();
  await page.screenshot({ path: 'screenshots/report-nothing.png' });
});
