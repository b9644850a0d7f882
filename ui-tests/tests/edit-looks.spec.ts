/**
 * Pictures of the draft, the preview and the YAML in both themes, to be looked at beside the design.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { freshName } from './steps';
import { openBuilt, rowOf } from './editing';
import { hideNotifications } from './menus';

test.use({ viewport: { width: 1120, height: 760 }, actionTimeout: 15_000 });
test.setTimeout(120_000);

for (const theme of ['Light', 'Dark'] as const) {
  const look = theme.toLowerCase();
  const picture = (page: IJupyterLabPageFixture, name: string): Promise<Buffer> =>
    page.screenshot({ path: `screenshots/${name}-${look}.png` });

  test(`Editing looks as designed in the ${look} theme`, async ({ page }) => {
    await (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme());
    const asked = ['python =3.11', 'numpy =2.1  # the models need it', 'pandas', 'matplotlib', 'idna', 'ipykernel'];
    const platforms = ['linux-64', 'osx-arm64', 'win-64'];
    const tab: Locator = await openBuilt(page, freshName(`edit-${look}`), asked, platforms);
    await page.sidebar.close('left');
    await hideNotifications(page);
    const field = tab.getByRole('combobox', { name: 'Add a package' });
    await field.pressSequentially('py');
    await expect(tab.getByRole('listbox', { name: 'Packages' })).toBeVisible();
    await picture(page, 'packages-search');
    await field.fill('xxhash >=3');
    await field.press('Enter');
    await rowOf(tab, 'numpy').hover();
    await rowOf(tab, 'numpy').getByRole('button', { name: 'Constraint of numpy' }).click();
    await expect(tab.getByRole('menu')).toBeVisible();
    await picture(page, 'packages-constraint');
    await tab.getByRole('menuitemradio', { name: /^The newest/ }).click();
    await expect(rowOf(tab, 'numpy')).toContainText('==2.3.5');
    await rowOf(tab, 'idna').hover();
    await rowOf(tab, 'idna').getByRole('button', { name: 'Remove idna' }).click();
    await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('3 changes');
    await tab.getByRole('heading', { level: 1 }).hover();
    await picture(page, 'packages-draft');
    await tab.getByRole('tab', { name: 'YAML' }).click();
    await expect(tab.getByRole('textbox', { name: 'environment.yml' })).toContainText('xxhash');
    await picture(page, 'yaml-draft');

    await tab.getByRole('button', { name: 'Preview', exact: true }).click();
    await expect(tab.getByRole('table', { name: 'Preview of version 2' })).toBeVisible({ timeout: 60_000 });
    await picture(page, 'preview');
    await tab.getByRole('button', { name: 'Back to editing' }).last().click();

    await tab.getByRole('tab', { name: /Packages/ }).click();
    await field.fill('pandas =2.1');
    await field.press('Enter');
    await expect(rowOf(tab, 'pandas')).toContainText('=2.1');
    await tab.getByRole('button', { name: 'Preview', exact: true }).click();
    await expect(tab.getByRole('heading', { name: 'No versions fit together.' })).toBeVisible({ timeout: 60_000 });
    await picture(page, 'preview-failed');
    await page.keyboard.press('Escape');
    await tab.getByRole('button', { name: 'Came with these' }).click();
    await page.setViewportSize({ width: 640, height: 760 });
    await picture(page, 'packages-narrow');
  });
}
