/**
 * What stands between a notebook and the same results elsewhere: seen beside it, put right with one click each, run
 * from the beginning, and kept as a file. In an environment that is really built, with its own kernel.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';

import { hideNotifications, told } from './menus';
import { freshName, openPanel } from './steps';
import { envstore, inFiles } from './terminal';

// Galata answers for the server when a kernel is started, and a restart is none to it.
test.use({ actionTimeout: 20_000, kernels: null, sessions: null });
test.setTimeout(300_000);

const name = freshName('checked');

interface ICell {
  source: string;
  count: number | null;
}

/** Put a notebook that runs on the environment among the files and open it. */
async function openNotebook(page: IJupyterLabPageFixture, file: string, cells: ICell[]): Promise<Locator> {
  const content = {
    cells: cells.map(({ source, count }, number) => ({
      cell_type: 'code',
      id: `cell-${number}`,
      metadata: {},
      execution_count: count,
      outputs: [],
      source
    })),
    metadata: { kernelspec: { name: `envstore-local--${name}`, display_name: name, language: 'python' } },
    nbformat: 4,
    nbformat_minor: 5
  };
  fs.writeFileSync(inFiles(file), JSON.stringify(content));
  await page.evaluate(async path => {
    await window.jupyterapp.serviceManager.kernelspecs.refreshSpecs();
    await window.jupyterapp.commands.execute('docmanager:open', { path });
  }, file);
  const notebook = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  await expect(page.locator('.jp-StatusBar-TextItem', { hasText: /\| Idle$/ })).toBeVisible({ timeout: 90_000 });
  return notebook;
}

/** Show the report with the command, and return the view. */
async function openReport(page: IJupyterLabPageFixture): Promise<Locator> {
  await page.evaluate(() => window.jupyterapp.commands.execute('envstore:report-notebook'));
  const view = page.getByRole('region', { name: 'Reproducibility' });
  await expect(view.getByText(/ checks pass$/)).toBeVisible({ timeout: 60_000 });
  return view;
}

/** A check, by a part of its title. */
function check(view: Locator, list: 'To fix' | 'Passed', title: string): Locator {
  return view.getByRole('region', { name: new RegExp(`^${list}, `) }).getByRole('listitem').filter({ hasText: title });
}

/** Press the button that runs the notebook from the beginning, and wait until it has run. */
async function runFresh(page: IJupyterLabPageFixture, notebook: Locator, button: Locator): Promise<void> {
  await button.click();
  await page.locator('.jp-Dialog').getByRole('button', { name: 'Confirm Kernel Restart' }).click();
  await expect(notebook.locator('.jp-InputPrompt', { hasText: '*' })).toHaveCount(0, { timeout: 90_000 });
}

test.beforeAll(async () => {
  test.setTimeout(600_000);
  await envstore('create', 'python=3.12', 'ipykernel', '-n', name);
});

test('what a report finds is put right from it', async ({ page, tmpPath }) => {
  const notebook = await openNotebook(page, `${tmpPath}/rivers.ipynb`, [
    { source: "where = 'data'\nplace = '/data/rivers.csv'", count: 3 },
    { source: 'print(where)', count: 1 }
  ]);
  const view = await openReport(page);
  await expect(check(view, 'To fix', 'Carries no lock')).toBeVisible();
  await expect(check(view, 'To fix', 'Cells ran out of order')).toContainText('Cell 1 after cell 2.');

  await check(view, 'To fix', 'A file lies outside the folder').getByRole('button', { name: 'Show' }).click();
  await expect(notebook.locator('.jp-Cell').first()).toHaveClass(/jp-mod-active/);
  await expect(page.locator('.jp-StatusBar-TextItem', { hasText: 'Ln 2, Col 1' })).toBeVisible();

  await check(view, 'To fix', 'Carries no lock').getByRole('button', { name: 'Embed' }).click();
  await expect(check(view, 'Passed', 'Carries a lock')).toBeVisible({ timeout: 30_000 });
  await expect(check(view, 'Passed', 'The lock matches the kernel')).toContainText(`local/${name}@1`);

  await runFresh(page, notebook, check(view, 'To fix', 'Cells ran out of order').getByRole('button', { name: 'Run all' }));
  await expect(check(view, 'Passed', 'All cells ran in order')).toBeVisible({ timeout: 60_000 });
  await expect(check(view, 'Passed', 'The outputs are of this lock')).toBeVisible({ timeout: 30_000 });

  const file = check(view, 'To fix', 'A file lies outside the folder');
  await expect(file).toBeVisible();
  await notebook.locator('.jp-Cell .cm-content').first().click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText("where = 'data'");
  await expect(view.getByText('The notebook has changed since.')).toBeVisible();
  await view.getByRole('status').getByRole('button', { name: 'Check again' }).click();
  await expect(check(view, 'Passed', 'No file of this machine is named')).toBeVisible({ timeout: 30_000 });
  await expect(view.getByText('The notebook has changed since.')).toBeHidden();

  await check(view, 'To fix', 'Not locked for').getByRole('button', { name: 'Lock…' }).click();
  const tab = page.getByRole('region', { name: `Environment ${name}` });
  await expect(tab.getByRole('heading', { name: 'Preview of version 2' })).toBeVisible({ timeout: 60_000 });
  await tab.getByRole('button', { name: 'Back to editing' }).first().click();
  await page.activity.activateTab('rivers.ipynb');

  // What was found out stands in the panel too.
  const panel = await openPanel(page);
  await view.getByRole('button', { name: 'Close' }).click();
  await expect(view).toBeHidden();
  await panel.getByRole('button', { name: /of \d+ checks to look at$/ }).click();
  await expect(view).toBeVisible();
});

