import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { IN_USE, show, STAGES } from './mock-store';
import { PANEL } from './steps';

async function openPanel(page: IJupyterLabPageFixture, environments: object[]): Promise<Locator> {
  await show(page, environments);
  await page.sidebar.openTab(PANEL);
  const panel = page.locator('.envstore-panel');
  await panel.getByRole('button', { name: 'Refresh' }).click();
  await expect(panel.getByText('analysis', { exact: true })).toBeVisible();
  return panel;
}

for (const theme of ['Light', 'Dark'] as const) {
  const kind = theme.toLowerCase();

  test.describe(`The panel in the ${kind} theme`, () => {
    test.beforeEach(({ page }) => (theme === 'Dark' ? page.theme.setDarkTheme() : page.theme.setLightTheme()));

    test('says in words and marks how each environment is', async ({ page }) => {
      const panel = await openPanel(page, IN_USE);
      await expect(panel.getByRole('img', { name: 'ready' })).toHaveCount(4);
      await expect(panel.getByRole('img', { name: 'building' })).toHaveCount(1);
      await expect(panel.getByRole('img', { name: 'failed' })).toHaveCount(1);
      await expect(panel.getByRole('img', { name: 'not on disk' })).toHaveCount(1);
      await expect(panel.getByText('Installing 88 of 142', { exact: true })).toBeVisible();
      await expect(panel.getByText('No versions fit together', { exact: true })).toBeVisible();
      await panel.getByText('geo', { exact: true }).hover();
      await page.screenshot({ path: `screenshots/panel-${kind}.png` });
    });

    test('shows the stages of builds', async ({ page }) => {
      const panel = await openPanel(page, STAGES);
      await expect(panel.getByText('Finding versions', { exact: true })).toBeVisible();
      await expect(panel.getByText('Fetching 42 of 105, 612 MB of 1.9 GB', { exact: true })).toBeVisible();
      await expect(panel.getByText('Waiting, 2 builds before it', { exact: true })).toBeVisible();
      await expect(panel.getByText('Stopped with the server', { exact: true })).toBeVisible();
      await page.keyboard.press('Escape');
      await panel.getByRole('textbox').focus();
      await page.keyboard.press('ArrowDown');
      await page.screenshot({ path: `screenshots/panel-stages-${kind}.png` });
    });

    test('can be read: text has a contrast of 4.5 at least', async ({ page }) => {
      const panel = await openPanel(page, IN_USE);
      for (const words of ['local', '1.2 GB', 'Installing 88 of 142', 'No versions fit together', 'See why']) {
        expect(await contrast(panel.getByText(words, { exact: true }).first()), words).toBeGreaterThanOrEqual(4.5);
      }
    });

    test('has a menu for each environment', async ({ page }) => {
      const panel = await openPanel(page, IN_USE);
      await panel.getByText('geo', { exact: true }).hover();
      await panel.getByRole('button', { name: 'More actions for geo' }).click();
      await expect(page.getByRole('menuitem', { name: 'Delete…' })).toBeVisible();
      await page.screenshot({ path: `screenshots/panel-menu-${kind}.png` });
    });
  });
}

test('The panel is usable at a width of 250 pixels', async ({ page }) => {
  const panel = await openPanel(page, IN_USE);
  await page.sidebar.setWidth(250, 'left');

  const overflow = await panel.evaluate(node => node.scrollWidth - node.clientWidth);
  expect(overflow).toBe(0);
  const name = panel.locator('.envstore-tree-name', { hasText: 'nlp-quarterly' });
  await expect(name).toHaveAttribute('title', 'nlp-quarterly-report-2026');
  await page.sidebar.getContentPanelLocator().screenshot({ path: 'screenshots/panel-narrow.png' });
});

/**
 * The contrast of an element's text with the panel's background, as WCAG 2 defines it.
 */
async function contrast(element: Locator): Promise<number> {
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
