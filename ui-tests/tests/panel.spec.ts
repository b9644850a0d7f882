import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { freshName, openEnvironment, PANEL, watchBar } from './steps';
import { envstore, inFiles, readText } from './terminal';

async function openPanel(page: IJupyterLabPageFixture): Promise<Locator> {
  await page.sidebar.openTab(PANEL);
  return page.locator('.envstore-panel');
}

/** The row of an environment. */
function row(panel: Locator, name: string): Locator {
  return panel.locator(`.envstore-tree-row[data-key="local/${name}"]`);
}

/** Build an environment from the terminal, or take the one that an earlier test built. */
async function built(name: string, ...packages: string[]): Promise<void> {
  await envstore('show', name).catch(() => envstore('create', '-n', name, ...packages));
}

test.describe('The Environments panel', () => {
  test.setTimeout(180_000);

  test('opens from the command palette', async ({ page }) => {
    await page.keyboard.press('ControlOrMeta+Shift+c');
    await page.locator('.lm-CommandPalette-input').fill('Show Environments');
    await page.getByRole('menuitem', { name: 'Show Environments' }).first().click();

    const panel = page.locator('.envstore-panel');
    await expect(panel.getByRole('heading', { name: 'Environments', exact: true })).toBeVisible();
    expect(await page.sidebar.isTabOpen(PANEL)).toBe(true);
  });

  test('shows an environment that is made in a terminal: its build, and its kernel when it is ready', async ({
    page
  }) => {
    const panel = await openPanel(page);
    const name = freshName('terminal');
    // Packages that no other journey asks for: what was built before would be ready before the panel could show it.
    const label = `Build of ${name}`;
    const watched = await watchBar(page, label);
    await envstore('create', '-n', name, 'python=3.12', 'ipykernel', 'requests');

    await expect(row(panel, name).getByRole('img', { name: 'ready' })).toBeVisible();
    await expect(row(panel, name)).toContainText('v1');
    await expect(panel.getByRole('progressbar', { name: label })).toHaveCount(0);
    expect(await watched()).not.toEqual([]);
    const told = page.locator('.jp-Notification-Toast, .Toastify__toast', { hasText: `${name} v1 is ready.` });
    await expect(told.first().getByRole('button', { name: 'Open notebook' })).toBeVisible();
    await expect(page.locator('.jp-LauncherCard', { hasText: `${name} (v1)` }).first()).toBeVisible();

    await envstore('remove', name);
    await expect(row(panel, name)).toHaveCount(0);
    await expect(page.locator('.jp-LauncherCard', { hasText: name })).toHaveCount(0);
  });

  test('filters by name and by package', async ({ page }) => {
    await built('plain', 'python=3.12', 'ipykernel');
    await built('science', 'python=3.12', 'ipykernel', 'xxhash');
    const panel = await openPanel(page);
    const filter = panel.getByRole('textbox', { name: 'Filter environments' });
    await expect(row(panel, 'plain')).toBeVisible();

    await filter.fill('scie');
    await expect(row(panel, 'plain')).toHaveCount(0);
    await expect(row(panel, 'science')).toBeVisible();

    await filter.fill('xxhash');
    await expect(row(panel, 'science')).toBeVisible();
    await expect(row(panel, 'plain')).toHaveCount(0);
    // Other journeys have made environments with that package, too.
    const group = panel.getByRole('treeitem', { name: 'local', exact: true });
    const found = JSON.parse(await envstore('find', 'xxhash', '--active', '--json')) as {
      items: { namespace: string }[];
    };
    const count = found.items.filter(({ namespace }) => namespace === 'local').length;
    await expect(group.getByRole('treeitem')).toHaveCount(count);
    await expect(group).toContainText(new RegExp(`^local\\s*${count} of \\d`));

    await filter.fill('gdl');
    await expect(panel.getByRole('heading', { name: 'Nothing matches “gdl”' })).toBeVisible();
    await panel.getByRole('button', { name: 'Clear the filter' }).last().click();
    await expect(row(panel, 'plain')).toBeVisible();

    await filter.fill('scie');
    await filter.press('ArrowDown');
    await expect(row(panel, 'science')).toBeFocused();
    await filter.press('Escape');
    await expect(filter).toHaveValue('');
  });

  test('is moved through with the keyboard alone', async ({ page }) => {
    await built('plain', 'python=3.12', 'ipykernel');
    await built('science', 'python=3.12', 'ipykernel', 'xxhash');
    const panel = await openPanel(page);
    const group = panel.getByRole('treeitem', { name: 'local', exact: true });
    await expect(row(panel, 'plain')).toBeVisible();

    await panel.getByRole('textbox', { name: 'Filter environments' }).focus();
    await page.keyboard.press('Tab');
    await expect(group).toBeFocused();
    await page.keyboard.press('p');
    await expect(row(panel, 'plain')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(panel.getByRole('button', { name: 'Open a notebook with plain' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(row(panel, 'plain')).not.toBeFocused();
    await page.keyboard.press('Home');
    await expect(group).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await expect(row(panel, 'plain')).toHaveCount(0);
    await page.keyboard.press('ArrowRight');
    await expect(row(panel, 'plain')).toBeVisible();
  });

  test('gives the focus back to the row, and renames with the key of the file browser', async ({ page }) => {
    await built('plain', 'python=3.12', 'ipykernel');
    const panel = await openPanel(page);
    await row(panel, 'plain').focus();

    await page.keyboard.press('Shift+F10');
    await expect(page.getByRole('menuitem', { name: 'Open terminal' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menuitem', { name: 'Open terminal' })).toBeHidden();
    await expect(row(panel, 'plain')).toBeFocused();

    await page.keyboard.press('F2');
    const dialog = page.getByRole('dialog').filter({ hasText: 'local/plain' });
    await expect(dialog.getByRole('textbox')).toHaveValue('plain');
    await page.keyboard.press('Escape');
    await expect(row(panel, 'plain')).toBeFocused();
  });

  test('deletes after asking, and undoes it', async ({ page }) => {
    const name = freshName('gone');
    await envstore('create', '-n', name, 'python=3.12', 'ipykernel');
    const panel = await openPanel(page);
    await row(panel, name).focus();

    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog').filter({ hasText: `Delete local/${name}?` });
    await expect(dialog).toContainText('Its version and its kernel go.');
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(row(panel, name)).toBeVisible();

    await row(panel, name).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(row(panel, name)).toHaveCount(0);
    await expect(page.locator('.jp-LauncherCard', { hasText: name })).toHaveCount(0);

    await page.locator('.jp-toast-button', { hasText: 'Undo' }).click();
    await expect(row(panel, name)).toBeVisible();
    await expect(page.locator('.jp-LauncherCard', { hasText: name }).first()).toBeVisible();
  });

  test('opens a notebook, and says what it runs on', async ({ page }) => {
    await built('plain', 'python=3.12', 'ipykernel');
    const panel = await openPanel(page);

    await row(panel, 'plain').hover();
    await panel.getByRole('button', { name: 'Open a notebook with plain' }).click();

    await expect(page.locator('.jp-NotebookPanel')).toBeVisible();
    await expect(panel.getByText('Runs on plain v1')).toBeVisible({ timeout: 60_000 });
  });

  test('says which version a kernel runs until it is restarted', async ({ page }) => {
    // In a narrow tab the head leaves its kernels out.
    await page.setViewportSize({ width: 1600, height: 900 });
    const name = freshName('running');
    await envstore('create', '-n', name, 'python=3.12', 'ipykernel');
    const panel = await openPanel(page);
    await row(panel, name).hover();
    await panel.getByRole('button', { name: `Open a notebook with ${name}` }).click();
    await expect(panel.getByText(`Runs on ${name} v1`)).toBeVisible({ timeout: 60_000 });
    const tab = await openEnvironment(page, name);
    await expect(tab.getByText('1 kernel running', { exact: true })).toBeVisible();
    await expect(tab.getByText('v1 active')).toBeVisible();

    await envstore('edit', name, '--add', 'xxhash');
    await expect(tab.getByText('v2 active')).toBeVisible();
    await expect(tab.getByText('1 kernel running on v1', { exact: true })).toBeVisible();
    await expect(panel.getByText('Version 2 is active: restart the kernel to use it.')).toBeVisible();
    await expect(panel.getByText(`Runs on ${name} v1`)).toBeVisible();

    // Not the launcher is in front this time.
    await page.reload({ waitForIsReady: false });
    await page.getByRole('main').getByRole('tab', { name: /Untitled/ }).click();
    await expect(panel).toBeVisible();
    await expect(panel.getByText(`Runs on ${name} v1`)).toBeVisible({ timeout: 60_000 });
    await panel.getByRole('button', { name: 'Restart', exact: true }).click();
    await page.getByRole('button', { name: 'Confirm Kernel Restart' }).click();
    await expect(panel.getByText(`Runs on ${name} v2`)).toBeVisible({ timeout: 60_000 });
    await expect(panel.getByText('restart the kernel to use it')).toBeHidden();
    await envstore('remove', name);
  });

  test('dismisses an attempt that led to nothing, and brings it back', async ({ page }) => {
    const name = freshName('vain');
    await envstore('create', '-n', name, 'no-such-package-at-all').catch(() => undefined);
    const panel = await openPanel(page);

    await row(panel, name).hover();
    await panel.getByRole('button', { name: `Dismiss ${name}` }).click();
    await expect(row(panel, name)).toHaveCount(0);
    await page.locator('.jp-toast-button', { hasText: 'Undo' }).click();
    await expect(row(panel, name)).toBeVisible();
    await envstore('remove', name);
  });

  test('opens a terminal in which the environment is active', async ({ page }) => {
    await built('plain', 'python=3.12', 'ipykernel');
    // As on many machines: the terminal's login shell begins with a PATH of its own.
    fs.writeFileSync(path.join(process.env.HOME!, '.profile'), 'PATH=/usr/local/bin:/usr/bin:/bin\n');
    const panel = await openPanel(page);

    await row(panel, 'plain').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Open terminal' }).click();
    await expect(page.locator('.jp-Terminal')).toBeVisible();
    // The file says what cannot be read from the terminal's canvas.
    const file = inFiles(`${freshName('prefix')}.txt`);
    const { prefix } = JSON.parse(await envstore('show', 'plain', '--json')) as { prefix: string };
    // A terminal that is not connected yet loses what is typed.
    await expect(async () => {
      await page.locator('.jp-Terminal').click();
      await page.keyboard.type(`\npython -c "import sys; print(sys.prefix)" > ${file}\n`, { delay: 5 });
      await expect.poll(() => readText(file), { timeout: 20_000 }).toBe(`${prefix}\n`);
    }).toPass({ timeout: 60_000 });
  });

  test('offers to make an environment of an environment.yml in the file browser', async ({ page, tmpPath }) => {
    const text = 'name: from-file\ndependencies:\n  - numpy\n';
    await page.contents.uploadContent(text, 'text', `${tmpPath}/environment.yml`);
    await page.contents.uploadContent('a: 1\n', 'text', `${tmpPath}/other.yml`);
    await page.filebrowser.openDirectory(tmpPath);

    await page.getByRole('listitem', { name: /other\.yml/ }).click({ button: 'right' });
    await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'Create Environment…' })).toHaveCount(0);
    await page.keyboard.press('Escape');

    await page.getByRole('listitem', { name: /environment\.yml/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Create Environment…' }).click();
    const dialog = page.getByRole('dialog', { name: 'New environment' });
    await expect(dialog).toContainText('numpy');
  });

  test('makes an environment of a file that is dropped on it', async ({ page }) => {
    const panel = await openPanel(page);
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['name: dropped\ndependencies:\n  - pandas\n'], 'environment.yml'));
      return data;
    });

    await panel.locator('.envstore-panel-drop').dispatchEvent('dragover', { dataTransfer: transfer });
    await expect(panel.getByText('Drop an environment.yml, a lockfile or a notebook')).toBeVisible();
    await panel.locator('.envstore-panel-drop').dispatchEvent('drop', { dataTransfer: transfer });

    await expect(page.getByRole('dialog', { name: 'New environment' })).toContainText('pandas');
    await expect(panel.getByText('Drop an environment.yml, a lockfile or a notebook')).toHaveCount(0);
  });

  test('keeps its filter and closed groups over a reload', async ({ page }) => {
    await built('plain', 'python=3.12', 'ipykernel');
    const panel = await openPanel(page);
    const group = panel.getByRole('treeitem', { name: 'local', exact: true });
    const filter = panel.getByRole('textbox', { name: 'Filter environments' });
    await group.locator('.envstore-tree-head').click();
    await expect(row(panel, 'plain')).toHaveCount(0);

    // JupyterLab saves what has changed a while afterwards.
    const saved = page.waitForRequest(
      request => request.method() === 'PUT' && (request.postData() ?? '').includes('"filter":"plain"')
    );
    await filter.fill('plain');
    await expect(row(panel, 'plain')).toBeVisible();
    await saved;
    await page.reload();

    await page.sidebar.openTab(PANEL);
    await expect(filter).toHaveValue('plain');
    await filter.press('Escape');
    await expect(group).toHaveAttribute('aria-expanded', 'false');
  });
});
