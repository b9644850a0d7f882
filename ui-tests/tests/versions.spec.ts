/**
 * What people do with versions: see what changed, go back and forth, keep one, stay with one, take one away, and make
 * room.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';

import { rowOf } from './editing';
import { chooseItem, told } from './menus';
import { close } from './notebooks';
import { freshName, openEnvironment, openPanel } from './steps';
import { envstore, inKernels } from './terminal';

test.use({ actionTimeout: 20_000 });
test.setTimeout(300_000);

let runs = 0;

/** The row of a version. */
function row(tab: Locator, number: number): Locator {
  return tab.locator(`[data-version="${number}"]`);
}

async function openVersions(page: IJupyterLabPageFixture, name: string): Promise<Locator> {
  const tab = await openEnvironment(page, name);
  await tab.getByRole('tab', { name: /Versions/ }).click();
  await expect(row(tab, 1)).toBeVisible();
  return tab;
}

/** Choose from the menu of a version. */
async function choose(page: IJupyterLabPageFixture, tab: Locator, number: number, item: string): Promise<void> {
  await row(tab, number).hover();
  await row(tab, number).getByRole('button', { name: `More actions for version ${number}` }).click();
  await chooseItem(page, item);
}

async function versionOf(reference: string): Promise<{ pinned: boolean; message: string; prefix_state: string }> {
  return JSON.parse(await envstore('show', reference, '--json'));
}

/** What numpy calls itself in the notebook in front. Each run prints a number, so that no old output is read. */
async function runNumpy(page: IJupyterLabPageFixture): Promise<string> {
  const notebook = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  await expect(page.locator('.jp-StatusBar-TextItem', { hasText: /\| Idle$/ })).toBeVisible({ timeout: 90_000 });
  let text = '';
  // A kernel that has only just started loses what it is asked.
  await expect(async () => {
    const run = `run ${++runs}`;
    await page.notebook.enterCellEditingMode(0);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(`import numpy\nprint(numpy.__version__, '${run}')`);
    await page.keyboard.press('ControlOrMeta+Enter');
    const output = notebook.locator('.jp-OutputArea-output', { hasText: run });
    await expect(output).toBeVisible({ timeout: 20_000 });
    text = (await output.innerText()).replace(run, '').trim();
  }).toPass({ timeout: 120_000 });
  return text;
}

/** Open a file without the file browser, which another panel may hide. */
async function openFile(page: IJupyterLabPageFixture, path: string): Promise<void> {
  await page.evaluate(async file => {
    await window.jupyterapp.commands.execute('docmanager:open', { path: file });
  }, path);
}

/** Open a new notebook on an environment and return what its numpy calls itself. */
async function runNew(page: IJupyterLabPageFixture, tab: Locator): Promise<string> {
  const before = await page.locator('.jp-NotebookPanel').count();
  await tab.getByRole('button', { name: 'Open notebook' }).click();
  await expect(page.locator('.jp-NotebookPanel')).toHaveCount(before + 1);
  return runNumpy(page);
}

test('numpy 1, numpy 2, and back: running kernels keep what they have', async ({ page }) => {
  const name = freshName('numpy');
  await envstore('create', 'python=3.12', 'numpy=1', 'ipykernel', '-n', name);
  const tab = await openVersions(page, name);
  await expect(tab.getByText('This is the first version. Change a package to make the next.')).toBeVisible();
  expect(await runNew(page, tab)).toBe('1.26.4');

  await envstore('edit', name, '--add', 'numpy=2.1', '-m', 'Try numpy 2');
  await page.activity.activateTab(name);
  await expect(row(tab, 2)).toContainText('Try numpy 2');
  await expect(row(tab, 2).getByText('active', { exact: true })).toBeVisible();
  await expect(row(tab, 2).getByTitle('1 upgraded')).toHaveText('↑1');
  await page.activity.activateTab('Untitled.ipynb');
  expect(await runNumpy(page)).toBe('1.26.4');
  await page.activity.activateTab(name);
  expect(await runNew(page, tab)).toBe('2.1.3');

  await page.activity.activateTab(name);
  await row(tab, 1).hover();
  await row(tab, 1).getByRole('button', { name: 'Compare' }).click();
  const table = tab.getByRole('table', { name: 'Packages that differ' });
  await expect(table.getByRole('row', { name: /numpy/ })).toContainText('1.26.4');
  await expect(table.getByRole('row', { name: /numpy/ })).toContainText('2.1.3');
  const diff = tab.getByRole('figure', { name: 'Difference of environment.yml' });
  await expect(diff.locator('.jp-mod-remove', { hasText: 'numpy' })).toContainText('numpy=1');
  await expect(diff.locator('.jp-mod-add', { hasText: 'numpy' })).toContainText('numpy=2.1');

  await tab.getByRole('button', { name: 'Activate v1' }).click();
  const toast = told(page, `${name} v1 is active.`);
  await expect(toast).toBeVisible();
  await expect(tab.getByText('v1 active', { exact: true })).toBeVisible();
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(told(page, `${name} v2 is active.`)).toBeVisible();
  await expect(tab.getByText('v2 active', { exact: true })).toBeVisible();
  await tab.getByRole('button', { name: 'Activate v1' }).click();
  await expect(tab.getByText('v1 active', { exact: true })).toBeVisible();

  await page.activity.activateTab('Untitled1.ipynb');
  expect(await runNumpy(page)).toBe('2.1.3');
  await page.activity.activateTab(name);
  expect(await runNew(page, tab)).toBe('1.26.4');
});

