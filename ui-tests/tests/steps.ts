/**
 * What people do with environments, step by step. Shared by the journeys.
 */
import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Locator, Page } from '@playwright/test';

export const PANEL = 'jupyter-envstore:environments';

/** A name that no other test uses, so that the order and number of runs does not matter. */
export function freshName(begin: string): string {
  return `${begin}-${Date.now().toString(36)}`;
}

/** Open the panel and return it. */
export async function openPanel(page: IJupyterLabPageFixture): Promise<Locator> {
  await page.sidebar.openTab(PANEL);
  const panel = page.locator('.envstore-panel');
  await expect(panel).toBeVisible();
  return panel;
}

/** Open the tab of an environment from the panel and return it. */
export async function openEnvironment(page: IJupyterLabPageFixture, name: string): Promise<Locator> {
  const panel = await openPanel(page);
  await panel.locator('.envstore-tree-row', { hasText: name }).first().click();
  const tab = page.getByRole('region', { name: `Environment ${name}` });
  await expect(tab.getByRole('tablist')).toBeVisible();
  return tab;
}

/** Open the panel and, from it, the dialog for a new environment. */
export async function openNew(page: IJupyterLabPageFixture): Promise<Locator> {
  await page.sidebar.openTab(PANEL);
  const panel = page.locator('.envstore-panel');
  await panel.getByRole('button', { name: /new environment/i }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New environment' });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Search for a package as one types and take the one of that name. */
export async function addPackage(dialog: Locator, name: string): Promise<void> {
  const field = dialog.getByRole('combobox', { name: 'Add a package' });
  await field.pressSequentially(name, { delay: 20 });
  const found = dialog.getByRole('listbox', { name: 'Packages' });
  await found.getByRole('option').filter({ hasText: new RegExp(`^${name}\\d`) }).click();
  await expect(dialog.locator(`[data-token^="${name}"]`)).toBeVisible();
}

/** Replace the text of the YAML editor. */
export async function writeYaml(page: IJupyterLabPageFixture, dialog: Locator, text: string): Promise<void> {
  await dialog.getByRole('radio', { name: 'YAML' }).click();
  const editor = dialog.getByRole('textbox', { name: 'environment.yml' });
  await editor.click();
  await page.keyboard.press('ControlOrMeta+a');
  // Inserted at once: typed, the editor would indent on its own.
  await page.keyboard.insertText(text);
}

/** Press Create and return the tab of the new environment, on its builds. */
export async function create(page: IJupyterLabPageFixture, dialog: Locator, name: string): Promise<Locator> {
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog).toBeHidden();
  const tab = page.getByRole('region', { name: `Environment ${name}` });
  await expect(tab.getByRole('tab', { name: /Builds/, selected: true })).toBeVisible();
  return tab;
}

/** Wait until the build that the tab shows is ready. */
export async function expectReady(tab: Locator, version = 1): Promise<void> {
  // Not until nothing can be cancelled: that is so before the build is there, too.
  await expect(tab.getByRole('heading', { name: `Version ${version} is ready` })).toBeVisible({ timeout: 120_000 });
}

/**
 * Note from now on what a progress bar says whenever it is seen, however short that is: a look now and then would miss
 * what a fast machine builds in a second.
 *
 * @param label - What the bar is called.
 * @returns What tells how far it was, one number after the other.
 */
export async function watchBar(page: Page, label: string): Promise<() => Promise<number[]>> {
  const seen = await page.evaluateHandle(called => {
    const values: number[] = [];
    new MutationObserver(() => {
      for (const bar of document.querySelectorAll(`[role=progressbar][aria-label="${called}"]`)) {
        const value = Number(bar.getAttribute('aria-valuenow'));
        if (bar.checkVisibility() && value !== values.at(-1)) {
          values.push(value);
        }
      }
    }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['aria-valuenow'] });
    return values;
  }, label);
  return () => seen.jsonValue();
}

/** Wait until the kernel of the notebook in front has nothing to do; its mark in the toolbar may have no room. */
export async function expectIdle(page: IJupyterLabPageFixture): Promise<void> {
  const status = (): Promise<string | undefined> =>
    page.evaluate(() => {
      const panel = window.jupyterapp.shell.currentWidget as Partial<NotebookPanel> | null;
      return panel?.sessionContext?.session?.kernel?.status;
    });
  await expect.poll(status, { timeout: 60_000 }).toBe('idle');
}

/** Run code in the first cell of the open notebook and return what it prints. */
export async function runCell(page: IJupyterLabPageFixture, code: string): Promise<string> {
  const notebook = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  const cell = notebook.locator('.jp-Cell .cm-content').first();
  const prompt = notebook.locator('.jp-InputPrompt').first();
  // Until its kernel is idle a notebook may still be opening, and its cells be made anew, without what was typed.
  await expectIdle(page);
  // After a run before it has the number of that one, and its output.
  const before = await prompt.innerText();
  await expect(async () => {
    await cell.click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(code);
    await expect(cell).toContainText(code.split('\n')[0]!, { timeout: 1000 });
    await page.keyboard.press('Shift+Enter');
    await expect(prompt).not.toHaveText(before, { timeout: 2000 });
  }).toPass();
  // What it prints may come in pieces: all of it is there when it has ended.
  await expect(prompt).toHaveText(/^\[\d+\]:$/, { timeout: 60_000 });
  const output = notebook.locator('.jp-OutputArea-output').first();
  await expect(output).toBeVisible({ timeout: 60_000 });
  return (await output.innerText()).trim();
}

/** Drop a file of this computer on something. */
export async function dropOn(
  page: IJupyterLabPageFixture,
  target: Locator,
  text: string,
  name: string
): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([content, file]) => {
      const data = new DataTransfer();
      data.items.add(new File([content!], file!));
      return data;
    },
    [text, name]
  );
  await target.dispatchEvent('drop', { dataTransfer });
}
