/**
 * Menus and notifications of JupyterLab, as people see them.
 */
import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

/** The notification that says something. */
export function told(page: IJupyterLabPageFixture, text: string | RegExp): Locator {
  return page.locator('.Toastify__toast', { hasText: text }).first();
}

/** Have no notification in the picture: whether somebody hides it or it goes by itself, which it may do meanwhile. */
export async function hideNotification(page: IJupyterLabPageFixture): Promise<void> {
  const button = page.getByRole('button', { name: 'Hide notification' });
  await button.click({ timeout: 2_000 }).catch(() => undefined);
  await expect(button).toBeHidden();
}

/** Choose from the menu that is open. */
export async function chooseItem(page: IJupyterLabPageFixture, item: string): Promise<void> {
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}
