/**
 * What the journeys with notebooks share.
 */
import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';

import { expectIdle } from './steps';
import { inFiles } from './terminal';

/** What a notebook's file says that it carries. */
export interface ICarried {
  readonly environment: { readonly namespace: string; readonly name: string; readonly version: number };
  readonly lockfile: { readonly package: ReadonlyArray<object>; readonly metadata: { readonly platforms: string[] } };
}

let runs = 0;

/** The panel of the notebook in front. */
export function notebookIn(page: IJupyterLabPageFixture): Locator {
  return page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
}

/** The toolbar item that says how the notebook in front stands to its kernel. */
export function standingOf(page: IJupyterLabPageFixture): Locator {
  return notebookIn(page).locator('.envstore-nbitem');
}

/** What opens below it. */
export function popupOf(page: IJupyterLabPageFixture): Locator {
  return page.getByRole('dialog', { name: 'Environment of this notebook' });
}

/** Wait until the item says something. */
export async function expectStanding(page: IJupyterLabPageFixture, label: string): Promise<void> {
  await expect(standingOf(page)).toHaveText(label, { timeout: 90_000 });
}

/** Press a button in the popup of the notebook in front. */
export async function press(page: IJupyterLabPageFixture, name: string): Promise<void> {
  await standingOf(page).click();
  await popupOf(page).getByRole('button', { name, exact: true }).click();
  await expect(popupOf(page)).toHaveCount(0);
}

/** Run an expression in the first cell of the notebook in front and return what it gives. */
export async function evaluate(page: IJupyterLabPageFixture, expression: string): Promise<string> {
  let text = '';
  // A kernel that has only just started loses what it is asked.
  await expect(async () => {
    const run = `run ${++runs}`;
    await page.notebook.enterCellEditingMode(0);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(`print(${expression}, '${run}')`);
    await page.keyboard.press('ControlOrMeta+Enter');
    const output = notebookIn(page).locator('.jp-OutputArea-output', { hasText: run });
    await expect(output).toBeVisible({ timeout: 20_000 });
    text = (await output.innerText()).replace(run, '').trim();
  }).toPass({ timeout: 120_000 });
  return text;
}

/** Save the notebook in front and return what its file carries; undefined when that is nothing. */
export async function save(page: IJupyterLabPageFixture, path: string): Promise<ICarried | undefined> {
  await page.notebook.save();
  return carriedIn(path);
}

/** What a notebook's file carries; undefined when that is nothing, or only the record of a run. */
export function carriedIn(path: string): ICarried | undefined {
  const { envstore } = JSON.parse(fs.readFileSync(inFiles(path), 'utf8')).metadata;
  return envstore?.lockfile ? envstore : undefined;
}

/** Open a file without the file browser, which another panel may hide. */
export async function open(page: IJupyterLabPageFixture, path: string): Promise<void> {
  await page.evaluate(async file => {
    await window.jupyterapp.commands.execute('docmanager:open', { path: file });
  }, path);
}

/** Close the notebook in front, saved: a run is recorded in it a moment after it has ended, and the host would ask. */
export async function close(page: IJupyterLabPageFixture): Promise<void> {
  await page.evaluate(async () => {
    const { commands, shell } = window.jupyterapp;
    const { context } = shell.currentWidget as NotebookPanel;
    do {
      await context.save();
    } while (context.model.dirty);
    await commands.execute('application:close');
  });
  await expect(page.locator('.jp-NotebookPanel')).toHaveCount(0);
}

/** Restart the kernel of the notebook in front, once it has one: how it stands may be known before. */
export async function restart(page: IJupyterLabPageFixture): Promise<void> {
  await expectIdle(page);
  await page.menu.clickMenuItem('Kernel>Restart Kernel…');
  await page.getByRole('button', { name: 'Confirm Kernel Restart' }).click();
}
