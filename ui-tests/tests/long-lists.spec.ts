/**
 * A store with more environments, versions and builds than fit on a page.
 */
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { openPanel } from './steps';
import { OwnServer } from './terminal';

const PORT = Number(new URL(process.env.TARGET_URL!).port) + 4;
const server = new OwnServer(PORT);

test.use({ baseURL: `http://localhost:${PORT}`, actionTimeout: 20_000 });
test.setTimeout(120_000);

test.beforeAll(async () => {
  await server.fill('long_store.py');
  await server.start();
});
test.afterAll(() => server.kill());

/** The row of an environment in the panel. */
function row(panel: Locator, name: string): Locator {
  return panel.locator(`.envstore-tree-row[data-key="local/${name}"]`);
}

test('of many environments those changed last are listed, and the others found and used', async ({ page }) => {
  const panel = await openPanel(page);
  await expect(row(panel, 'env-1099')).toBeAttached();
  await expect(panel.getByText('These are the 1,000 changed last of 1,100.')).toBeAttached();
  await expect(row(panel, 'env-7')).toHaveCount(0);

  await panel.getByRole('textbox', { name: 'Filter environments' }).fill('env-7');
  await row(panel, 'env-7').click();
  const tab = page.getByRole('region', { name: 'Environment env-7' });
  await expect(tab.getByRole('tab', { name: /Versions 1/ })).toBeVisible();
  // What its menu does knows it too.
  await row(panel, 'env-7').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.locator('.jp-Dialog').getByRole('textbox').fill('env-seven');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Environment env-seven' })).toBeVisible();
  await panel.getByRole('textbox', { name: 'Filter environments' }).fill('seven');
  await expect(row(panel, 'env-seven')).toHaveAttribute('aria-selected', 'true');
});

test('old versions and builds are shown page by page', async ({ page }) => {
  const panel = await openPanel(page);
  await row(panel, 'env-1100').click();
  const tab = page.getByRole('region', { name: 'Environment env-1100' });
  await tab.getByRole('tab', { name: /Versions 120/ }).click();
  const versions = tab.getByRole('list', { name: 'Versions, newest first' }).locator('> li');
  await expect(versions).toHaveCount(50);
  await expect(tab.getByText('50 of 120 shown')).toBeVisible();
  await tab.getByRole('button', { name: 'Show older versions' }).click();
  await expect(versions).toHaveCount(100);
  await tab.getByRole('button', { name: 'Show older versions' }).click();
  await expect(versions).toHaveCount(120);
  await expect(tab.getByRole('button', { name: 'Show older versions' })).toHaveCount(0);

  await tab.getByRole('tab', { name: /Builds 120/ }).click();
  const builds = tab.getByRole('listbox', { name: 'Builds, newest first' }).getByRole('option');
  await expect(builds).toHaveCount(50);
  await tab.getByRole('button', { name: 'Show older builds' }).click();
  await expect(builds).toHaveCount(100);
  await tab.getByRole('button', { name: 'Show older builds' }).click();
  await expect(builds).toHaveCount(120);
  await expect(builds.last()).toContainText('Version 1');
  await builds.last().click();
  await expect(tab.getByRole('heading', { name: 'Version 1 is ready' })).toBeVisible();
  // What is there now is read again, and nothing is lost of what was read.
  await server.envstore('edit', 'env-1100', '--add', 'no-such-package').catch(() => undefined);
  await expect(builds).toHaveCount(121);
});
