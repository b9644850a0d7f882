import { expect, test } from '@jupyterlab/galata';

import { PANEL } from './steps';
import { OwnServer } from './terminal';

const PORT = Number(new URL(process.env.TARGET_URL!).port) + 1;
const server = new OwnServer(PORT);

// Galata would ask the dead server for these itself, and take its silence for an error of the test.
test.use({ baseURL: `http://localhost:${PORT}`, kernels: null, sessions: null, terminals: null });

test.describe('A server that is killed and comes back', () => {
  test.setTimeout(240_000);
  test.beforeAll(() => server.start());
  test.afterAll(() => server.kill());

  test('leaves the list as it was, says so, and heals without a reload', async ({ page }) => {
    await page.sidebar.openTab(PANEL);
    const panel = page.locator('.envstore-panel');
    await expect(panel.getByRole('heading', { name: 'No environments yet' })).toBeVisible();
    await page.sidebar.getContentPanelLocator().screenshot({ path: 'screenshots/first-run.png' });
    await server.envstore('create', '-n', 'kept', 'python=3.12', 'ipykernel');
    const row = panel.locator('.envstore-tree-row[data-key="local/kept"]');
    await expect(row.getByRole('img', { name: 'ready' })).toBeVisible();
    await row.click();
    const tab = page.getByRole('region', { name: 'Environment kept' });
    await expect(tab.getByRole('table', { name: 'Packages you asked for' })).toBeVisible();

    await server.kill();
    const alert = panel.getByRole('alert');
    await expect(alert).toContainText('The server does not answer. This is the list of', { timeout: 60_000 });
    await expect(row).toBeVisible();
    // JupyterLab says it too, in a dialog of its own, and would again at each of its looks.
    const said = page.getByRole('dialog', { name: /Server Connection Error/ });
    await said.getByRole('checkbox').check();
    await said.getByRole('button').last().click();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expect(alert).toBeVisible();
    await page.sidebar.getContentPanelLocator().screenshot({ path: 'screenshots/server-away.png' });
    // What was not read yet cannot be now, and is when the server is back.
    await tab.getByRole('tab', { name: /Versions/ }).click();
    const version = tab.locator('[data-version="1"]');
    await expect(tab.getByText('The server does not answer.').last()).toBeVisible();
    await expect(version).toHaveCount(0);

    await server.envstore('create', '-n', 'made-meanwhile', 'python=3.12', 'ipykernel');
    await server.start();
    await expect(alert).toHaveCount(0, { timeout: 60_000 });
    await expect(panel.locator('.envstore-tree-row[data-key="local/made-meanwhile"]')).toBeVisible();
    await expect(version).toBeVisible();
  });

  test('in the middle of a build goes on with it', async ({ page }) => {
    await page.sidebar.openTab(PANEL);
    const panel = page.locator('.envstore-panel');
    await server.envstore('create', '-n', 'interrupted', '--no-wait', 'python=3.11', 'ipykernel', 'matplotlib');
    const row = panel.locator('.envstore-tree-row[data-key="local/interrupted"]');
    await expect(row.getByRole('progressbar')).toBeVisible();

    await server.kill();
    await server.start();

    await expect(row.getByRole('img', { name: 'ready' })).toBeVisible({ timeout: 150_000 });
  });
});
