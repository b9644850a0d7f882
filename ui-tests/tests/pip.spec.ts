import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { openBuilt, rowOf } from './editing';
import { create, expectReady, freshName, openNew, runCell } from './steps';
import { envstore } from './terminal';

test.use({ actionTimeout: 20_000 });
test.setTimeout(300_000);

test.describe('A pip package', () => {
  test('is looked up by its name, built, and imported in a notebook', async ({ page }) => {
    const name = freshName('pip');
    const tab = await openBuilt(page, name, ['python =3.12', 'pip', 'ipykernel']);
    const field = tab.getByRole('combobox', { name: 'Add a package' });
    await field.pressSequentially('river-wordz', { delay: 10 });
    await expect(tab.getByText('No package is called “river-wordz” in conda-forge. Enter asks PyPI.')).toBeVisible();
    await field.press('Enter');
    await expect(tab.getByText('No package is called “river-wordz” in conda-forge or PyPI.')).toBeVisible();
    await field.fill('River_Words <2');
    await field.press('Enter');
    const row = rowOf(tab, 'river-words');
    await expect(row).toContainText('1.1 will be tried');
    await expect(row).toContainText('PyPI');
    const bar = tab.getByRole('region', { name: 'Changes' });
    await expect(bar).toContainText('river-words added');

    await bar.getByRole('button', { name: 'Preview' }).click();
    const preview = tab.getByRole('table', { name: 'Preview of version 2' });
    await expect(preview.getByRole('row', { name: /^added ?river-words/ })).toContainText('1.1', { timeout: 60_000 });
    await expect(preview.getByRole('row', { name: /^added ?river-tools/ })).toContainText('needed by river-words');
    await tab.getByRole('button', { name: 'Build version 2' }).click();
    await expectReady(tab, 2);

    await tab.getByRole('tab', { name: /Packages/ }).click();
    await expect(tab.getByText('Pip packages you asked for')).toBeVisible();
    await expect(row).toContainText('1.1');
    await expect(row).toContainText('2.0 held by <2');
    await row.hover();
    await row.getByRole('button', { name: 'Constraint of river-words' }).click();
    await tab.getByRole('menuitemradio', { name: /^Any 1.0/ }).click();
    await expect(row).toContainText('==1.0.*');
    await row.getByRole('button', { name: 'Undo the change to river-words' }).click();
    await expect(bar).toBeHidden();
    await tab.getByRole('tab', { name: 'YAML' }).click();
    await expect(tab.getByRole('textbox', { name: 'environment.yml' })).toContainText('river-words <2');

    await tab.getByRole('button', { name: 'Open notebook' }).click();
    const told = await runCell(page, 'import river_words; print(river_words.greet("Elbe"), river_words.__version__)');
    expect(told).toBe('Good morning, Elbe 1.1');
  });

  test('is pinned where it is, upgraded and removed, each with its reason', async ({ page }) => {
    const name = freshName('held');
    const tab = await openBuilt(page, name, ['python =3.12', 'pip', 'pip: [river-words <2]']);
    const row = rowOf(tab, 'river-words');
    const pin = row.getByRole('button', { name: 'Pin river-words' });
    const bar = tab.getByRole('region', { name: 'Changes' });
    const preview = (next: number): Locator => tab.getByRole('table', { name: `Preview of version ${next}` });
    const build = async (next: number): Promise<void> => {
      await tab.getByRole('button', { name: `Build version ${next}` }).click();
      await expectReady(tab, next);
      await tab.getByRole('tab', { name: /Packages/ }).click();
    };
    await expect(row).toContainText('2.0 held by <2');

    // An edit changes only what it must: it stays until somebody asks for more.
    await envstore('edit', name, '--add-pip', 'river-words >=1');
    await row.getByRole('button', { name: 'Upgrade river-words' }).click();
    const upgraded = preview(3).getByRole('row', { name: /^upgraded ?river-words/ });
    await expect(upgraded).toContainText('you asked for its update');
    await expect(upgraded).toContainText('2.0');
    await page.keyboard.press('Escape');

    await row.hover();
    await pin.click();
    await expect(row).toContainText('==1.1');
    await expect(row).toContainText('1.1 can stay');
    await bar.getByRole('button', { name: 'Preview' }).click();
    await expect(tab.getByText('The packages stay the same')).toBeVisible();
    await build(3);
    await expect(row).toContainText('2.0 held by pin');
    await expect(pin).toHaveAttribute('aria-pressed', 'true');

    await pin.click();
    await expect(row.locator('s')).toHaveText('==1.1');
    await row.getByRole('button', { name: 'Constraint of river-words' }).click();
    await tab.getByRole('menuitemradio', { name: 'At least 2.0' }).click();
    await expect(row).toContainText('2.0 will be tried');
    await bar.getByRole('button', { name: 'Preview' }).click();
    await expect(preview(4).getByRole('row', { name: /^upgraded ?river-words/ })).toContainText('you ask for >=2.0');
    await build(4);
    await expect(row).toContainText('newest');

    await row.hover();
    await row.getByRole('button', { name: 'Remove river-words' }).click();
    await expect(row).toContainText('will be removed');
    await bar.getByRole('button', { name: 'Preview' }).click();
    await expect(preview(5).getByRole('row', { name: /^removed ?river-words/ })).toContainText('you removed it');
    await expect(preview(5).getByRole('row', { name: /^removed ?river-tools/ })).toContainText('nothing needs it now');
    await build(5);
    await expect(row).toBeHidden();
    await expect(tab.getByText('Pip packages you asked for')).toBeHidden();
  });

  test('that has only its source needs consent', async ({ page }) => {
    const tab = await openBuilt(page, freshName('consent'), ['python =3.12', 'pip']);
    const field = tab.getByRole('combobox', { name: 'Add a package' });
    await field.fill('River_Source >=1');
    await field.press('Enter');
    const found = tab.getByRole('listbox', { name: 'Packages' }).getByRole('option');
    await expect(found).toContainText(/river-source\s*1\.0/);
    await expect(found).toContainText('Only as source: building it runs its code. That needs your consent.');
    await field.press('Escape');
    await expect(found).toBeHidden();
    await field.fill('river-source >=1');
    await field.press('Enter');
    await expect(found).toHaveCount(1);
    await field.press('Enter');
    await expect(rowOf(tab, 'river-source')).toContainText('>=1');
    await expect(field).toHaveValue('');
    await tab.getByRole('region', { name: 'Changes' }).getByRole('button', { name: 'Preview' }).click();
    await expect(tab.getByRole('heading', { name: 'A pip package needs consent.' })).toBeVisible({ timeout: 60_000 });
    await expect(tab.getByRole('alert')).toContainText('only as a source distribution');
    await expect(tab.getByRole('alert')).not.toContainText('--allow-source');

    const allow = tab.getByRole('button', { name: 'Allow the code of river-source to run' });
    await allow.click();
    const question = page.getByRole('dialog').filter({ hasText: 'Allow the code of river-source to run?' });
    await expect(question).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await expect(allow).toBeVisible();
    await allow.click();
    await question.getByRole('button', { name: 'Allow', exact: true }).click();
    await expect(tab.getByText('what it needs is known only when it is built')).toBeVisible({ timeout: 60_000 });
    await tab.getByRole('button', { name: 'Build version 2' }).click();
    await expectReady(tab, 2);
    await tab.getByRole('tab', { name: /Packages/ }).click();
    await expect(rowOf(tab, 'river-source')).toContainText('1.0');
    await expect(field).toBeVisible();
  });

  test('that has only its source goes into a new environment, with consent', async ({ page }) => {
    const name = freshName('sourced');
    const dialog = await openNew(page);
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    const field = dialog.getByRole('combobox', { name: 'Add a package' });
    await field.fill('python =3.12');
    await field.press('Enter');
    await expect(dialog.locator('[data-token="python =3.12"]')).toBeVisible();
    await field.fill('river-source');
    await field.press('Enter');
    await dialog.getByRole('option', { name: /^river-source.*Only as source/ }).click();
    await expect(dialog.locator('[data-token="river-source"]')).toContainText('pip');
    const tab = await create(page, dialog, name);
    await tab.getByRole('button', { name: 'Allow the code of river-source to run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Allow', exact: true }).click();
    await expectReady(tab);
  });
});
