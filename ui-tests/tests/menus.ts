/**
 * Menus and notifications of JupyterLab, as people see them.
 */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

/** The notification that says something. */
export function told(page: IJupyterLabPageFixture, text: string | RegExp): Locator {
  return page.locator('.Toastify__toast', { hasText: text }).first();
}

/** Choose from the menu that is open. */
export async function chooseItem(page: IJupyterLabPageFixture, item: string): Promise<void> {
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}
