import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';

import { create, dropOn, expectReady, freshName, openNew, PANEL } from './steps';
import { envstore, inFiles } from './terminal';

/** A package as conda-lock has it. */
interface ILocked {
  name: string;
  platform: string;
  url: string;
  hash: { sha256: string };
  dependencies: { [name: string]: string };
}

const STRANGE = 'https://packages.example/lab';

test.describe('A lockfile', () => {
  test.use({ actionTimeout: 20_000 });
  test.setTimeout(180_000);

  let lockfile: string;

  test.beforeAll(async () => {
    const file = inFiles('to-lock.yml');
    fs.writeFileSync(file, 'name: x\ndependencies: [python=3.12, ipykernel, idna]\nplatforms: [linux-64, osx-arm64]\n');
    lockfile = await envstore('lock', '-f', file, '-o', '-');
  });

  test('is shown from the file browser and becomes an environment', async ({ page, tmpPath }) => {
    const name = freshName('course');
    await page.contents.uploadContent(lockfile, 'text', `${tmpPath}/${name}-lock.yml`);
    await page.filebrowser.openDirectory(tmpPath);
    await page.getByRole('listitem', { name: new RegExp(`${name}-lock.yml`) }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Create Environment…' }).click();

    const dialog = page.getByRole('dialog', { name: 'New environment' });
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue(name);
    await expect(fact(dialog, 'Packages')).toContainText('for linux-64, which is this machine');
    await expect(fact(dialog, 'Main ones')).toContainText('ipykernel');
    await expect(fact(dialog, 'Main ones')).toContainText('idna');
    await expect(fact(dialog, 'Download')).toContainText('MB');
    await dialog.getByText(/^All \d+ packages$/).click();
    await expect(dialog.getByRole('listitem').filter({ hasText: 'python' }).first()).toBeVisible();

    await dialog.getByRole('textbox', { name: 'Name' }).fill(`team/${name}`);
    await expect(dialog.getByRole('combobox', { name: 'Namespace' })).toHaveValue('team');
    const tab = await create(page, dialog, name);
    await expectReady(tab);
    const kept = await page.request.get(
      `${process.env.TARGET_URL}/envstore/environments/team/${name}/versions/1/lockfile`
    );
    expect(await kept.json()).toEqual(JSON.parse(lockfile));
  });

  test('asks for what it takes from a channel that nobody chose', async ({ page }) => {
    const dialog = await dropOnPanel(page, strange(lockfile), 'strange.conda-lock.json');
    const button = dialog.getByRole('button', { name: 'Create' });
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('strange');
    await expect(fact(dialog, 'From')).toContainText(STRANGE);
    await expect(button).toBeDisabled();
    const box = dialog.getByRole('checkbox', { name: `Allow ${STRANGE} (1 package)` });
    await box.check();
    await expect(button).toBeEnabled();
    await box.uncheck();
    await expect(button).toBeDisabled();
  });

  test('of conda, an explicit list, becomes the very same environment', async ({ page }) => {
    const name = freshName('listed');
    const file = inFiles(`${name}-source.yml`);
    fs.writeFileSync(file, `name: ${name}-source\ndependencies: [python=3.12, idna]\n`);
    await envstore('create', '-f', file);
    const list = await envstore('export', `${name}-source`, '--format', 'explicit', '-o', '-');
    expect(list).toContain('@EXPLICIT');
    const dialog = await dropOnPanel(page, list, `${name}.explicit.txt`);
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue(name);
    await expect(fact(dialog, 'Packages')).toContainText('for linux-64, which is this machine');
    const tab = await create(page, dialog, name);
    await expectReady(tab);
    const again = await envstore('export', name, '--format', 'explicit', '-o', '-');
    const addresses = (text: string): string[] => text.split('\n').filter(line => /^(file|https?):/.test(line));
    expect(addresses(list).length).toBeGreaterThan(1);
    expect(addresses(again).sort()).toEqual(addresses(list).sort());
  });

  test('of pixi, with several environments, lets one be chosen', async ({ page }) => {
    const name = freshName('chosen');
    const dialog = await dropOnPanel(page, pixi(lockfile), `${name}.pixi.lock`);
    const select = dialog.getByRole('combobox', { name: 'Environment in the file' });
    await expect(select).toHaveValue('default');
    await expect(fact(dialog, 'Main ones')).not.toContainText('idna');
    await select.focus();
    await select.selectOption('docs');
    await expect(fact(dialog, 'Main ones')).toContainText('idna');
    await expect(select).toBeFocused();
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    const tab = await create(page, dialog, name);
    await expectReady(tab);
    await tab.getByRole('tab', { name: /Packages/ }).click();
    await expect(tab.locator('tr[data-package="idna"]')).toBeVisible();
  });

  test('of pip, a requirements.txt, becomes the pip section', async ({ page, tmpPath }) => {
    const name = freshName('asked');
    await page.contents.uploadContent('river-words <2  # ours\n', 'text', `${tmpPath}/${name}-requirements.txt`);
    await page.filebrowser.openDirectory(tmpPath);
    await page.getByRole('listitem', { name: new RegExp(`${name}-requirements.txt`) }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Create Environment…' }).click();
    const dialog = page.getByRole('dialog', { name: 'New environment' });
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue(name);
    await expect(dialog.getByText('river-words <2')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Python' }).fill('3.12');
    const tab = await create(page, dialog, name);
    await expectReady(tab);
    await tab.getByRole('tab', { name: /Packages/ }).click();
    await expect(tab.locator('tr[data-package="river-words"]')).toContainText('1.1');
    await expect(tab.locator('tr[data-package="python"]')).toContainText('3.12');
  });

  test('that cannot be used says why, and lets another be chosen', async ({ page }) => {
    const dialog = await openNew(page);
    await dropOn(page, dialog, 'version: 6\nenvironments: {}\npackages: []\n', 'pixi.lock');
    await expect(dialog.getByRole('alert')).toContainText('pixi');
    await expect(dialog.getByRole('button', { name: 'Create' })).toBeDisabled();
    await dropOn(page, dialog, lockfile, 'good-lock.yml');
    await expect(fact(dialog, 'File')).toContainText('good-lock.yml');
    await expect(dialog.getByRole('button', { name: 'Create' })).toBeEnabled();
    await dropOn(page, dialog, 'dependencies:\n  - numpy\n', 'environment.yml');
    await expect(dialog.locator('.cm-content')).toContainText('numpy');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('rivers');
    await expect(dialog.locator('.cm-content')).toContainText('name: rivers');
  });

  for (const theme of ['Light', 'Dark'] as const) {
    test(`looks as designed in the ${theme.toLowerCase()} theme`, async ({ page }) => {
      await page.setViewportSize({ width: 1120, height: 760 });
      await (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme());
      const dialog = await dropOnPanel(page, strange(lockfile), 'rivers.conda-lock.yml');
      await dialog.getByRole('checkbox').check();
      await expect(fact(dialog, 'Download')).toContainText('and 1 package of unknown size');
      await page.screenshot({ path: `screenshots/import-${theme.toLowerCase()}.png` });
      await dropOn(page, dialog, lockfile, 'rivers.conda-lock.yml');
      await expect(dialog.getByRole('checkbox')).toHaveCount(0);
      await dialog.getByText(/^All \d+ packages$/).click();
      await page.screenshot({ path: `screenshots/import-all-${theme.toLowerCase()}.png` });
      await dropOn(page, dialog, pixi(lockfile), 'rivers.pixi.lock');
      await dialog.getByRole('combobox', { name: 'Environment in the file' }).selectOption('docs');
      await expect(fact(dialog, 'Main ones')).toContainText('idna');
      await page.screenshot({ path: `screenshots/import-environments-${theme.toLowerCase()}.png` });
      await dropOn(page, dialog, 'name: rivers\ndependencies:\n  - numpy\n', 'environment.yml');
      await expect(dialog.locator('.cm-content')).toContainText('numpy');
      await dialog.getByRole('textbox', { name: 'Name' }).fill('team/rivers');
      await expect(dialog.getByText('Its kernel will be called rivers (v1)')).toBeVisible();
      await page.screenshot({ path: `screenshots/import-yaml-${theme.toLowerCase()}.png` });
      await dropOn(page, dialog, 'version: 6\nenvironments: {}\npackages: []\n', 'pixi.lock');
      await expect(dialog.getByRole('alert')).toBeVisible();
      await page.screenshot({ path: `screenshots/import-refused-${theme.toLowerCase()}.png` });
    });
  }
});

/** One line of what a lockfile holds. */
function fact(dialog: Locator, label: string): Locator {
  return dialog.getByRole('row').filter({ has: dialog.page().getByRole('rowheader', { name: label, exact: true }) });
}

/** The lockfile with a package that comes from a channel that nobody here chose. */
function strange(lockfile: string): string {
  return lockfile.replace(/"url": "[^"]*(\/noarch\/idna-[^"]*")/g, `"url": "${STRANGE}$1`);
}

/** The lockfile as a pixi.lock with two environments, of which the first one lacks a package. */
function pixi(lockfile: string): string {
  const packages = (JSON.parse(lockfile) as { package: ILocked[] }).package.filter(item => item.platform === 'linux-64');
  const environment = (left: ReadonlyArray<ILocked>): object => ({
    channels: [],
    packages: { 'linux-64': left.map(({ url }) => ({ conda: url })) }
  });
  return JSON.stringify({
    version: 6,
    environments: {
      default: environment(packages.filter(item => item.name !== 'idna')),
      docs: environment(packages)
    },
    packages: packages.map(({ url, hash, dependencies }) => ({
      conda: url,
      sha256: hash.sha256,
      depends: Object.entries(dependencies).map(([name, versions]) => `${name} ${versions}`)
    }))
  });
}

/** Drop a file on the panel and return the dialog that it opens. */
async function dropOnPanel(page: IJupyterLabPageFixture, text: string, name: string): Promise<Locator> {
  await page.sidebar.openTab(PANEL);
  await dropOn(page, page.locator('.envstore-panel-drop'), text, name);
  return page.getByRole('dialog', { name: 'New environment' });
}
