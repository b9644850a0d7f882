/**
 * Pictures of the lines below cells in both themes, to be looked at.
 */
import { expect, test } from '@jupyterlab/galata';

import { openBuilt } from './editing';
import { hideNotifications } from './menus';
import { expectIdle, freshName } from './steps';
import { envstore } from './terminal';

test.use({ viewport: { width: 1120, height: 900 }, actionTimeout: 20_000 });
test.setTimeout(240_000);

test('Lines below cells look like a part of the notebook in both themes', async ({ page }) => {
  const name = freshName('looks');
  const tab = await openBuilt(page, name, ['python =3.12', 'pip', 'ipykernel']);
  await tab.getByRole('button', { name: 'Open notebook' }).click();
  await expectIdle(page);
  await page.sidebar.close('left');
  const sources = ['import idna', '%pip install -r list.txt "xxhash>=3" river-words wcwidth', 'import my_own_file'];
  await page.notebook.setCell(0, 'code', sources[0]!);
  for (const source of sources.slice(1)) {
    await page.notebook.addCell('code', source);
  }
  for (const index of sources.keys()) {
    await page.notebook.selectCells(index);
    await page.keyboard.press('Control+Enter');
  }
  const lines = page.locator('.envstore-offer');
  await expect(lines).toHaveCount(3, { timeout: 60_000 });
  await hideNotifications(page);
  for (const look of ['light', 'dark'] as const) {
    await (look === 'dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme());
    await page.screenshot({ path: `screenshots/notebook-offers-${look}.png` });
  }

  await page.evaluate(() => window.jupyterapp.commands.execute('notebook:toggle-render-side-by-side-current'));
  await page.screenshot({ path: 'screenshots/notebook-offers-beside-dark.png' });
  await page.evaluate(() => window.jupyterapp.commands.execute('notebook:toggle-render-side-by-side-current'));
  await envstore('edit', name, '--add', 'idna');
  await expect(lines.first()).toContainText(`idna is in ${name} v2.`, { timeout: 60_000 });
  await page.evaluate(() => window.jupyterapp.commands.execute('notebook:hide-cell-outputs'));
  await hideNotifications(page);
  await page.screenshot({ path: 'screenshots/notebook-offers-restart-dark.png' });
  await expect(lines.nth(2)).toBeHidden();
});