test('versions are pinned and described, and deleted after asking', async ({ page }) => {
  const name = freshName('line');
  await envstore('create', 'python=3.12', 'colorama', '-n', name, '-m', 'First');
  await envstore('edit', name, '--add', 'idna', '-m', 'Second');
  const tab = await openVersions(page, name);

  await row(tab, 1).hover();
  const pin = row(tab, 1).getByRole('button', { name: 'Pin version 1' });
  await pin.click();
  await expect(pin).toHaveAttribute('aria-pressed', 'true');
  await expect(row(tab, 1).getByText('pinned', { exact: true })).toBeVisible();
  await expect.poll(async () => (await versionOf(`${name}@1`)).pinned, { timeout: 30_000 }).toBe(true);
  await pin.click();
  await expect(row(tab, 1).getByText('pinned', { exact: true })).toBeHidden();
  await expect.poll(async () => (await versionOf(`${name}@1`)).pinned, { timeout: 30_000 }).toBe(false);

  await row(tab, 1).getByRole('button', { name: /Change the message/ }).click();
  await expect(row(tab, 1).getByRole('textbox')).toBeFocused();
  await page.keyboard.insertText('Submitted with the paper');
  await page.keyboard.press('Enter');
  await expect(row(tab, 1)).toContainText('Submitted with the paper');
  await expect(row(tab, 1)).toBeFocused();
  await expect.poll(async () => (await versionOf(`${name}@1`)).message, { timeout: 30_000 }).toBe('Submitted with the paper');
  await page.keyboard.press('ArrowUp');
  await expect(row(tab, 2)).toBeFocused();

  // What another program does shows too.
  await envstore('pin', `${name}@2`);
  await expect(row(tab, 2).getByText('pinned', { exact: true })).toBeVisible();

  await choose(page, tab, 2, 'Verify');
  await expect(told(page, new RegExp(`files of ${name} v2 agree with its lock`))).toBeVisible({ timeout: 60_000 });

  await choose(page, tab, 2, 'Delete…');
  await expect(told(page, `${name} v2 is active, so it cannot be deleted.`)).toContainText('Activate another version');
  await choose(page, tab, 1, 'Delete…');
  const question = page.locator('.jp-Dialog');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(question).toContainText('The other versions and the kernel stay.');
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(row(tab, 1)).toContainText('Submitted with the paper');
  await choose(page, tab, 1, 'Delete…');
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(told(page, `${name} v1 was deleted.`)).toBeVisible();
  await expect(row(tab, 1).getByRole('button', { name: 'Activate' })).toHaveCount(0);
});

test('an environment is renamed, and a notebook that names the old one works', async ({ page, tmpPath }) => {
  const name = freshName('before');
  await envstore('create', 'python=3.12', 'numpy=1', 'ipykernel', '-n', name);
  let tab = await openVersions(page, name);
  expect(await runNew(page, tab)).toBe('1.26.4');
  await page.notebook.save();
  await page.menu.clickMenuItem('Kernel>Shut Down Kernel');
  await close(page);
  await tab.getByRole('tab', { name: /Packages/ }).click();
  await tab.getByRole('combobox', { name: 'Add a package' }).fill('idna');
  await page.keyboard.press('Enter');
  await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('idna added');

  const other = freshName('after');
  await tab.getByRole('button', { name: `More actions for ${name}` }).click();
  await chooseItem(page, 'Rename…');
  const dialog = page.locator('.jp-Dialog');
  await dialog.getByRole('textbox').fill('two words');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(dialog).toContainText('A name has no spaces.');
  await dialog.getByRole('textbox').fill(other);
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(told(page, `${name} is called ${other} now.`)).toBeVisible();
  tab = page.getByRole('region', { name: `Environment ${other}` });
  await expect(tab.getByText('v1 active', { exact: true })).toBeVisible();
  // The tab is the same one, with what was not built yet.
  await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty', { hasText: other })).toBeVisible();
  await expect(rowOf(tab, 'idna')).toContainText('will be tried');

  // In a terminal it is renamed too, and the tab follows.
  const last = freshName('last');
  await envstore('rename', other, last);
  tab = page.getByRole('region', { name: `Environment ${last}` });
  await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('idna added');
  await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty', { hasText: last })).toBeVisible();

  await openFile(page, `${tmpPath}/Untitled.ipynb`);
  expect(await runNumpy(page)).toBe('1.26.4');
});

