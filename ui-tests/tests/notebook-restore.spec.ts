/**
 * What people do with a notebook that carries an environment: see what that is, have it built or not, and run on it.
 */
import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Locator } from '@playwright/test';
import { createHash } from 'crypto';
import * as fs from 'fs';

import { told } from './menus';
import { evaluate, expectStanding, press } from './notebooks';
import { dropOn, expectReady, freshName, openNew, openPanel } from './steps';
import { envstore, envstoreElsewhere, inFiles, inKernels } from './terminal';

test.use({ actionTimeout: 20_000 });
test.setTimeout(150_000);

const CODE = 'import xxhash; print(xxhash.VERSION)';
const VERSION = `__import__('xxhash').VERSION`;
const STRANGE = 'https://packages.example/lab';

interface INotebook {
  cells: object[];
  metadata: {
    kernelspec: { display_name: string; language: string; name: string };
    envstore?: { lockfile: object; sha256: string };
  };
  nbformat: number;
  nbformat_minor: number;
}

/** A notebook that names the kernel of an environment, or none of ours. */
function written(kernel: string, title: string, code = CODE): INotebook {
  const cell = { cell_type: 'code', execution_count: null, id: 'a', metadata: {}, outputs: [], source: code };
  const kernelspec = { display_name: title, language: 'python', name: kernel };
  return { cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}

/** A notebook from somebody who has an environment that this server does not have. */
async function sentBySomebody(
  name: string,
  dependencies: string[],
  more = '',
  embed: string[] = []
): Promise<INotebook> {
  const [file, specification] = [inFiles(`${name}.ipynb`), inFiles(`${name}.yml`)];
  const asked = ['python=3.12', 'ipykernel', ...dependencies].map(entry => `  - ${entry}\n`).join('');
  fs.writeFileSync(specification, `name: ${name}\nchannels: [conda-forge]\ndependencies:\n${asked}${more}`);
  await envstoreElsewhere('create', '-f', specification);
  fs.writeFileSync(file, JSON.stringify(written(`envstore-local--${name}`, `${name} (v1)`)));
  await envstoreElsewhere('notebook', 'embed', file, ...embed);
  const notebook = JSON.parse(fs.readFileSync(file, 'utf8')) as INotebook;
  fs.rmSync(file);
  return notebook;
}

/** JSON as the lock's hash is made of it. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The metadata of a notebook with a package that comes from a channel that nobody here chose. */
function withStrangeChannel(notebook: INotebook): INotebook['metadata'] {
  const envstore = notebook.metadata.envstore!;
  const lockfile = JSON.parse(
    JSON.stringify(envstore.lockfile).replace(
      /"url":"[^"]*(\/noarch\/ipykernel-[^"]*")/g,
      `"url":"${STRANGE}$1`
    )
  );
  const sha256 = createHash('sha256').update(canonical(lockfile)).digest('hex');
  return { ...notebook.metadata, envstore: { ...envstore, lockfile, sha256 } };
}

async function put(page: IJupyterLabPageFixture, path: string, notebook: INotebook): Promise<void> {
  await page.contents.uploadContent(JSON.stringify(notebook), 'text', path);
}

async function open(page: IJupyterLabPageFixture, path: string): Promise<Locator> {
  await page.evaluate(async file => {
    await window.jupyterapp.commands.execute('docmanager:open', { path: file });
  }, path);
  const notebook = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  await expect(notebook.locator('.jp-Cell').first()).toBeVisible();
  return notebook;
}

/** Close the notebook in front, and what it runs on. */
async function close(page: IJupyterLabPageFixture): Promise<void> {
  await page.evaluate(async () => {
    const { commands, shell } = window.jupyterapp;
    const panel = shell.currentWidget as NotebookPanel;
    // The host writes into the notebook what kernel it has once that answers.
    await panel.sessionContext.session?.kernel?.info;
    await panel.context.save();
    await panel.sessionContext.shutdown();
    if (panel.context.model.dirty) {
      // A run was recorded meanwhile, and the host would ask.
      await panel.context.save();
    }
    await commands.execute('application:close');
  });
  await expect(page.locator('.jp-NotebookPanel')).toHaveCount(0);
}

/** Wait until the notebook in front has a kernel that is idle. */
async function expectKernel(page: IJupyterLabPageFixture): Promise<void> {
  await expect(page.locator('.jp-StatusBar-TextItem', { hasText: /^(?!No Kernel).*\| Idle$/ })).toBeVisible({
    timeout: 120_000
  });
}

const dialogIn = (page: IJupyterLabPageFixture): Locator =>
  page.getByRole('dialog', { name: 'This notebook carries its environment' });

/** One line of what a notebook carries. */
function fact(dialog: Locator, label: string): Locator {
  return dialog.getByRole('row').filter({ has: dialog.page().getByRole('rowheader', { name: label, exact: true }) });
}

/** As from the palette: what comes of it depends on what the person answers. */
async function restore(page: IJupyterLabPageFixture): Promise<void> {
  await page.evaluate(() => {
    void window.jupyterapp.commands.execute('envstore:restore-notebook');
  });
}

test('a notebook whose environment is elsewhere is offered it once, and runs on it when it is built', async ({
  page,
  tmpPath
}) => {
  const name = freshName('sent');
  const path = `${tmpPath}/${name}.ipynb`;
  await put(page, path, await sentBySomebody(name, ['xxhash']));
  await open(page, path);
  const dialog = dialogIn(page);
  await expect(dialog).toContainText(
    `Its kernel, ${name} (v1), is not on this server. Build the same packages from the lock in the file?`
  );
  await expect(fact(dialog, 'Environment')).toContainText(`${name} v1, recorded`);
  await expect(fact(dialog, 'Conda')).toContainText(/^Conda\d+ packages from .+/);
  await expect(fact(dialog, 'Platform')).toContainText('linux-64, locked');
  await expect(dialog.getByRole('textbox', { name: 'Name it' })).toHaveValue(name);
  const notNow = dialog.getByRole('button', { name: 'Not now' });
  await expect(notNow).toBeFocused();
  await dialog.getByText(/^All \d+ packages$/).click();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'xxhash' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
  await expect(page.getByText('No Kernel', { exact: true }).first()).toBeVisible();

  // Once about a notebook and its lock.
  await close(page);
  await open(page, path);
  await expect(page.getByText('No Kernel', { exact: true }).first()).toBeVisible();
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
  expect(JSON.parse(await envstore('list', '--json')).items.map((item: { name: string }) => item.name)).not.toContain(
    name
  );

  await expectStanding(page, 'Environment missing');
  await press(page, 'Build…');
  await dialog.getByRole('button', { name: 'Build', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(told(page, `${name}.ipynb runs on ${name} v1 and stays with it.`)).toBeVisible({ timeout: 180_000 });
  expect(await evaluate(page, VERSION)).toMatch(/^\d+\.\d+\.\d+$/);
  await page.notebook.save();
  const saved = JSON.parse(fs.readFileSync(inFiles(path), 'utf8')) as INotebook;
  expect(saved.metadata.kernelspec.name).toBe(`envstore-local--${name}--v1`);
  await close(page);

  // Where it is here already nothing is built: neither for this one, nor for another that carries the same.
  const copy = `${tmpPath}/copy.ipynb`;
  const again = written('envstore-local--gone', 'gone (v3)');
  await put(page, copy, { ...again, metadata: { ...again.metadata, envstore: saved.metadata.envstore } });
  await open(page, copy);
  await expect(told(page, `copy.ipynb runs on ${name} v1 and stays with it.`)).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
  await close(page);
  fs.rmSync(inKernels(`envstore-local--${name}--v1`), { recursive: true });
  await page.evaluate(() => window.jupyterapp.serviceManager.kernelspecs.refreshSpecs());
  await open(page, path);
  expect(await evaluate(page, VERSION)).toMatch(/^\d+\.\d+\.\d+$/);
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
});

test('a notebook that runs on another version than it carries says so once, and switches', async ({
  page,
  tmpPath
}) => {
  const name = freshName('differs');
  const path = `${tmpPath}/differs.ipynb`;
  await envstore('create', '-n', name, 'python=3.12', 'ipykernel', 'idna');
  await envstore('edit', name, '--remove', 'idna', '--add', 'xxhash');
  fs.writeFileSync(inFiles(path), JSON.stringify(written(`envstore-local--${name}`, `${name} (v2)`, 'import idna')));
  await envstore('notebook', 'embed', inFiles(path), '--environment', `${name}@1`);
  await page.evaluate(() => window.jupyterapp.serviceManager.kernelspecs.refreshSpecs());
  await open(page, path);
  const toast = told(page, `differs.ipynb runs on ${name} v2, and carries another environment: ${name} v1.`);
  await expect(toast).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
  await toast.getByRole('button', { name: 'Not now' }).click();
  await close(page);

  await open(page, path);
  await expectKernel(page);
  await expect(toast).toHaveCount(0);
  await restore(page);
  const switched = told(page, `differs.ipynb runs on ${name} v1 and stays with it.`);
  await expect(switched).toBeVisible({ timeout: 60_000 });
  await expect(switched.getByRole('button', { name: 'Undo' })).toBeVisible();
  expect(await evaluate(page, `__import__('idna').__name__`)).toBe('idna');
  await close(page);

  const copy = `${tmpPath}/copy.ipynb`;
  fs.copyFileSync(inFiles(path), inFiles(copy));
  const notebook = JSON.parse(fs.readFileSync(inFiles(copy), 'utf8')) as INotebook;
  notebook.metadata.kernelspec.name = `envstore-local--${name}`;
  fs.writeFileSync(inFiles(copy), JSON.stringify(notebook));
  await open(page, copy);
  await told(page, 'copy.ipynb runs on').getByRole('button', { name: `Switch to ${name} v1` }).click();
  await expect(told(page, `copy.ipynb runs on ${name} v1 and stays with it.`)).toBeVisible({ timeout: 60_000 });
});

test('what was freed is built again under the name that it has', async ({ page, tmpPath }) => {
  const name = freshName('freed');
  const path = `${tmpPath}/freed.ipynb`;
  await envstore('create', '-n', name, 'python=3.12', 'ipykernel', 'wheel');
  await envstore('edit', name, '--add', 'idna');
  fs.writeFileSync(inFiles(path), JSON.stringify(written('envstore-local--gone', 'gone (v1)')));
  await envstore('notebook', 'embed', inFiles(path), '--environment', `${name}@1`);
  await envstore('collect');
  await open(page, path);
  const dialog = dialogIn(page);
  await expect(dialog).toContainText(`were built before as ${name} v1, whose files were freed`);
  await expect(dialog.getByRole('textbox')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Build' }).click();
  await expect(told(page, `freed.ipynb runs on ${name} v1 and stays with it.`)).toBeVisible({ timeout: 120_000 });
});

test('a hostile notebook is refused, or waits for what has to be allowed', async ({ page, tmpPath }) => {
  const name = freshName('hostile');
  const notebook = await sentBySomebody(name, ['idna']);
  const dialog = dialogIn(page);
  const strange = `${tmpPath}/strange.ipynb`;
  const metadata = withStrangeChannel(notebook);
  metadata.kernelspec.display_name = `safe\u202E${'x'.repeat(500)}`;
  await put(page, strange, { ...notebook, metadata });
  await open(page, strange);
  await expect(dialog.getByRole('button', { name: 'Build' })).toBeDisabled();
  await expect(dialog).toContainText(/Its kernel, safe x{74}…, is not on this server/);
  const box = dialog.getByRole('checkbox', { name: `Allow ${STRANGE} (1 package)` });
  await box.check();
  await expect(dialog.getByRole('button', { name: 'Build' })).toBeEnabled();
  await dialog.getByRole('textbox', { name: 'Name it' }).fill('no such/name');
  await expect(dialog.getByRole('button', { name: 'Build' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await close(page);

  const changed = `${tmpPath}/changed.ipynb`;
  notebook.metadata.envstore!.sha256 = '0'.repeat(64);
  await put(page, changed, notebook);
  await open(page, changed);
  await expect(dialog.getByRole('alert')).toContainText('was changed after it was recorded');
  await expect(dialog.getByRole('button', { name: 'Build' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Choose another kernel' }).click();
  await expect(page.locator('.jp-Dialog', { hasText: 'Select Kernel' })).toBeVisible();
});

test('what is locked for other machines only can be locked anew', async ({ page, tmpPath }) => {
  const name = freshName('anew');
  const path = `${tmpPath}/anew.ipynb`;
  const platforms = 'platforms: [linux-64, osx-arm64]\n';
  await put(page, path, await sentBySomebody(name, ['charset-normalizer'], platforms, ['--platform', 'osx-arm64']));
  await open(page, path);
  const dialog = dialogIn(page);
  await expect(fact(dialog, 'Platform')).toContainText('not locked for linux-64, only for osx-arm64');
  const build = dialog.getByRole('button', { name: 'Build' });
  await expect(build).toBeDisabled();
  await dialog.getByRole('checkbox', { name: /^Lock anew for linux-64/ }).check();
  await expect(dialog).toContainText('Build what it asks for, with versions that are chosen now?');
  await dialog.getByRole('textbox', { name: 'Name it' }).fill(`team/${name}`);
  await build.click();
  await expect(told(page, `anew.ipynb runs on ${name} v1 and stays with it.`)).toBeVisible({ timeout: 120_000 });
  expect(await evaluate(page, `__import__('charset_normalizer').__name__`)).toBe('charset_normalizer');
});

test('a build goes on where the page was loaded anew', async ({ page, tmpPath }) => {
  const name = freshName('reload');
  const path = `${tmpPath}/reload.ipynb`;
  const notebook = await sentBySomebody(name, ['urllib3']);
  // Another kernel than that of the environment that is built, which the host would find by itself.
  notebook.metadata.kernelspec.name = 'envstore-local--gone';
  await put(page, path, notebook);
  await open(page, path);
  await dialogIn(page).getByRole('button', { name: 'Build' }).click();
  // The host keeps what was answered only a moment later: the server knows of the build.
  await expect(dialogIn(page)).toBeHidden();
  await page.reload({ waitForIsReady: false });
  await open(page, path);
  await expectKernel(page);
  expect(await evaluate(page, `__import__('urllib3').__name__`)).toBe('urllib3');
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
});

test('notebooks that are opened together are asked about one after the other, when they are seen', async ({
  page,
  tmpPath
}) => {
  const notebook = await sentBySomebody(freshName('many'), ['certifi']);
  for (const letter of ['a', 'b', 'c']) {
    await put(page, `${tmpPath}/${letter}.ipynb`, notebook);
  }
  await page.evaluate(async folder => {
    for (const letter of ['a', 'b', 'c']) {
      await window.jupyterapp.commands.execute('docmanager:open', { path: `${folder}/${letter}.ipynb` });
    }
  }, tmpPath);
  const dialog = dialogIn(page);
  for (const left of ['c', 'b', 'a']) {
    await expect(dialog).toHaveCount(1);
    await expect(page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)')).toHaveCount(1);
    await expect(dialog.getByRole('button', { name: 'Not now' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    if (left !== 'a') {
      await page.activity.activateTab(`${left === 'c' ? 'b' : 'a'}.ipynb`);
    }
  }
  await page.activity.activateTab('c.ipynb');
  await expect(dialog).toHaveCount(0);
});

test('an environment is made from a notebook that is dropped, or chosen from the files', async ({ page, tmpPath }) => {
  const name = freshName('dropped');
  const notebook = await sentBySomebody(name, ['pip']);
  await openPanel(page);
  await dropOn(page, page.locator('.envstore-panel-drop'), JSON.stringify(notebook), 'dropped.ipynb');
  const dialog = page.getByRole('dialog', { name: 'New environment from a notebook' });
  await expect(dialog).toContainText('Create an environment from dropped.ipynb? It gets the same packages');
  await expect(fact(dialog, 'Conda')).toContainText('packages from');
  await dialog.getByRole('textbox', { name: 'Name it' }).fill(`team/${name}`);
  await dialog.getByRole('button', { name: 'Create' }).click();
  const tab = page.getByRole('region', { name: `Environment ${name}` });
  await expectReady(tab);

  await page.contents.uploadContent(JSON.stringify(written('python3', 'Python 3')), 'text', `${tmpPath}/bare.ipynb`);
  await page.contents.uploadContent(JSON.stringify(notebook), 'text', `${tmpPath}/again.ipynb`);
  await page.sidebar.openTab('filebrowser');
  await page.filebrowser.openDirectory(tmpPath);
  await page.getByRole('listitem', { name: /again.ipynb/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Create Environment…' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Name it' })).toHaveValue(name);
  await expect(dialog).toContainText('has the very same packages already.');
  await page.screenshot({ path: 'screenshots/restore-create.png' });
  await page.keyboard.press('Escape');
  await page.getByRole('listitem', { name: /bare.ipynb/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Create Environment…' }).click();
  await expect(told(page, 'It carries no environment.')).toBeVisible();

  const fresh = await openNew(page);
  await dropOn(page, fresh, JSON.stringify(notebook), 'dropped.ipynb');
  await expect(fresh).toBeHidden();
  await expect(dialog).toBeVisible();
});

test('what another program wrote into a cell is offered too', async ({ page, tmpPath }) => {
  const path = `${tmpPath}/${freshName('juv')}.ipynb`;
  const block = '# /// script\n# requires-python = ">=3.12"\n# dependencies = ["river-words"]\n# ///';
  await put(page, path, written('python3', 'Python 3 (ipykernel)', block));
  await open(page, path);
  const toast = told(page, 'and carries an environment of its own.');
  await expect(toast).toBeVisible({ timeout: 60_000 });
  await toast.getByRole('button', { name: 'Build…' }).click();
  const dialog = dialogIn(page);
  await expect(dialog).toContainText('Versions are chosen when it is built.');
  await expect(fact(dialog, 'Environment')).toContainText('as juv asks for it');
  await expect(fact(dialog, 'Pip')).toContainText('1 package from PyPI: river-words');
  await dialog.getByRole('button', { name: 'What it asks for' }).click();
  await expect(dialog.getByText('river-words')).toHaveCount(2);
  await page.screenshot({ path: 'screenshots/restore-juv.png' });
  await dialog.getByRole('button', { name: 'Build' }).click();
  await expect(told(page, 'and stays with it.')).toBeVisible({ timeout: 120_000 });
  await close(page);
  await open(page, path);
  await expectKernel(page);
  await restore(page);
  await expect(told(page, 'which is what it carries.')).toBeVisible();
  await expect(toast).toHaveCount(0);
});

for (const theme of ['Light', 'Dark'] as const) {
  const look = theme.toLowerCase();
  test(`looks as designed in the ${look} theme`, async ({ page, tmpPath }) => {
    await page.setViewportSize({ width: 1120, height: 760 });
    await (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme());
    const name = freshName('looks');
    const path = `${tmpPath}/churn-model.ipynb`;
    const notebook = await sentBySomebody(name, ['idna', 'pip: [river-words]'], 'variables: {RIVERS: "/data/rivers"}\n');
    await put(page, path, notebook);
    await page.sidebar.close('left');
    await open(page, path);
    const dialog = dialogIn(page);
    await expect(fact(dialog, 'Variables')).toContainText('RIVERS=/data/rivers');
    await page.screenshot({ path: `screenshots/restore-${look}.png` });
    await dialog.getByText(/^All \d+ packages$/).click();
    await page.screenshot({ path: `screenshots/restore-all-${look}.png` });
    await page.keyboard.press('Escape');

    const hostile = `${tmpPath}/hostile.ipynb`;
    await put(page, hostile, { ...notebook, metadata: withStrangeChannel(notebook) });
    await open(page, hostile);
    await expect(dialog.getByRole('checkbox', { name: /^Allow/ }).last()).toBeVisible();
    await page.screenshot({ path: `screenshots/restore-strange-${look}.png` });
    await page.keyboard.press('Escape');

    const changed = `${tmpPath}/changed.ipynb`;
    notebook.metadata.envstore!.sha256 = '0'.repeat(64);
    await put(page, changed, notebook);
    await open(page, changed);
    await expect(dialog.getByRole('alert')).toBeVisible();
    await page.screenshot({ path: `screenshots/restore-changed-${look}.png` });
  });
}
