/**
 * What people do about the environment that a notebook carries: put it in, see how it stands to the kernel, follow or go
 * back, take it out; and what saving does on its own.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import * as fs from 'fs';

import { told } from './menus';
import {
  carriedIn,
  close,
  evaluate,
  expectStanding,
  open,
  popupOf,
  press,
  restart,
  save,
  standingOf
} from './notebooks';
import { freshName, openEnvironment, openPanel } from './steps';
import { envstore, inFiles, withdraw } from './terminal';

// Kernels as they are: the stand-in for them answers a restart in a way that JupyterLab takes for a failure.
test.use({ actionTimeout: 20_000, kernels: null });
test.setTimeout(300_000);

const HAS_PYPARSING = `__import__('importlib.util').util.find_spec('pyparsing') is not None`;

test('a notebook carries its environment, follows it, goes back, and is without again', async ({ page, tmpPath }) => {
  const name = freshName('carried');
  const file = `${tmpPath}/Untitled.ipynb`;
  await envstore('create', '-n', name, 'python=3.12', 'ipykernel');
  const tab = await openEnvironment(page, name);
  await tab.getByRole('button', { name: 'Open notebook' }).click();
  await expectStanding(page, 'Not embedded');
  await expect(standingOf(page)).toHaveAttribute('title', `Runs on ${name} v1 and carries no environment`);

  await test.step('the popup takes the focus and gives it back', async () => {
    await standingOf(page).click();
    await expect(standingOf(page)).toHaveAttribute('aria-expanded', 'true');
    await expect(popupOf(page)).toBeFocused();
    await expect(popupOf(page)).toContainText(/Adds about \d+\skB\./);
    await page.keyboard.press('Tab');
    await expect(popupOf(page).getByRole('button', { name: 'Embed environment' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(popupOf(page)).toHaveCount(0);
    await expect(standingOf(page)).toBeFocused();
    await expect(standingOf(page)).toHaveAttribute('aria-expanded', 'false');
    await page.keyboard.press('Enter');
    await expect(popupOf(page)).toBeFocused();
    await page.locator('.lm-DockPanel-tabBar .jp-mod-current').click();
    await expect(popupOf(page)).toHaveCount(0);
    await standingOf(page).click();
    await expect(popupOf(page)).toBeVisible();
    await standingOf(page).click();
    await expect(popupOf(page)).toHaveCount(0);
  });

  await test.step('embed', async () => {
    await press(page, 'Embed environment');
    await expect(told(page, `Untitled.ipynb carries ${name} v1.`)).toBeVisible();
    await expectStanding(page, 'Embedded');
    await standingOf(page).click();
    await expect(popupOf(page)).toContainText('Carries what it runs on');
    await expect(popupOf(page)).toContainText(new RegExp(`${name} v1, \\d+ packages`));
    await expect(popupOf(page)).toContainText(/Recorded(today|yesterday) /);
    await page.keyboard.press('Escape');
    const carried = await save(page, file);
    expect(carried?.environment).toEqual({ namespace: 'local', name, version: 1 });
    expect(carried?.lockfile.package.length).toBeGreaterThan(10);
  });

  await test.step('the kernel moves on', async () => {
    await envstore('edit', name, '--add', 'idna');
    await expectStanding(page, 'Embedded');
    await restart(page);
    await expectStanding(page, 'Carries v1');
    await expect(standingOf(page)).toHaveAttribute('title', `Runs on ${name} v2 but carries version 1`);
    const panel = await openPanel(page);
    await expect(panel.getByText(`Runs on ${name} v2 but carries version 1`)).toBeVisible();
    await standingOf(page).click();
    await expect(popupOf(page).getByRole('img', { name: '1 added' })).toHaveText('+1');
    await popupOf(page).getByRole('button', { name: 'Compare' }).click();
    const table = page.getByRole('region', { name: `Environment ${name}` }).getByRole('table', { name: 'Packages that differ' });
    await expect(table.getByRole('row', { name: /idna/ })).toBeVisible();
    await page.activity.activateTab('Untitled.ipynb');
  });

  await test.step('embed the newer one, and take that back', async () => {
    await press(page, 'Embed v2');
    await expectStanding(page, 'Embedded');
    await told(page, `carries ${name} v2.`).getByRole('button', { name: 'Undo' }).click();
    await expectStanding(page, 'Carries v1');
  });

  await test.step('switch to what it carries', async () => {
    await press(page, 'Switch to v1');
    await expect(told(page, `Untitled.ipynb runs on ${name} v1 and stays with it.`)).toBeVisible({ timeout: 60_000 });
    await expectStanding(page, 'Embedded');
    await expect(page.locator('.envstore-panel').getByText(`Carries ${name} v1, matches the kernel`)).toBeVisible();
  });

  await test.step('remove it, which is not undone by saving', async () => {
    await press(page, 'Remove');
    const question = page.locator('.jp-Dialog');
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expectStanding(page, 'Embedded');
    await press(page, 'Remove');
    await question.getByRole('button', { name: 'Remove', exact: true }).click();
    await expectStanding(page, 'Not embedded');
    await evaluate(page, '1');
    expect(await save(page, file)).toBeUndefined();
    await page.locator('.envstore-panel').getByRole('button', { name: 'Embed environment' }).click();
    await expectStanding(page, 'Embedded');
  });
});

test('saving lets a notebook carry what its cells ran on', async ({ page, tmpPath }) => {
  const name = freshName('saved');
  const file = `${tmpPath}/Untitled.ipynb`;
  await envstore('create', '-n', name, 'python=3.12', 'ipykernel');
  const tab = await openEnvironment(page, name);
  await tab.getByRole('button', { name: 'Open notebook' }).click();
  await expectStanding(page, 'Not embedded');
  // Asked for ahead: saving does not wait for it.
  await expect.poll(async () => (await save(page, file))?.environment.version, { timeout: 30_000 }).toBe(1);
  await expectStanding(page, 'Embedded');
  await evaluate(page, '1');

  // What is opened again goes on as before; what is only saved stays as it is.
  await close(page);
  const bytes = JSON.stringify(carriedIn(file));
  await envstore('edit', name, '--add', 'idna');
  await open(page, file);
  await expectStanding(page, 'Embedded');
  await restart(page);
  await expectStanding(page, 'Carries v1');
  expect(JSON.stringify(await save(page, file))).toBe(bytes);
  await expectStanding(page, 'Carries v1');
  await evaluate(page, '2');
  await expect.poll(async () => (await save(page, file))?.environment.version, { timeout: 30_000 }).toBe(2);
  await expectStanding(page, 'Embedded');
});

test('a notebook carries its environment, too, when it is saved under another name', async ({ page, tmpPath }) => {
  const name = freshName('other');
  await envstore('create', '-n', name, 'python=3.12', 'ipykernel');
  const tab = await openEnvironment(page, name);
  const asked = page.waitForResponse(/envstore\/notebooks\/embed/, { timeout: 90_000 });
  await tab.getByRole('button', { name: 'Open notebook' }).click();
  await expectStanding(page, 'Not embedded');
  await asked;
  await page.menu.clickMenuItem('File>Save Notebook As…');
  const dialog = page.locator('.jp-Dialog');
  await dialog.getByRole('textbox').fill(`${tmpPath}/Other.ipynb`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('main').getByRole('tab', { name: 'Other.ipynb' })).toBeVisible();
  // The tab has its new name before the file is there.
  await expect(() =>
    expect(carriedIn(`${tmpPath}/Other.ipynb`)?.environment).toEqual({ namespace: 'local', name, version: 1 })
  ).toPass({ timeout: 30_000 });
});

test('saving leaves alone what a notebook carries from elsewhere', async ({ page, tmpPath }) => {
  const [mine, theirs] = [freshName('mine'), freshName('theirs')];
  const file = `${tmpPath}/theirs.ipynb`;
  await envstore('create', '-n', mine, 'python=3.12', 'ipykernel');
  await envstore('create', '-n', theirs, 'python=3.12', 'ipykernel', 'idna');
  write(file, `envstore-local--${mine}`, mine);
  await envstore('notebook', 'embed', inFiles(file), '--environment', theirs);
  await page.evaluate(() => window.jupyterapp.serviceManager.kernelspecs.refreshSpecs());
  await open(page, file);
  await expectStanding(page, `Carries ${theirs} v1`);
  await evaluate(page, '1');
  expect((await save(page, file))?.environment.name).toBe(theirs);
  await press(page, 'Embed v1');
  await expectStanding(page, 'Embedded');
  expect((await save(page, file))?.environment.name).toBe(mine);
});

test('saving embeds in the notebooks that the settings say', async ({ page, tmpPath }) => {
  const name = freshName('chosen');
  const file = `${tmpPath}/Untitled.ipynb`;
  await envstore('create', '-n', name, 'python=3.12', 'ipykernel');
  await choose(page, 'never');
  const tab = await openEnvironment(page, name);
  await tab.getByRole('button', { name: 'Open notebook' }).click();
  await expectStanding(page, 'Not embedded');
  await evaluate(page, '1');
  expect(await save(page, file)).toBeUndefined();

  // Opened again, it is none that was begun on an environment: there is something in it.
  await close(page);
  await choose(page, 'created');
  await open(page, file);
  await expectStanding(page, 'Not embedded');
  await evaluate(page, '2');
  expect(await save(page, file)).toBeUndefined();
  await choose(page, 'ours');
  await expect.poll(async () => (await save(page, file))?.environment.version, { timeout: 30_000 }).toBe(1);
});

test('a notebook goes back to a version whose files were freed, and follows the active one again', async ({
  page,
  tmpPath
}) => {
  const name = freshName('back');
  const file = `${tmpPath}/back.ipynb`;
  // No other journey has the same files, which would keep them.
  await envstore('create', '-n', name, 'python=3.12', 'ipykernel', 'pyparsing');
  await envstore('edit', name, '--remove', 'pyparsing');
  write(file, `envstore-local--${name}`, name);
  await envstore('notebook', 'embed', inFiles(file), '--environment', `${name}@1`);
  await envstore('collect');
  await page.evaluate(() => window.jupyterapp.serviceManager.kernelspecs.refreshSpecs());
  await open(page, file);
  await expectStanding(page, 'Carries v1');
  const question = page.locator('.jp-Dialog', { hasText: `Build ${name} v1 again?` });
  const pinned = told(page, `back.ipynb runs on ${name} v1 and stays with it.`);

  await test.step('it asks, and says what that costs', async () => {
    await press(page, 'Switch to v1');
    await expect(question).toContainText('Its files were freed. They are built again from its lock:');
    await expect(question).toContainText(/\d+ packages, at most [\d.]+\s[kMG]B to download\./);
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.screenshot({ path: 'screenshots/notebook-rebuild.png' });
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await expectStanding(page, 'Carries v1');
  });

  await test.step('what is no longer to be had leaves it where it is', async () => {
    const giveBack = withdraw('pyparsing');
    try {
      await press(page, 'Switch to v1');
      await question.getByRole('button', { name: 'Build' }).click();
      const failed = told(page, `back.ipynb keeps the kernel it has. ${name}: A download failed.`);
      await expect(failed).toBeVisible({ timeout: 60_000 });
      await failed.getByRole('button', { name: 'See why' }).click();
      await expect(page.getByRole('region', { name: `Environment ${name}` })).toContainText('pyparsing');
    } finally {
      giveBack();
    }
    await page.activity.activateTab('back.ipynb');
    await expectStanding(page, 'Carries v1');
    expect(await evaluate(page, HAS_PYPARSING)).toBe('False');
  });

  await test.step('it is built, and the notebook stays with it', async () => {
    await press(page, 'Switch to v1');
    await question.getByRole('button', { name: 'Build' }).click();
    await expect(pinned).toBeVisible({ timeout: 120_000 });
    await expectStanding(page, 'Embedded');
    expect(await evaluate(page, HAS_PYPARSING)).toBe('True');
  });

  await test.step('unpin: the menu of the environment offers it as long as there is something to unpin', async () => {
    const panel = await openPanel(page);
    const more = panel.getByRole('button', { name: `More actions for ${name}` });
    const [pin, unpin] = ['Pin this notebook…', 'Unpin this notebook'].map(label =>
      page.getByRole('menuitem', { name: label, exact: true })
    );
    await more.click();
    await expect(unpin!).toBeVisible();
    await page.keyboard.press('Escape');
    await standingOf(page).click();
    await expect(popupOf(page)).toContainText(`${name} v1, pinned`);
    await popupOf(page).getByRole('button', { name: 'Unpin' }).click();
    const follows = told(page, `back.ipynb runs on ${name} v2 and follows the active version from now on.`);
    await expect(follows).toBeVisible({ timeout: 60_000 });
    await expectStanding(page, 'Carries v1');
    await more.click();
    await expect(pin!).toBeVisible();
    await expect(unpin!).toBeHidden();
    await page.keyboard.press('Escape');
  });

  expect(await evaluate(page, HAS_PYPARSING)).toBe('False');
  // What its cells ran on is what it carries.
  await expect.poll(async () => (await save(page, file))?.environment.version, { timeout: 30_000 }).toBe(2);
  expect(JSON.parse(fs.readFileSync(inFiles(file), 'utf8')).metadata.kernelspec.name).toBe(`envstore-local--${name}`);
  // Nor is this one to, where it is run again.
  await envstore('remove', name);
});

/** Write a notebook with one cell, which names a kernel. */
function write(path: string, kernel: string, title: string): void {
  const cell = { cell_type: 'code', id: 'a', metadata: {}, outputs: [], execution_count: null, source: 'x = 1' };
  const kernelspec = { name: kernel, display_name: title, language: 'python' };
  const notebook = { cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  fs.writeFileSync(inFiles(path), JSON.stringify(notebook));
}

/** Choose in the settings which notebooks get their environment when they are saved. */
async function choose(page: IJupyterLabPageFixture, when: string): Promise<void> {
  await page.evaluate(async value => {
    const settings = (await window.galata.getPlugin('@jupyterlab/apputils-extension:settings' as never)) as unknown as {
      set(plugin: string, name: string, value: string): Promise<void>;
    };
    await settings.set('jupyter-envstore:plugin', 'embedOnSave', value);
  }, when);
}