test('a notebook stays with a version, and gets its kernel again when that is gone', async ({ page, tmpPath }) => {
  const name = freshName('stay');
  await envstore('create', 'python=3.12', 'numpy=1', 'ipykernel', '-n', name);
  await envstore('edit', name, '--add', 'numpy=2.1');
  const tab = await openVersions(page, name);
  expect(await runNew(page, tab)).toBe('2.1.3');
  await page.activity.activateTab(name);
  await choose(page, tab, 1, 'Pin this notebook to v1');
  await expect(told(page, `Untitled.ipynb runs on ${name} v1 and stays with it.`)).toBeVisible({ timeout: 60_000 });
  await page.activity.activateTab('Untitled.ipynb');
  expect(await runNumpy(page)).toBe('1.26.4');
  await page.notebook.save();
  await page.menu.clickMenuItem('Kernel>Shut Down Kernel');
  await close(page);

  const kernel = inKernels(`envstore-local--${name}--v1`);
  expect(fs.existsSync(kernel)).toBe(true);
  fs.rmSync(kernel, { recursive: true });
  await page.evaluate(() => window.jupyterapp.serviceManager.kernelspecs.refreshSpecs());
  await openFile(page, `${tmpPath}/Untitled.ipynb`);
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
  expect(await runNumpy(page)).toBe('1.26.4');
});

test('disk is freed after it was said what goes, and a freed version is built again when it is wanted', async ({
  page
}) => {
  const name = freshName('room');
  await envstore('create', 'python=3.12', 'wcwidth', '-n', name);
  await envstore('edit', name, '--add', 'idna');
  const tab = await openVersions(page, name);
  const panel = await openPanel(page);
  await expect(panel.getByText(/used, .* can be freed$/)).toBeVisible({ timeout: 30_000 });
  await panel.getByRole('button', { name: 'Free…' }).click();
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(dialog.getByRole('table', { name: 'Goes' })).toContainText(`local/${name} v1`);
  await expect(dialog.getByRole('table', { name: 'Stays' }).getByRole('row', { name: `${name} v2` })).toContainText('active');
  await dialog.getByRole('button', { name: /^Free/ }).click();
  await expect(told(page, /were freed/)).toBeVisible({ timeout: 60_000 });
  await expect(row(tab, 1)).toContainText('freed, builds again in');

  await row(tab, 1).hover();
  await row(tab, 1).getByRole('button', { name: 'Activate' }).click();
  await expect(told(page, `The files of ${name} v1 had been freed.`)).toBeVisible();
  await expect(tab.getByText('v1 active', { exact: true })).toBeVisible({ timeout: 120_000 });
  expect((await versionOf(`${name}@1`)).prefix_state).toBe('ready');
});

test('the filter finds who has a package in a range of versions', async ({ page }) => {
  const [old, young] = [freshName('range-old'), freshName('range-young')];
  await envstore('create', 'python=3.12', 'numpy=1', '-n', old);
  await envstore('create', 'python=3.12', 'numpy=2.1', '-n', young);
  const panel = await openPanel(page);
  await panel.getByRole('textbox').fill('numpy>=2');
  await expect(panel.locator('.envstore-tree-row', { hasText: young })).toBeVisible();
  await expect(panel.locator('.envstore-tree-row', { hasText: old })).toHaveCount(0);
  await panel.getByRole('textbox').fill('numpy <2');
  await expect(panel.locator('.envstore-tree-row', { hasText: old })).toBeVisible();
  await expect(panel.locator('.envstore-tree-row', { hasText: young })).toHaveCount(0);
  await panel.getByRole('textbox').fill('');
});
