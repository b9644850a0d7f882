/**
 * Menus and notifications of JupyterLab, as people see them.
 */
import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

/** The notification that says something. */
export function told(page: IJupyterLabPageFixture, text: string | RegExp): Locator {
  return page.locator('.Toastify__toast', { hasText: text }).first();
}

/** Have no notification in the picture: whether somebody hides them or they go by themselves, as they may meanwhile. */
export async function hideNotifications(page: IJupyterLabPageFixture): Promise<void> {
  const buttons = page.getByRole('button', { name: 'Hide notification' });
  await expect(async () => {
    await buttons.first().click({ timeout: 2_000 }).catch(() => undefined);
    await expect(buttons).toHaveCount(0, { timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
}

/** Choose from the menu that is open. */
export async function chooseItem(page: IJupyterLabPageFixture, item: string): Promise<void> {
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}