test('a package that is missing is added, and a run on it is recorded and kept', async ({ page, tmpPath }) => {
  const path = `${tmpPath}/words.ipynb`;
  const notebook = await openNotebook(page, path, [{ source: 'import idna\nprint(idna.__name__)', count: null }]);
  const view = await openReport(page);
  const missing = check(view, 'To fix', 'One import is not in the environment');
  await expect(missing).toContainText('idna (cell 1)');
  await missing.getByRole('button', { name: 'Add…' }).click();
  const tab = page.getByRole('region', { name: `Environment ${name}` });
  await expect(tab.getByRole('heading', { name: 'Preview of version 2' })).toBeVisible({ timeout: 60_000 });
  await tab.getByRole('button', { name: 'Build version 2' }).click();
  await expect(tab.getByText('v2 active')).toBeVisible({ timeout: 120_000 });
  await page.activity.activateTab('words.ipynb');
  await expect(page.locator('.jp-StatusBar-TextItem', { hasText: '(v2) | Idle' })).toBeVisible({ timeout: 60_000 });

  await runFresh(page, notebook, view.getByRole('button', { name: 'Run in a fresh kernel' }));
  await expect(notebook.locator('.jp-OutputArea-output')).toHaveText(/^idna/, { timeout: 60_000 });
  await expect(check(view, 'Passed', 'Every import is in the environment')).toBeVisible({ timeout: 60_000 });
  await check(view, 'To fix', 'Carries no lock').getByRole('button', { name: 'Embed' }).click();
  await expect(check(view, 'Passed', 'The lock matches the kernel')).toContainText(`local/${name}@2`, { timeout: 30_000 });
  await expect(check(view, 'Passed', 'The outputs are of this lock')).toBeVisible({ timeout: 30_000 });

  await view.getByRole('button', { name: /^Not checked, \d$/ }).click();
  await view.getByRole('button', { name: 'Check files too' }).click();
  await expect(check(view, 'Passed', 'Every file is as it was built')).toBeVisible({ timeout: 60_000 });
  await view.getByRole('button', { name: 'Check addresses too' }).click();
  await expect(check(view, 'Passed', 'Every package can still be fetched')).toBeVisible({ timeout: 60_000 });

  await view.getByRole('button', { name: 'Save report' }).click();
  await expect(told(page, 'The report is in words.report.json, beside the notebook.')).toBeVisible();
  const kept = JSON.parse(fs.readFileSync(inFiles(`${tmpPath}/words.report.json`), 'utf8'));
  expect(kept.environment).toBe(`local/${name}@2`);
  await page.notebook.save();
  const { envstore: held } = JSON.parse(fs.readFileSync(inFiles(path), 'utf8')).metadata;
  const { lock } = JSON.parse(await envstore('show', `${name}@2`, '--json'));
  expect([held.run.lock, held.run.in_order]).toEqual([lock, true]);

  // No file of a person's own is replaced.
  fs.writeFileSync(inFiles(`${tmpPath}/words.report.json`), '"mine"');
  await hideNotifications(page);
  await view.getByRole('button', { name: 'Save report' }).click();
  await expect(told(page, 'words.report.json is another file.')).toBeVisible();
  expect(fs.readFileSync(inFiles(`${tmpPath}/words.report.json`), 'utf8')).toBe('"mine"');

  await page.reload({ waitForIsReady: false });
  await expect(view.getByText(/ checks pass$/)).toBeVisible({ timeout: 60_000 });
});
