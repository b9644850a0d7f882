import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator, Request } from '@playwright/test';

import { openBuilt } from './editing';
import { expectReady, freshName, runCell } from './steps';
import { told } from './menus';
import { envstore } from './terminal';

// Galata's stand-in for the list of kernels answers a restart in a way that JupyterLab takes for a failure; and in a
// narrower window JupyterLab puts the state of a kernel with a long name into a menu.
test.use({ actionTimeout: 20_000, kernels: null, viewport: { width: 1500, height: 800 } });
test.setTimeout(300_000);

const ASKED = ['python =3.12', 'pip', 'ipykernel'];

function lineOf(page: IJupyterLabPageFixture): Locator {
  return page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .envstore-offer');
}

/** Go back to the notebook, which another tab covers. */
async function goToNotebook(page: IJupyterLabPageFixture): Promise<void> {
  await page.locator('#jp-main-dock-panel .lm-TabBar-tab', { hasText: '.ipynb' }).first().click();
}

/** The place of the cell with the line. */
async function indexOfNeedy(page: IJupyterLabPageFixture): Promise<number> {
  const cells = await page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell').all();
  const found = await Promise.all(cells.map(cell => cell.locator('.envstore-offer').count()));
  return found.indexOf(1);
}

/** Restart the kernel by a line's button, and say yes to the host's question. */
async function restart(page: IJupyterLabPageFixture): Promise<void> {
  await lineOf(page).getByRole('button', { name: 'Restart the kernel to use it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm Kernel Restart' }).click();
  await expect(lineOf(page)).toContainText('Run the cell again.', { timeout: 60_000 });
}

