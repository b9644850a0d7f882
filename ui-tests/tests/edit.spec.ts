import { expect, test } from '@jupyterlab/galata';

import { openBuilt, openTab, rowOf } from './editing';
import { told } from './menus';
import { expectReady, freshName } from './steps';
import { envstore } from './terminal';

test.use({ actionTimeout: 20_000 });
test.setTimeout(240_000);

test.describe('An environment', () => {
  test('gets a package that was searched for, and its packages show it', async ({ page }) => {
    const tab = await openBuilt(page, freshName('add'), ['python =3.12  # as in the course', 'numpy =2.1']);
    await expect(rowOf(tab, 'numpy')).toContainText('2.1.3');

    const field = tab.getByRole('combobox', { name: 'Add a package' });
    await field.pressSequentially('panda', { delay: 20 });
    const found = tab.getByRole('listbox', { name: 'Packages' });
    await expect(found.getByRole('option', { selected: true })).toContainText('pandas');
    await field.press('Enter');
    await expect(rowOf(tab, 'pandas')).toContainText('will be tried');
    const bar = tab.getByRole('region', { name: 'Changes' });
    await expect(bar).toContainText('1 change');
    await expect(bar).toContainText('pandas added');

    await bar.getByRole('button', { name: 'Preview' }).click();
    const preview = tab.getByRole('table', { name: 'Preview of version 2' });
    await expect(preview.getByRole('row', { name: /^added ?pandas/ })).toContainText('you added it', {
      timeout: 60_000
    });
    await expect(preview.getByRole('row', { name: /^added ?pytz/ })).toContainText('needed by pandas');
    await expect(tab.getByText('Version 1 and running kernels stay as they are.')).toBeVisible();
    await expect(tab.getByRole('textbox', { name: 'Message' })).toHaveValue('Add pandas');
    await tab.getByRole('textbox', { name: 'Message' }).fill('Tables at last');
    await tab.getByRole('button', { name: 'Build version 2' }).click();

    await expect(tab.getByRole('tab', { name: /Builds/, selected: true })).toBeVisible();
    await expectReady(tab, 2);
    await expect(tab.getByText('Tables at last').first()).toBeVisible();
    await tab.getByRole('tab', { name: /Packages/ }).click();
    await expect(rowOf(tab, 'pandas')).toContainText('2.3.3');
    await expect(bar).toBeHidden();
  });

  test('is edited as YAML, the table showing the same draft, and keeps its comments', async ({ page }) => {
    const tab = await openBuilt(page, freshName('yaml'), ['python =3.12  # as in the course', 'numpy =2.1  # pinned']);
    await tab.getByRole('tab', { name: 'YAML' }).click();
    const editor = tab.getByRole('textbox', { name: 'environment.yml' });
    await expect(editor).toContainText('numpy =2.1  # pinned');
    const text = await editor.innerText();
    await editor.click();
    await page.keyboard.press('ControlOrMeta+a');
    // Inserted at once: typed, the editor would indent on its own.
    await page.keyboard.insertText(text.replace('numpy =2.1', 'numpy =2.3'));
    await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('numpy changed');
    await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty')).toHaveCount(1);

    await tab.getByRole('tab', { name: /Packages/ }).click();
    await expect(rowOf(tab, 'numpy').locator('s')).toHaveText('=2.1');
    await rowOf(tab, 'python').hover();
    await rowOf(tab, 'python').getByRole('button', { name: 'Constraint of python' }).click();
    await tab.getByRole('menuitemradio', { name: /^At least/ }).first().click();
    await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('2 changes');
    await rowOf(tab, 'python').getByRole('button', { name: 'Undo the change to python' }).click();
    await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('1 change');
    // The button is gone, and the focus comes to where it was.
    await expect(rowOf(tab, 'python')).toBeFocused();

    await page.keyboard.press('Control+Enter');
    const preview = tab.getByRole('table', { name: 'Preview of version 2' });
    await expect(preview.getByRole('row', { name: /^upgraded ?numpy/ })).toContainText('you ask for =2.3', {
      timeout: 60_000
    });
    await page.keyboard.press('Control+Enter');
    await expectReady(tab, 2);
    await tab.getByRole('tab', { name: 'YAML' }).click();
    await expect(editor).toContainText('python =3.12  # as in the course');
    await expect(editor).toContainText('numpy =2.3  # pinned');
    await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty')).toHaveCount(0);
  });

  test('says why an edit cannot be, and takes what can', async ({ page }) => {
    const tab = await openBuilt(page, freshName('conflict'), ['python =3.11', 'numpy =2.3']);
    const field = tab.getByRole('combobox', { name: 'Add a package' });
    await field.fill('pandas =2.1');
    await field.press('Enter');
    await tab.getByRole('button', { name: 'Preview', exact: true }).click();
    await expect(tab.getByRole('heading', { name: 'No versions fit together.' })).toBeVisible({ timeout: 60_000 });
    await expect(tab.getByText('Nothing was changed. Version 1 is still active.')).toBeVisible();
    await expect(tab.getByRole('list', { name: 'Why no versions fit together' })).toContainText('pandas =2.1');

    await tab.getByRole('button', { name: /^Preview with this/ }).first().click();
    await expect(tab.getByRole('table', { name: 'Preview of version 2' })).toBeVisible({ timeout: 60_000 });
    await tab.getByRole('heading', { name: 'Preview of version 2' }).press('Escape');
    await expect(rowOf(tab, 'pandas')).toBeVisible();
    await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('pandas added');
  });

  test('offers the way out where an edit from the terminal failed', async ({ page }) => {
    const name = freshName('failed');
    const tab = await openBuilt(page, name, ['python =3.11', 'numpy =2.3']);
    await expect(envstore('edit', name, '--add', 'pandas =2.1')).rejects.toThrow();
    await tab.getByRole('tab', { name: /Builds/ }).click();
    await expect(tab.getByRole('heading', { name: 'No versions fit together' })).toBeVisible();
    await tab.getByRole('button', { name: 'Edit…' }).click();
    await expect(rowOf(tab, 'pandas')).toContainText('=2.1');
    await tab.getByRole('button', { name: 'Discard' }).click();

    await tab.getByRole('tab', { name: /Builds/ }).click();
    await tab.getByRole('button', { name: /^Build with this/ }).first().click();
    await expectReady(tab, 2);
  });

  test('keeps its draft when the tab is closed, and asks before many changes are lost', async ({ page }) => {
    const name = freshName('draft');
    const tab = await openBuilt(page, name, ['python =3.12', 'numpy >=2', 'idna', 'certifi']);
    const bar = tab.getByRole('region', { name: 'Changes' });
    await rowOf(tab, 'idna').hover();
    await rowOf(tab, 'idna').getByRole('button', { name: 'Remove idna' }).click();
    await expect(bar).toContainText('idna removed');
    await rowOf(tab, 'numpy').hover();
    await rowOf(tab, 'numpy').getByRole('button', { name: 'Pin numpy' }).click();
    await expect(rowOf(tab, 'numpy')).toContainText('==2.3.5');

    await page.locator('.lm-TabBar-tab.jp-mod-dirty .lm-TabBar-tabCloseIcon').click();
    await expect(tab).toBeHidden();
    // The host saves a moment later what is kept, and which tabs are open: that this one is again has to be saved, too.
    const kept = page.waitForRequest(
      request =>
        request.method() === 'PUT' &&
        request.url().includes('/api/workspaces') &&
        !!request.postData()?.includes('numpy ==2.3.5') &&
        JSON.stringify(request.postDataJSON().data['layout-restorer:data']).includes(name)
    );
    await openTab(page, name);
    await expect(bar).toContainText('2 changes');
    await kept;
    await page.reload({ waitForIsReady: false });
    await expect(tab).toBeVisible({ timeout: 60_000 });
    await openTab(page, name);
    await expect(bar).toContainText('numpy changed, idna removed');
    await bar.getByRole('button', { name: 'Discard' }).click();
    await expect(bar).toBeHidden();

    const field = tab.getByRole('combobox', { name: 'Add a package' });
    await field.fill('wcwidth pytz colorama urllib3');
    await field.press('Enter');
    await expect(bar).toContainText('4 changes');
    await bar.getByRole('button', { name: 'Discard' }).click();
    const question = page.getByRole('dialog').filter({ hasText: 'Discard 4 changes?' });
    await expect(question).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await expect(bar).toContainText('4 changes');
    await bar.getByRole('button', { name: 'Discard' }).click();
    await question.getByRole('button', { name: 'Discard' }).click();
    await expect(bar).toBeHidden();
  });

  test('is told of a version that was made meanwhile, and moves to it', async ({ page }) => {
    const name = freshName('meanwhile');
    const tab = await openBuilt(page, name, ['python =3.12', 'numpy']);
    const field = tab.getByRole('combobox', { name: 'Add a package' });
    await field.fill('certifi');
    await field.press('Enter');
    await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('certifi added');

    await envstore('edit', name, '--add', 'idna');
    await expect(tab.getByText('Version 2 is active now.')).toBeVisible({ timeout: 30_000 });
    await expect(rowOf(tab, 'idna')).toBeHidden();
    await tab.getByRole('button', { name: 'Start from version 2 instead' }).click();
    await expect(rowOf(tab, 'idna')).toBeVisible();
    await expect(tab.getByText('Version 2 is active now.')).toBeHidden();
    await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('1 change');
  });

  test('says what an upgrade would bring, and when it would bring nothing', async ({ page }) => {
    const name = freshName('upgrade');
    const tab = await openBuilt(page, name, ['python =3.12', 'numpy =2.1']);
    await tab.getByRole('button', { name: 'Upgrade all' }).click();
    await expect(tab.getByText('Nothing to build.')).toBeVisible({ timeout: 60_000 });
    await tab.getByRole('button', { name: 'Back to editing' }).last().click();
    await expect(rowOf(tab, 'numpy')).toContainText('held by pin');

    // An edit changes only what it must: numpy stays.
    await envstore('edit', name, '--add', 'numpy >=2.1');
    await expect(tab.getByText('1 newer version')).toBeVisible({ timeout: 30_000 });
    await rowOf(tab, 'numpy').getByRole('button', { name: 'Upgrade numpy' }).click();
    const preview = tab.getByRole('table', { name: 'Preview of version 3' });
    await expect(preview.getByRole('row', { name: /^upgraded ?numpy/ })).toContainText('2.3.5', { timeout: 60_000 });
    await expect(tab.getByRole('textbox', { name: 'Message' })).toHaveValue('Update numpy');
    await page.keyboard.press('Escape');
    await expect(preview).toBeHidden();
    const changes = tab.getByRole('region', { name: 'Changes' });
    await expect(changes).toBeHidden();

    // Beside other changes an upgrade is one of them.
    await tab.getByRole('combobox', { name: 'Add a package' }).fill('idna');
    await page.keyboard.press('Enter');
    await expect(changes).toContainText('1 change');
    await rowOf(tab, 'numpy').getByRole('button', { name: 'Upgrade numpy' }).press('Enter');
    await expect(changes).toContainText('numpy changed, idna added');
    await expect(rowOf(tab, 'numpy')).toContainText('2.3.5 will be tried');
    // Its button is gone, and where one was is not.
    await expect(rowOf(tab, 'numpy')).toBeFocused();
    await expect(tab.getByRole('button', { name: 'Upgrade all' })).toBeDisabled();
    await page.keyboard.press('Control+Enter');
    await expect(preview.getByRole('row', { name: /^upgraded ?numpy/ })).toContainText('you ask for >=2.3.5', {
      timeout: 60_000
    });
    await expect(preview.getByRole('row', { name: /^added ?idna/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await changes.getByRole('button', { name: 'Discard' }).click();
    await expect(changes).toBeHidden();

    await tab.getByRole('button', { name: 'Came with these' }).click();
    await tab.getByRole('textbox', { name: 'Filter the packages that came with these' }).fill('abi');
    await expect(tab.getByRole('table', { name: 'Came with these' })).toContainText('python_abi');
  });

  test('takes further packages by a command, beside what was changed already', async ({ page }) => {
    const name = freshName('command');
    const tab = await openBuilt(page, name, ['python =3.12', 'numpy']);
    await tab.getByRole('combobox', { name: 'Add a package' }).fill('certifi');
    await page.keyboard.press('Enter');
    await expect(tab.getByRole('region', { name: 'Changes' })).toContainText('certifi added');

    await page.menu.clickMenuItem('View>Activate Command Palette');
    await page.locator('.lm-CommandPalette-input').fill('Add Packages to an Environment');
    await expect(page.locator('.lm-CommandPalette-item.lm-mod-active')).toContainText('Add Packages to an Environment');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').selectOption(`local/${name}`);
    await dialog.getByRole('button', { name: 'Ok' }).click();
    await dialog.getByRole('textbox', { name: 'Packages' }).fill('idna >=3, numpy');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await expect(told(page, `${name} asks for numpy already.`)).toBeVisible();
    const preview = tab.getByRole('table', { name: 'Preview of version 2' });
    await expect(preview.getByRole('row', { name: /^added ?idna/ })).toBeVisible({ timeout: 30_000 });
    await expect(preview.getByRole('row', { name: /^added ?certifi/ })).toBeVisible();
  });
});
