/**
 * Pictures of the versions, of a comparison and of the disk in both themes, to be looked at beside the design.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { freshName, openEnvironment, openPanel } from './steps';
import { envstore } from './terminal';

test.use({ viewport: { width: 1120, height: 760 }, actionTimeout: 15_000 });
test.setTimeout(240_000);

const name = freshName('analysis');

test.beforeAll(async () => {
  test.setTimeout(600_000);
  const first = ['create', 'python=3.12', 'pandas=2.1', 'numpy=1', 'colorama', '-n', name];
  await envstore(...first, '-m', 'Imported from environment.yml');
  await envstore('edit', name, '--add', 'numpy=2.1', '--add', 'pandas=2.3', '-m', 'Submitted with the paper');
  await envstore('edit', name, '--add', 'idna', '--add', 'pandas=2.2', '--remove', 'colorama', '-m', 'Add idna');
  await envstore('pin', `${name}@2`);
});

for (const theme of ['Light', 'Dark'] as const) {
  const look = theme.toLowerCase();
  const picture = (page: IJupyterLabPageFixture, title: string): Promise<Buffer> =>
    page.screenshot({ path: `screenshots/${title}-${look}.png` });

  test.describe(`In the ${look} theme`, () => {
    test.beforeEach(({ page }) => (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme()));

    test('versions and comparison look as designed', async ({ page }) => {
      const tab = await openEnvironment(page, name);
      await tab.getByRole('tab', { name: /Versions/ }).click();
      const row = (number: number) => tab.locator(`[data-version="${number}"]`);
      await expect(row(1)).toBeVisible();
      await expect(row(2).getByTitle(/upgraded/)).toBeVisible();
      await picture(page, 'panel-disk');
      await page.sidebar.close('left');
      await row(2).hover();
      await picture(page, 'versions');
      await row(2).getByRole('button', { name: 'More actions for version 2' }).click();
      await expect(page.getByRole('menu')).toBeVisible();
      await picture(page, 'versions-menu');
      await page.keyboard.press('Escape');

      await row(2).hover();
      await row(2).getByRole('button', { name: 'Compare' }).click();
      await expect(tab.getByRole('table', { name: 'Packages that differ' })).toBeVisible();
      await picture(page, 'compare');
      await page.setViewportSize({ width: 700, height: 760 });
      await picture(page, 'compare-narrow');
      await tab.getByRole('button', { name: 'Back to the versions' }).click();
      await picture(page, 'versions-narrow');
      await page.setViewportSize({ width: 1120, height: 760 });
      await tab.getByRole('button', { name: `More actions for ${name}` }).click();
      await expect(page.getByRole('menu')).toBeVisible();
      await picture(page, 'environment-menu');
      await page.keyboard.press('Escape');
    });

    test('a version that waits looks as designed', async ({ page }) => {
      await page.route(/\/envstore\/environments(\?|$)/, async route => {
        const answer = await (await route.fetch()).json();
        const items = answer.items.map((item: object) => ({ ...item, offered_version: 2 }));
        await route.fulfill({ json: { ...answer, items } });
      });
      const panel = await openPanel(page);
      await panel.getByRole('button', { name: 'Refresh' }).click();
      const tab = await openEnvironment(page, name);
      await expect(tab.getByText('Version 2 is ready to be activated. Version 3 is active until then.')).toBeVisible();
      await tab.getByRole('tab', { name: /Versions/ }).click();
      await page.sidebar.close('left');
      await picture(page, 'versions-offered');
    });

    test('freeing disk looks as designed', async ({ page }) => {
      const panel = await openPanel(page);
      await panel.getByRole('button', { name: 'Free…' }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByRole('table').first()).toBeVisible();
      await picture(page, 'disk');
      await dialog.getByRole('button', { name: /Cancel|Close/ }).click();
    });
  });
}

test('where the system chooses the colours, what is chosen is seen all the same', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const tab = await openEnvironment(page, name);
  const field = tab.getByRole('combobox', { name: 'Add a package' });
  await field.pressSequentially('py');
  const options = tab.getByRole('listbox', { name: 'Packages' }).getByRole('option');
  const look = (item: Locator): Promise<string> =>
    item.evaluate(node => [getComputedStyle(node).outlineStyle, getComputedStyle(node).borderBottomColor].join(' '));
  expect(await look(options.nth(0))).not.toBe(await look(options.nth(1)));
  const mark = options.first().locator('mark');
  expect(await mark.evaluate(node => getComputedStyle(node).color)).toBe(
    await tab.evaluate(node => getComputedStyle(node).color)
  );
  await page.screenshot({ path: 'screenshots/packages-search-forced.png' });
  await page.keyboard.press('Escape');

  await tab.getByRole('tab', { name: /Versions/ }).click();
  expect(await look(tab.getByRole('tab', { name: /Versions/ }))).not.toBe(
    await look(tab.getByRole('tab', { name: /Builds/ }))
  );
  await tab.getByRole('button', { name: 'Compare two…' }).click();
  const chip = tab.getByRole('group', { name: 'Show' }).getByRole('button');
  expect(await look(chip.nth(0))).not.toBe(await look(chip.nth(1)));
  await page.screenshot({ path: 'screenshots/compare-forced.png' });
});
