import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';

const PANEL = 'jupyter-envstore:environments';

async function openFromPalette(page: IJupyterLabPageFixture): Promise<void> {
  await page.keyboard.press('ControlOrMeta+Shift+c');
  await page.locator('.lm-CommandPalette-input').fill('Show Environments');
  await page.getByRole('menuitem', { name: 'Show Environments' }).first().click();
}

test.describe('The Environments panel', () => {
  test('opens from the command palette and shows what the server says', async ({ page }) => {
    await openFromPalette(page);

    const panel = page.locator('.envstore-panel');
    await expect(panel.getByRole('heading', { name: 'Environments', exact: true })).toBeVisible();
    await expect(panel.getByRole('status')).toContainText(process.env.ENVSTORE_UI_STORE!);
    await expect(panel.getByRole('status')).toContainText(/\d+\.\d+\.\d+/);
    expect(await page.sidebar.isTabOpen(PANEL)).toBe(true);
  });

  test('says in words that the server is away, and finds it again', async ({ page }) => {
    await page.sidebar.openTab(PANEL);
    const panel = page.locator('.envstore-panel');
    await expect(panel.getByRole('status')).toBeVisible();

    await page.route('**/envstore/status*', route => route.abort());
    await panel.getByRole('button', { name: 'Refresh' }).click();
    await expect(panel.getByRole('alert')).toContainText('The server does not answer.');
    await page.sidebar.getContentPanelLocator().screenshot({ path: 'screenshots/server-away.png' });

    await page.unroute('**/envstore/status*');
    await panel.getByRole('button', { name: 'Try again' }).click();
    await expect(panel.getByRole('status')).toContainText(process.env.ENVSTORE_UI_STORE!);
    await expect(panel.getByRole('alert')).toHaveCount(0);
  });

  for (const theme of ['Light', 'Dark'] as const) {
    test(`can be read in the ${theme.toLowerCase()} theme`, async ({ page }) => {
      await (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme());
      await page.sidebar.openTab(PANEL);
      const text = page.locator('.envstore-first > p').first();
      await expect(text).toBeVisible();

      expect(await contrast(text)).toBeGreaterThanOrEqual(4.5);
      await page.screenshot({ path: `screenshots/panel-${theme.toLowerCase()}.png` });
    });
  }
});

/**
 * The contrast of an element's text with the panel's background, as WCAG 2 defines it.
 */
async function contrast(element: ReturnType<IJupyterLabPageFixture['locator']>): Promise<number> {
  return element.evaluate(node => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const luminance = (colour: string): number => {
      // Drawing a pixel makes the browser turn every notation, color-mix() too, into plain sRGB numbers.
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue] = Array.from(canvas.getImageData(0, 0, 1, 1).data, value => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const back = luminance(getComputedStyle(node.closest('.envstore')!).backgroundColor);
    const front = luminance(getComputedStyle(node).color);
    return (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
  });
}