test.describe('Below a cell', () => {
  test('that does not find a module it is offered to add its package, and then to restart', async ({ page }) => {
    const name = freshName('lacks');
    const asked: string[] = [];
    page.on('response', response => {
      const [, question] = /\/envstore\/(modules\/\w+|packages\?q=\w+)/.exec(response.url()) ?? [];
      if (question) {
        asked.push(`${response.status()} ${question}`);
      }
    });
    const tab = await openBuilt(page, name, ASKED);
    await tab.getByRole('button', { name: 'Open notebook' }).click();
    expect(await runCell(page, 'import idna')).toContain('ModuleNotFoundError');
    const line = lineOf(page);
    await expect(line).toContainText(`idna is not in ${name} v1.`, { timeout: 30_000 });

    await line.getByRole('button', { name: `Add idna to ${name}` }).press('Enter');
    const preview = tab.getByRole('table', { name: 'Preview of version 2' });
    await expect(preview.getByRole('row', { name: /^added ?idna/ })).toBeVisible({ timeout: 60_000 });
    // A second click adds nothing twice.
    await goToNotebook(page);
    await line.getByRole('button', { name: `Add idna to ${name}` }).click();
    await expect(told(page, `${name} asks for idna already.`)).toBeVisible();
    await expect(preview).toBeVisible({ timeout: 60_000 });
    await tab.getByRole('button', { name: 'Build version 2' }).click();
    await expectReady(tab, 2);

    await goToNotebook(page);
    await expect(line).toContainText(`idna is in ${name} v2. This kernel runs v1.`, { timeout: 30_000 });
    // Once for each version, however many steps the build had; and the channels once.
    expect(asked).toEqual(['200 modules/idna', '200 packages?q=idna', '200 modules/idna']);
    await restart(page);
    await line.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(line).toBeHidden();
    await expect(page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output')).toHaveCount(0);
    expect(await runCell(page, 'import idna; print(idna.encode("größe").decode())')).toBe('xn--gre-6ka8i');
    await expect(line).toBeHidden();
  });

  test('that is to install something it is offered to have that in the environment', async ({ page }) => {
    const name = freshName('installs');
    const tab = await openBuilt(page, name, ASKED);
    await tab.getByRole('button', { name: 'Open notebook' }).click();
    const code = '%pip install "idna>=3" River_Words --index-url=https://ada:hunter2@mirror.example/simple  # both\n';
    expect(await runCell(page, code)).toContain('externally-managed-environment');
    const line = lineOf(page);
    await expect(line).toContainText(`idna >=3, River_Words are not in ${name} v1. Environments are changed as versions`, {
      timeout: 30_000
    });
    await expect(line).toContainText('Left out: --index-url.');
    await expect(line).not.toContainText('hunter2');
    await line.getByRole('button', { name: `Add idna, river-words to ${name}` }).click();
    const preview = tab.getByRole('table', { name: 'Preview of version 2' });
    await expect(preview.getByRole('row', { name: /^added ?idna/ })).toContainText('you added it', {
      timeout: 60_000
    });
    await expect(preview.getByRole('row', { name: /^added ?river-words/ })).toBeVisible();

    // What is there already is not offered, and what nobody knows is called so.
    await goToNotebook(page);
    await runCell(page, '%pip install pip');
    await expect(line).toBeHidden();
    await runCell(page, 'import my_own_file');
    await expect(line).toContainText('its channels have no package called my-own-file. Is it a file of yours?', {
      timeout: 30_000
    });
    await line.getByRole('button', { name: 'Look on PyPI' }).click();
    await expect(line).toContainText('neither its channels nor PyPI have a package called my-own-file', {
      timeout: 30_000
    });
    await runCell(page, 'import river_words');
    await expect(line).toContainText('Is it a file of yours?', { timeout: 30_000 });
    await line.getByRole('button', { name: 'Look on PyPI' }).click();
    await expect(line.getByRole('button', { name: `Add river-words to ${name}` })).toBeVisible({ timeout: 30_000 });
    await line.getByRole('button', { name: 'Hide this line' }).click();
    await expect(line).toBeHidden();
  });

  test('it stays while the cell is moved and scrolled away, and goes with its output', async ({ page }) => {
    const name = freshName('moves');
    const tab = await openBuilt(page, name, ASKED);
    await tab.getByRole('button', { name: 'Open notebook' }).click();
    await runCell(page, 'import idna');
    const line = lineOf(page);
    await expect(line).toBeVisible({ timeout: 30_000 });
    const run = (command: string): Promise<unknown> =>
      page.evaluate(id => window.jupyterapp.commands.execute(id), command);

    await page.notebook.selectCells(0);
    await run('notebook:move-cell-down');
    await expect(page.locator('.jp-Cell').nth(1).locator('.envstore-offer')).toBeVisible();
    await run('notebook:copy-cell');
    await run('notebook:paste-cell-below');
    await expect(page.locator('.jp-Cell')).toHaveCount(3);
    await expect(line).toHaveCount(1);
    // The order of undoing is the host's: only what comes back is looked at.
    await page.notebook.selectCells(await indexOfNeedy(page));
    await run('notebook:delete-cell');
    await expect(line).toBeHidden();
    await run('notebook:undo-cell-action');
    await expect(line).toBeVisible();

    // Far below it the cell is taken out of the page.
    await page.evaluate(() => {
      const notebook = window.jupyterapp.shell.currentWidget as unknown as {
        content: { model: { sharedModel: { addCell(cell: object): void } } };
      };
      for (let index = 0; index < 60; index++) {
        notebook.content.model.sharedModel.addCell({ cell_type: 'markdown', source: '# far\n\n'.repeat(9) });
      }
    });
    await page.locator('.jp-WindowedPanel-outer').hover();
    await page.mouse.wheel(0, 20_000);
    await expect(line).not.toBeInViewport();
    await page.mouse.wheel(0, -40_000);
    await expect(line).toBeInViewport();

    const saved = await page.evaluate(async () => {
      const { context } = window.jupyterapp.shell.currentWidget as unknown as {
        context: { model: { toJSON(): object } };
      };
      return JSON.stringify(context.model.toJSON());
    });
    expect(saved).not.toContain('envstore-offer');
    expect(saved).not.toContain('is not in');
    await page.notebook.selectCells(await indexOfNeedy(page));
    await run('notebook:clear-cell-output');
    await expect(line).toBeHidden();

    // Whoever made the version: what tells of it restarts the kernel of the notebook in front.
    await envstore('edit', name, '--add', 'idna');
    const ready = told(page, `${name} v2 is ready.`);
    await ready.getByRole('button', { name: 'Restart kernel…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm Kernel Restart' }).click();
    await run('notebook:clear-all-cell-outputs');
    expect(await runCell(page, 'import idna; print(idna.__name__)')).toBe('idna');
  });

  test('of another kernel nothing is offered, and nothing is asked', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request: Request) => {
      if (/\/envstore\/(modules|packages|environments\/)/.test(request.url())) {
        asked.push(request.url());
      }
    });
    await page.notebook.createNew('foreign.ipynb', { kernel: 'python3' });
    expect(await runCell(page, 'import nothing_like_this')).toContain('ModuleNotFoundError');
    expect(await runCell(page, 'print("done")')).toBe('done');
    await expect(lineOf(page)).toHaveCount(0);
    expect(asked).toEqual([]);
  });
});
