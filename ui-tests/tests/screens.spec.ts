/**
 * Pictures of the dialog and the tab in both themes, to be looked at beside the design.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';

import { addPackage, create, expectReady, freshName, openNew, writeYaml } from './steps';

const CONFLICT = ['python =3.11', 'numpy =2.3', 'pandas =2.1', 'ipykernel'];
const MISTAKE = `name: geo-rivers
channels:
  - conda-forge
dependencies:
  - python =3.12
  - pandas  # needs numpy
  - matplotlib >1.0<9
  - ipykernel
platforms:
  - linux-64
  - osx-arm64
`;

test.use({ viewport: { width: 1120, height: 760 }, actionTimeout: 15_000 });
test.setTimeout(120_000);

for (const theme of ['Light', 'Dark'] as const) {
  const look = theme.toLowerCase();
  const picture = (page: IJupyterLabPageFixture, name: string): Promise<Buffer> =>
    page.screenshot({ path: `screenshots/${name}-${look}.png` });

  test.describe(`In the ${look} theme`, () => {
    test.beforeEach(async ({ page }) => {
      await (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme());
    });

    test('the dialog looks as designed', async ({ page }) => {
      const dialog = await openNew(page);
      await dialog.getByRole('textbox', { name: 'Name' }).fill('geo-rivers');
      const field = dialog.getByRole('combobox', { name: 'Add a package' });
      await field.fill('python =3.12');
      await field.press('Enter');
      await addPackage(dialog, 'pandas');
      await field.fill('matplotlib >=3');
      await field.press('Enter');
      await dialog.getByRole('checkbox', { name: 'osx-arm64' }).check();
      await picture(page, 'new');

      await field.pressSequentially('py');
      await expect(dialog.getByRole('listbox', { name: 'Packages' })).toBeVisible();
      await picture(page, 'new-search');
      await field.fill('');
      await dialog.getByRole('button', { name: 'pandas', exact: true }).click();
      await expect(dialog.getByRole('menu')).toBeVisible();
      await picture(page, 'new-version');
      await page.keyboard.press('Escape');

      await writeYaml(page, dialog, MISTAKE);
      await expect(dialog.getByRole('alert')).toBeVisible();
      await picture(page, 'new-yaml');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await expect(page.getByText('Discard the new environment?')).toBeVisible();
      await picture(page, 'new-discard');
    });

    test('the tab looks as designed', async ({ page }) => {
      const name = freshName(`look-${look}`);
      let dialog = await openNew(page);
      const lines = CONFLICT.map(text => `  - ${text}\n`).join('');
      await writeYaml(page, dialog, `name: ${name}\nchannels:\n  - conda-forge\ndependencies:\n${lines}`);
      const tab = await create(page, dialog, name);
      await expect(tab.getByRole('heading', { name: 'No versions fit together' })).toBeVisible({
        timeout: 60_000
      });
      await page.sidebar.close('left');
      await picture(page, 'build-failed');

      await tab.getByRole('button', { name: /^Build with this/ })
        // Another one in each theme: the same packages would be there already.
        .nth(theme === 'Dark' ? 1 : 0)
        .click();
      // It may not last for long: looked for more often than usual.
      await expect
        .poll(() => tab.getByText(/^(Fetching|Installing)/).count(), { timeout: 60_000, intervals: [50] })
        .toBeGreaterThan(0);
      await picture(page, 'builds');
      await expectReady(tab);
      await picture(page, 'build-ready');
      await tab.getByRole('tab', { name: /Packages/ }).click();
      await expect(tab.getByRole('cell', { name: 'pandas', exact: true })).toBeVisible();
      await picture(page, 'packages');
      await page.setViewportSize({ width: 640, height: 760 });
      await tab.getByRole('tab', { name: /Builds/ }).click();
      await picture(page, 'builds-narrow');
      await page.setViewportSize({ width: 1120, height: 760 });

      dialog = await openNew(page);
      await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
      await expect(dialog.getByText('Choose another name.')).toBeVisible();
      await picture(page, 'new-taken');
    });
  });
}
