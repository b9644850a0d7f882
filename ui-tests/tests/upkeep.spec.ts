/**
 * What people do to keep environments in order: clone one, bring it up to date, have updates prepared, mend what is
 * damaged, and set versions of two of them side by side. All in one environment, which is built once.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { chooseItem, told } from './menus';
import { expectReady, freshName, openEnvironment } from './steps';
import { rowOf } from './editing';
import { envstore } from './terminal';

test.use({ actionTimeout: 20_000 });
test.setTimeout(240_000);

const name = freshName('kept');

/** Open the menu of the environment in its tab and choose from it. */
async function choose(page: IJupyterLabPageFixture, tab: Locator, item: string): Promise<void> {
  await tab.getByRole('button', { name: /^More actions for/ }).first().click();
  await chooseItem(page, item);
}

/** How often an update of the environment is prepared. */
async function schedule(): Promise<string> {
  const { items } = JSON.parse(await envstore('list', '--search', name, '--json')) as {
    items: { name: string; schedule: string }[];
  };
  return items.find(item => item.name === name)!.schedule;
}

test.beforeAll(async () => {
  test.setTimeout(600_000);
  await envstore('create', 'python=3.12', 'numpy=2.1', '-n', name);
  // An edit changes only what it must: numpy stays, and can be newer.
  await envstore('edit', name, '--add', 'numpy >=2.1', '--add', 'colorama');
});

test('an environment is cloned, and the clone has the same packages at once', async ({ page }) => {
  const tab = await openEnvironment(page, name);
  await choose(page, tab, 'Clone…');
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog.getByRole('textbox')).toHaveValue(`${name}-2`);
  await dialog.getByRole('textbox').fill(name);
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText(`local/${name} exists. Choose another name.`);
  await dialog.getByRole('textbox').fill(`${name}-2`);
  await page.keyboard.press('Enter');

  const clone = page.getByRole('region', { name: `Environment ${name}-2` });
  await expectReady(clone);
  await expect(clone.getByText(`Clone of local/${name}@2`).first()).toBeVisible();
  await clone.getByRole('tab', { name: /Packages/ }).click();
  await expect(rowOf(clone, 'numpy')).toContainText('2.1.3');
  await expect(rowOf(clone, 'colorama')).toBeVisible();
});

test('updates are prepared every week, and no longer', async ({ page }) => {
  const tab = await openEnvironment(page, name);
  const open = async (): Promise<void> => {
    await tab.getByRole('button', { name: `More actions for ${name}` }).press('Enter');
    await page.getByRole('menuitem', { name: 'Scheduled updates' }).hover();
  };
  const choice = (item: string): Locator => page.locator('.lm-Menu-item', { hasText: item });
  const chosen = (item: string): Locator => page.getByRole('menuitemcheckbox', { name: item, checked: true });
  await open();
  await expect(chosen('Off')).toBeVisible();
  await choice('Every week').click();
  await expect(told(page, `An update of ${name} is prepared every week.`)).toContainText('activated by you');
  expect(await schedule()).toBe('weekly');
  await open();
  await expect(chosen('Every week')).toBeVisible();
  await expect(chosen('Off')).toHaveCount(0);
  await choice('Off').click();
  await expect(told(page, `${name} is not updated on its own any more.`)).toBeVisible();
  expect(await schedule()).toBe('off');
});

