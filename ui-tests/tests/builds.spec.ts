import { expect, test } from '@jupyterlab/galata';

import { create, expectReady, freshName, openNew, writeYaml } from './steps';

const IMPOSSIBLE = ['numpy =2.3', 'pandas =2.1', 'ipykernel'];

function specification(name: string, packages: string[]): string {
  return `name: ${name}\nchannels:\n  - conda-forge\ndependencies:\n${packages.map(text => `  - ${text}\n`).join('')}`;
}

test.describe('The builds of an environment', () => {
  test.use({ actionTimeout: 20_000 });
  test.setTimeout(240_000);

  test('explain a failed solve, and a relaxation makes it ready', async ({ page }) => {
    const name = freshName('conflict');
    const dialog = await openNew(page);
    await writeYaml(page, dialog, specification(name, IMPOSSIBLE));
    const tab = await create(page, dialog, name);

    await expect(tab.getByRole('heading', { name: 'No versions fit together' })).toBeVisible({ timeout: 60_000 });
    await expect(tab.getByRole('alert')).toContainText('numpy =2.3');
    await expect(tab.getByRole('list', { name: 'Why no versions fit together' })).toContainText('you asked for it');
    await tab.getByRole('button', { name: 'Full output' }).click();
    await expect(tab.locator('.envstore-output')).toContainText('pandas');

    await tab.getByRole('button', { name: /^Build with this: Allow a newer pandas/ }).click();
    await expectReady(tab);
    await expect(tab.getByRole('option')).toHaveCount(2);
    await tab.getByRole('tab', { name: /YAML/ }).click();
    await expect(tab.locator('.cm-content')).toContainText('pandas >=2.2');
    await expect(tab.locator('.cm-content')).toContainText('numpy =2.3');
  });

  test('name a package that is near to one that does not exist', async ({ page }) => {
    const name = freshName('typo');
    const dialog = await openNew(page);
    await writeYaml(page, dialog, specification(name, ['numpyy']));
    const tab = await create(page, dialog, name);

    await expect(tab.getByRole('alert')).toContainText('numpyy', { timeout: 60_000 });
    await tab.getByRole('button', { name: /^Build with this: numpy$/ }).click();
    await expectReady(tab);
  });

  test('can be cancelled and tried again', async ({ page }) => {
    const name = freshName('cancel');
    const dialog = await openNew(page);
    await writeYaml(page, dialog, specification(name, ['matplotlib', 'pandas', 'ipykernel']));
    const tab = await create(page, dialog, name);

    await tab.getByRole('button', { name: 'Cancel build' }).click();
    await expect(tab.getByRole('heading', { name: 'Cancelled' })).toBeVisible({ timeout: 30_000 });
    await tab.getByRole('button', { name: 'Retry' }).click();
    await expectReady(tab);
  });

  test('keep a log that follows its end until it is scrolled', async ({ page }) => {
    const name = freshName('log');
    const dialog = await openNew(page);
    await writeYaml(page, dialog, specification(name, ['numpy', 'ipykernel']));
    const tab = await create(page, dialog, name);
    await expectReady(tab);

    const log = tab.getByRole('log');
    const follow = tab.getByRole('checkbox', { name: 'Follow' });
    await expect(log.locator('> div').nth(2)).toBeVisible();
    // Small enough that there is something to scroll.
    await log.evaluate(node => {
      node.style.flex = 'none';
      node.style.minHeight = '0';
      node.style.height = '40px';
    });
    await follow.uncheck();
    await log.evaluate(node => node.scrollTo(0, 0));
    await expect(follow).not.toBeChecked();
    await follow.check();
    expect(await log.evaluate(node => node.scrollHeight - node.scrollTop - node.clientHeight)).toBeLessThan(10);

    const download = page.waitForEvent('download');
    await tab.getByRole('button', { name: 'Save the log' }).click();
    expect((await download).suggestedFilename()).toContain(name);
  });

  test('are there again when the page is loaded anew', async ({ page }) => {
    const name = freshName('restored');
    const dialog = await openNew(page);
    await writeYaml(page, dialog, specification(name, ['numpyy']));
    // The host saves where everything is a moment later.
    const saved = page.waitForRequest(
      request =>
        request.method() === 'PUT' &&
        request.url().includes('/api/workspaces') &&
        JSON.stringify(request.postDataJSON().data['layout-restorer:data']).includes(name)
    );
    const tab = await create(page, dialog, name);
    await expect(tab.getByRole('alert')).toBeVisible({ timeout: 60_000 });
    await saved;

    await page.reload({ waitForIsReady: false });
    await expect(tab.getByRole('tab', { name: /Builds/, selected: true })).toBeVisible({ timeout: 60_000 });
  });
});
