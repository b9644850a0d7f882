/**
 * Pictures of what is shared, of platforms and of pip packages in both themes, to be looked at beside the design.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';

import { openBuilt, rowOf } from './editing';
import { hideNotifications } from './menus';
import { freshName } from './steps';

test.use({ viewport: { width: 1120, height: 760 }, actionTimeout: 20_000 });
test.setTimeout(240_000);

for (const theme of ['Light', 'Dark'] as const) {
  const look = theme.toLowerCase();
  const picture = (page: IJupyterLabPageFixture, name: string): Promise<Buffer> =>
    page.screenshot({ path: `screenshots/${name}-${look}.png` });

  test(`Sharing looks as designed in the ${look} theme`, async ({ page }) => {
    await (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme());
    const asked = ['python =3.12', 'pip', 'xxhash', 'idna', 'pip: [river-words <2]'];
    const tab = await openBuilt(page, freshName(`share-${look}`), asked, ['linux-64', 'win-64']);
    await page.sidebar.close('left');
    await hideNotifications(page);
    await expect(rowOf(tab, 'river-words')).toContainText('held by <2');
    await picture(page, 'packages-pip');
    const pipRow = rowOf(tab, 'river-words');
    await pipRow.hover();
    await pipRow.getByRole('button', { name: 'Pin river-words' }).click();
    await expect(pipRow).toContainText('1.1 can stay');
    await picture(page, 'packages-pip-draft');
    await pipRow.getByRole('button', { name: 'Undo the change to river-words' }).click();
    const field = tab.getByRole('combobox', { name: 'Add a package' });
    await field.pressSequentially('river');
    await expect(tab.getByText('Enter asks PyPI.')).toBeVisible();
    await picture(page, 'packages-pypi');
    await field.fill('pyt');
    await expect(tab.getByRole('option', { name: /PyPI/ })).toBeVisible();
    await picture(page, 'packages-pypi-search');
    await field.fill('river-source');
    await field.press('Enter');
    await expect(tab.getByRole('option', { name: /^river-source/ })).toContainText('Only as source');
    await picture(page, 'packages-pypi-source');
    await field.fill('');

    await tab.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(tab.getByText('For people. What you asked for')).toBeVisible();
    await picture(page, 'share');
    await tab.getByRole('button', { name: 'Check other platforms' }).click();
    await picture(page, 'share-choose');
    await tab.getByRole('group').getByRole('button', { name: /^Check \d/ }).click();
    await expect(tab.getByRole('list', { name: 'Ways to osx-arm64' })).toBeVisible({ timeout: 90_000 });
    await picture(page, 'share-report');
    await page.setViewportSize({ width: 640, height: 760 });
    await picture(page, 'share-narrow');
    await page.setViewportSize({ width: 1120, height: 760 });

    await tab.getByRole('tab', { name: 'YAML' }).click();
    const editor = tab.getByRole('textbox', { name: 'environment.yml' });
    await editor.click();
    await expect(editor).toContainText('river-words <2');
    const text = await editor.innerText();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text.replace('river-words <2', 'river-words <2, river-source'));
    await tab.getByRole('button', { name: 'Preview', exact: true }).click();
    await expect(tab.getByRole('heading', { name: 'A pip package needs consent.' })).toBeVisible({ timeout: 60_000 });
    await picture(page, 'consent');
    await tab.getByRole('button', { name: 'Allow the code of river-source to run' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await picture(page, 'consent-question');
    await page.keyboard.press('Escape');
  });
}