test('all packages are brought up to date after a look at what changes, with the keyboard alone', async ({ page }) => {
  const tab = await openEnvironment(page, name);
  await expect(rowOf(tab, 'numpy')).toContainText('2.1.3');
  await tab.getByRole('button', { name: 'Open notebook' }).focus();
  await page.keyboard.press('Tab');
  await expect(tab.getByRole('button', { name: 'Share' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(tab.getByRole('button', { name: `More actions for ${name}` })).toBeFocused();
  await page.keyboard.press('Enter');
  const item = page.locator('.lm-Menu-item.lm-mod-active');
  await expect(async () => {
    await page.keyboard.press('ArrowDown');
    await expect(item).toContainText('Update all…', { timeout: 100 });
  }).toPass({ intervals: [0] });
  await page.keyboard.press('Enter');

  const heading = tab.getByRole('heading', { name: 'Preview of version 3' });
  await expect(heading).toBeFocused();
  const preview = tab.getByRole('table', { name: 'Preview of version 3' });
  await expect(preview.getByRole('row', { name: /^upgraded ?numpy/ })).toContainText('2.3.5', { timeout: 60_000 });
  await expect(tab.getByText('Version 2 and running kernels stay as they are.')).toBeVisible();
  await expect(tab.getByRole('textbox', { name: 'Message' })).toHaveValue('Update all packages');
  await page.keyboard.press('Control+Enter');
  await expectReady(tab, 3);
  await expect(tab.getByText('v3 active', { exact: true })).toBeVisible();
  await tab.getByRole('tab', { name: /Packages/ }).click();
  await expect(rowOf(tab, 'numpy')).toContainText('2.3.5');
  await expect(tab.getByText('1 newer version')).toBeHidden();
});

test('versions of two environments are set side by side', async ({ page }) => {
  const other = freshName('other');
  await envstore('create', 'python=3.12', 'numpy=1', 'idna', '-n', other);
  const tab = await openEnvironment(page, name);
  await tab.getByRole('tab', { name: /Versions/ }).click();
  await tab.getByRole('button', { name: 'Compare two…' }).click();
  const dialog = page.locator('.jp-Dialog');
  const ask = async (what: string): Promise<void> => {
    await tab.getByRole('combobox', { name: 'Left side' }).selectOption('Another environment…');
    await dialog.getByRole('combobox').fill(what);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
  };
  await ask('nobody-has-this');
  await expect(told(page, 'nobody-has-this cannot be compared with.')).toBeVisible();
  await ask(other);

  const table = tab.getByRole('table', { name: 'Packages that differ' });
  await expect(table.getByRole('columnheader', { name: `local/${other} v1` })).toBeVisible();
  await expect(table.getByRole('row', { name: /^upgraded ?numpy/ })).toContainText('1.26.4');
  await expect(table.getByRole('row', { name: /^removed ?idna/ })).toBeVisible();
  await expect(tab.getByRole('figure', { name: 'Difference of environment.yml' })).toContainText('idna');
  await ask(`${name}@1`);
  await expect(table.getByRole('columnheader', { name: 'v1' })).toBeVisible();
});

test('a damaged version is found, and repaired where one is told of it', async ({ page }) => {
  const { prefix } = JSON.parse(await envstore('show', name, '--json')) as { prefix: string };
  const site = path.join(prefix, 'lib', 'python3.12', 'site-packages', 'colorama');
  fs.chmodSync(site, 0o755);
  const file = path.join(site, 'ansi.py');
  // A file of its own: what was there is shared with the package cache, and with others.
  fs.rmSync(file);
  fs.writeFileSync(file, 'raise SystemExit\n');

  const tab = await openEnvironment(page, name);
  await choose(page, tab, 'Verify');
  const toast = told(page, `1 file of ${name} v`);
  await expect(toast).toContainText('colorama/ansi.py');
  await toast.getByRole('button', { name: 'Repair' }).click();
  await told(page, `The files of ${name} v`).getByRole('button', { name: 'Show the build' }).click();
  await expect(tab.getByRole('option', { selected: true })).toContainText('Repair version');
  await expect(tab.getByRole('heading', { name: 'Done' })).toBeVisible({ timeout: 120_000 });
  await choose(page, tab, 'Verify');
  await expect(told(page, new RegExp(`files of ${name} v\\d agree with its lock`))).toBeVisible({ timeout: 60_000 });
  expect(fs.readFileSync(file, 'utf8')).not.toContain('SystemExit');
});
