/**
 * What stands between a notebook and the same results elsewhere: seen beside it, put right with one click each, run
 * from the beginning, and kept as a file. In an environment that is really built, with its own kernel.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import type { NotebookPanel } from '@jupyterlab/notebook';
import * as fs from 'fs';
import * as path from 'path';

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

/** Put a notebook that runs on the environment, or on another kernel, among the files. */
function writeNotebook(file: string, cells: ICell[], kernel = `envstore-local--${name}`): void {
  const content = {
    cells: cells.map(({ source, count }, number) => ({
      cell_type: 'code',
      id: `cell-${number}`,
      metadata: {},
      execution_count: count,
      outputs: [],
      source
    })),
    metadata: { kernelspec: { name: kernel, display_name: name, language: 'python' } },
    nbformat: 4,
    nbformat_minor: 5
  };
  fs.writeFileSync(inFiles(file), JSON.stringify(content));
}

/** Open a notebook and wait until its kernel is there. */
async function openNotebook(page: IJupyterLabPageFixture, file: string, cells?: ICell[]): Promise<Locator> {
  if (cells) {
    writeNotebook(file, cells);
  }
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

test.afterAll(async () => {
  // What a notebook was pinned to is kept: another run comes to the very same files, and is to see them freed.
  await envstore('remove', name);
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

/** What of the environment is active. */
async function active(): Promise<{ number: number; prefix: string }> {
  return JSON.parse(await envstore('show', name, '--json'));
}

/** Have every file read, too. */
async function checkFiles(view: Locator): Promise<void> {
  await view.getByRole('button', { name: /^Not checked, \d$/ }).click();
  await view.getByRole('button', { name: 'Check files too' }).click();
}

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

  await checkFiles(view);
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

test('a notebook of long ago is brought up to date, and a damaged environment repaired', async ({ page, tmpPath }) => {
  // An edit changes only what it must: what pip brings stays, and can be newer.
  await envstore('edit', name, '--add-pip', 'river-words <2');
  await envstore('edit', name, '--add-pip', 'river-words');
  const { number } = await active();
  const file = `${tmpPath}/long-ago.ipynb`;
  writeNotebook(file, [{ source: 'import river_words\nprint(river_words.__version__)', count: 1 }]);
  await envstore('notebook', 'embed', inFiles(file), '--environment', `${name}@${number}`);
  const written = JSON.parse(fs.readFileSync(inFiles(file), 'utf8'));
  written.metadata.envstore.recorded = '2020-05-01T00:00:00Z';
  fs.writeFileSync(inFiles(file), JSON.stringify(written));

  const notebook = await openNotebook(page, file);
  const view = await openReport(page);
  await check(view, 'To fix', 'years old').getByRole('button', { name: 'Update…' }).click();
  const tab = page.getByRole('region', { name: `Environment ${name}` });
  const preview = tab.getByRole('table', { name: `Preview of version ${number + 1}` });
  await expect(preview.getByRole('row', { name: /^upgraded ?river-words/ })).toContainText('2.0', { timeout: 60_000 });
  await tab.getByRole('button', { name: `Build version ${number + 1}` }).click();
  await expect(tab.getByText(`v${number + 1} active`)).toBeVisible({ timeout: 120_000 });
  await page.activity.activateTab('long-ago.ipynb');
  await expect(page.locator('.jp-StatusBar-TextItem', { hasText: `(v${number + 1}) | Idle` })).toBeVisible({
    timeout: 60_000
  });
  await runFresh(page, notebook, view.getByRole('button', { name: 'Run in a fresh kernel' }));
  await expect(notebook.locator('.jp-OutputArea-output')).toHaveText(/^2\.0/, { timeout: 60_000 });
  await check(view, 'To fix', "The lock is not the kernel's").getByRole('button', { name: 'Embed' }).click();
  await expect(check(view, 'Passed', 'Locked lately')).toBeVisible({ timeout: 30_000 });

  const { prefix } = await active();
  const site = path.join(prefix, 'lib', 'python3.12', 'site-packages');
  fs.chmodSync(site, 0o755);
  fs.writeFileSync(path.join(site, 'stray.py'), 'raise SystemExit');
  await checkFiles(view);
  const damaged = check(view, 'To fix', 'One file is not as built');
  await expect(damaged).toContainText('stray.py', { timeout: 60_000 });
  await damaged.getByRole('button', { name: 'Repair' }).click();
  await expect(check(view, 'Passed', 'Every file is as it was built')).toBeVisible({ timeout: 120_000 });
  expect(fs.existsSync(path.join(site, 'stray.py'))).toBe(false);
});

test('a notebook on another kernel gets what it carries built, and switches back to it', async ({ page, tmpPath }) => {
  const { number } = await active();
  const file = `${tmpPath}/elsewhere.ipynb`;
  writeNotebook(file, [{ source: 'import sys', count: 1 }], 'python3');
  await envstore('notebook', 'embed', inFiles(file), '--environment', `${name}@${number}`);
  // The files of a version are freed that is not active and that no kernel runs.
  await envstore('edit', name, '--add', 'wheel');
  await page.evaluate(() => window.jupyterapp.serviceManager.sessions.shutdownAll());
  await envstore('collect');

  await openNotebook(page, file);
  const view = await openReport(page);
  await check(view, 'To fix', 'Not built on this machine').getByRole('button', { name: 'Build…' }).click();
  const dialog = page.getByRole('dialog', { name: 'This notebook carries its environment' });
  await dialog.getByRole('button', { name: 'Build', exact: true }).click();
  await expect(told(page, `elsewhere.ipynb runs on ${name} v${number} and stays with it.`)).toBeVisible({
    timeout: 120_000
  });
  const matches = check(view, 'Passed', 'The lock matches the kernel');
  await expect(matches).toContainText(`local/${name}@${number}`, { timeout: 60_000 });
  await checkFiles(view);
  await expect(check(view, 'Passed', 'Every file is as it was built')).toBeVisible({ timeout: 60_000 });

  await page.evaluate(async () => {
    const panel = window.jupyterapp.shell.currentWidget as NotebookPanel;
    await panel.sessionContext.changeKernel({ name: 'python3' });
  });
  await expect(view.getByText('What the notebook runs on or carries may have changed since.')).toBeVisible();
  await view.getByRole('status').getByRole('button', { name: 'Check again' }).click();
  await check(view, 'To fix', 'The kernel is not of this store').getByRole('button', { name: 'Switch…' }).click();
  await expect(matches).toContainText(`local/${name}@${number}`, { timeout: 60_000 });
  await expect(view.getByText('What the notebook runs on or carries may have changed since.')).toBeHidden();
});
