/**
 * What the journeys that edit environments share.
 */
import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';

import { envstore, inFiles } from './terminal';

/** Build an environment in the terminal and open its tab, on the packages. */
export async function openBuilt(
  page: IJupyterLabPageFixture,
  name: string,
  dependencies: string[],
  platforms: string[] = []
): Promise<Locator> {
  const file = inFiles(`${name}.yml`);
  const list = (key: string, items: string[]): string => [`${key}:`, ...items.map(item => `  - ${item}`), ''].join('\n');
  const parts = [list('channels', ['conda-forge']), list('dependencies', dependencies)];
  if (platforms.length > 0) {
    parts.push(list('platforms', platforms));
  }
  fs.writeFileSync(file, `name: ${name}\n${parts.join('')}`);
  await envstore('create', '-f', file);
  await openTab(page, name);
  const tab = page.getByRole('region', { name: `Environment ${name}` });
  await expect(tab.getByRole('table', { name: 'Packages you asked for' })).toBeVisible();
  return tab;
}

/** Open the tab of an environment, on the packages. */
export async function openTab(page: IJupyterLabPageFixture, name: string): Promise<void> {
  await page.evaluate(
    environment =>
      window.jupyterapp.commands.execute('envstore:open-environment', {
        namespace: 'local',
        name: environment,
        tab: 'packages'
      }),
    name
  );
}

/** The row of a package that is asked for. */
export function rowOf(tab: Locator, name: string): Locator {
  return tab.locator(`tr[data-package="${name}"]`);
}
