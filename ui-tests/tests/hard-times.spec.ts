import { expect, test, type BrowserContext, type Locator, type Page } from '@playwright/test';

import { PANEL } from './steps';
import { OwnServer } from './terminal';

const PORT = Number(new URL(process.env.TARGET_URL!).port);
const SMALL = ['python=3.12', 'ipykernel'];
/** These take so long that something can happen meanwhile. What was built once is there at once, so no two are alike. */
const GREAT = ['python=3.11', 'ipykernel', 'matplotlib'];
const OTHER_GREAT = ['python=3.12', 'ipykernel', 'matplotlib', 'pandas'];

/** Open JupyterLab, logged in by the token, with the panel. A second tab of a browser gets a workspace of its own. */
async function openPanel(page: Page, server: OwnServer, workspace = 'default'): Promise<Locator> {
  await page.goto(`${server.url}lab/workspaces/${workspace}?reset&token=${server.token}`);
  await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
  const panel = page.locator('.envstore-panel');
  await expect(async () => {
    if (!(await panel.isVisible())) {
      await page.locator(`.jp-SideBar [data-id="${PANEL}"]`).click();
    }
    await expect(panel).toBeVisible({ timeout: 2000 });
  }).toPass();
  return panel;
}

/** The row of an environment. */
function row(panel: Locator, name: string): Locator {
  return panel.locator(`.envstore-tree-row[data-key="local/${name}"]`);
}

async function expectReady(panel: Locator, name: string): Promise<void> {
  await expect(row(panel, name).getByRole('img', { name: 'ready' })).toBeVisible({ timeout: 120_000 });
}

/** Ask for an environment in the panel, by YAML. */
async function create(page: Page, panel: Locator, name: string, packages: string[]): Promise<void> {
  await panel
    .getByRole('button', { name: /new environment/i })
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: 'New environment' });
  await dialog.getByRole('radio', { name: 'YAML' }).click();
  await dialog.getByRole('textbox', { name: 'environment.yml' }).click();
  await page.keyboard.press('ControlOrMeta+a');
  const lines = packages.map(item => `  - ${item}\n`).join('');
  await page.keyboard.insertText(`name: ${name}\ndependencies:\n${lines}`);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog).toBeHidden();
}

/** Log in on the page that the panel's link opens, as a person would. */
async function logIn(context: BrowserContext, link: Locator, token: string): Promise<void> {
  const opening = context.waitForEvent('page');
  await link.click();
  const login = await opening;
  await login.locator('#password_input').fill(token);
  await login.locator('#login_submit').click();
  await login.waitForURL(/\/lab/);
  await login.close();
}

test.describe('A server whose token changes while the panel is open', () => {
  test.setTimeout(240_000);
  const server = new OwnServer(PORT + 2, '/', 'the-first-token');
  test.beforeAll(() => server.start());
  test.afterAll(() => server.kill());

  test('says that the login has ended, offers the next one, and heals with nothing lost', async ({
    page,
    context
  }) => {
    await server.envstore('create', '-n', 'kept', ...SMALL);
    const panel = await openPanel(page, server);
    await expectReady(panel, 'kept');
    await panel.getByRole('textbox', { name: 'Filter environments' }).fill('k');

    // Where JupyterLab looks while the server is down it says so, in a dialog that covers the page.
    await page.addLocatorHandler(page.getByRole('dialog', { name: /Server Connection Error/ }), async said => {
      await said.getByRole('checkbox').check();
      await said.getByRole('button').last().click();
    });
    await server.kill();
    server.forgetLogins();
    server.token = 'the-second-token';
    await server.start();

    const alert = panel.getByRole('alert');
    await expect(alert).toContainText('Your login has ended.', { timeout: 60_000 });
    await expect(alert).toContainText('This is the list of');
    await expect(alert).not.toContainText('does not answer');
    await expect(row(panel, 'kept')).toBeVisible();
    await page.locator('#jp-left-stack').screenshot({ path: 'screenshots/login-ended.png' });
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expect(alert).toContainText('Your login has ended.');

    await server.envstore('create', '-n', 'keen', ...SMALL);
    await logIn(context, alert.getByRole('link', { name: 'Log in again' }), server.token);
    await expect(alert).toHaveCount(0, { timeout: 30_000 });
    await expect(panel.getByRole('textbox', { name: 'Filter environments' })).toHaveValue('k');
    await expectReady(panel, 'keen');
    await expectReady(panel, 'kept');
    // The new login is good for more than reading.
    await row(panel, 'keen').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(row(panel, 'keen')).toHaveCount(0);
  });
});

test.describe('A server below a base URL, with token login', () => {
  test.setTimeout(240_000);
  const server = new OwnServer(PORT + 3, '/some/where/', 'a-token');
  test.beforeAll(() => server.start());
  test.afterAll(() => server.kill());

  test('lists what there is, and builds', async ({ page }) => {
    await server.envstore('create', '-n', 'listed', ...SMALL);
    const panel = await openPanel(page, server);
    await expectReady(panel, 'listed');
    // JupyterLab opens its launcher a moment after the rest, and only where nothing else was opened before.
    const cardOf = (name: string): Locator => page.locator('.jp-LauncherCard', { hasText: `${name} (v1)` }).first();
    await expect(cardOf('listed')).toBeVisible();

    await create(page, panel, 'made-below', SMALL);
    await expectReady(panel, 'made-below');
    await expect(cardOf('made-below')).toBeAttached();
  });

  test('shows in one tab what is done in the other', async ({ page, context }) => {
    const here = await openPanel(page, server);
    const other = await context.newPage();
    const there = await openPanel(other, server, 'second');

    await create(page, here, 'shared', GREAT);
    await expect(row(there, 'shared').getByRole('progressbar')).toBeVisible({ timeout: 10_000 });
    await expectReady(there, 'shared');
    await expectReady(here, 'shared');

    await row(there, 'shared').focus();
    await other.keyboard.press('Delete');
    await other.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(row(there, 'shared')).toHaveCount(0);
    await expect(row(here, 'shared')).toHaveCount(0, { timeout: 10_000 });
  });

  test('comes to the end of a build without events', async ({ page }) => {
    const open = new Set<{ close(options: { code: number }): Promise<void> }>();
    let isLost = false;
    let refused = 0;
    await page.routeWebSocket(/\/api\/events\/subscribe/, async socket => {
      if (isLost) {
        refused++;
        await socket.close({ code: 1001 });
        return;
      }
      socket.connectToServer();
      open.add(socket);
    });
    const panel = await openPanel(page, server);
    await expect.poll(() => open.size).toBeGreaterThan(0);
    await create(page, panel, 'unheard', OTHER_GREAT);
    await expect(row(panel, 'unheard').getByRole('progressbar')).toBeVisible();

    isLost = true;
    await Promise.all([...open].map(socket => socket.close({ code: 1001 })));
    await expect(row(panel, 'unheard').getByRole('progressbar')).toBeVisible();

    await expectReady(panel, 'unheard');
    await expect(row(panel, 'unheard').getByRole('progressbar')).toHaveCount(0);
    await expect.poll(() => refused).toBeGreaterThan(0);
    // What is done elsewhere is seen too, a while later.
    await server.envstore('remove', 'unheard');
    await expect(row(panel, 'unheard')).toHaveCount(0, { timeout: 45_000 });
  });
});
