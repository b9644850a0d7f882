import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { addPackage, create, expectReady, freshName, openNew, runCell, watchBar, writeYaml } from './steps';

const PROGRAM = 'import sys, numpy\nprint(sys.prefix, numpy.__version__)';

test.describe('A new environment', () => {
  test.use({ actionTimeout: 20_000 });
  test.setTimeout(240_000);

  test('is made from packages, watched, and runs a notebook', async ({ page }) => {
    const name = freshName('geo');
    const dialog = await openNew(page);
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await expect(dialog.getByText(`Its kernel will be called ${name} (v1)`)).toBeVisible();
    await addPackage(dialog, 'numpy');
    const field = dialog.getByRole('combobox', { name: 'Add a package' });
    // Of another Python than the journeys before: with all packages unpacked there is hardly any progress to see.
    await field.fill('python =3.11');
    await field.press('Enter');
    await expect(dialog.locator('[data-token="python =3.11"]')).toBeVisible();
    await field.fill(someOf(['idna', 'certifi', 'colorama', 'wcwidth', 'pytz', 'urllib3', 'setuptools']));
    await field.press('Enter');
    await expect(field).toHaveValue('');

    const watched = await watchBar(page, 'Build of version 1');
    const tab = await create(page, dialog, name);
    await expectReady(tab);
    await expect(tab.getByRole('progressbar')).toHaveCount(0);

    const seen = await watched();
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort((left, right) => left - right));
    await expect(tab.getByRole('log')).toContainText(/\S/);
    await expectNotebook(page, tab, name);
  });

  test('is made from YAML, its mistake corrected on the way', async ({ page }) => {
    const name = freshName('yaml');
    const dialog = await openNew(page);
    await writeYaml(
      page,
      dialog,
      `name: ${name}\nchannels:\n  - conda-forge\ndependencies:\n  - numpy >1.0<2.2  # old\n  - ipykernel\n`
    );

    await expect(dialog.getByRole('alert')).toContainText('Line 5:');
    await expect(dialog.getByRole('radio', { name: 'Form' })).toBeDisabled();
    await expect(dialog.getByRole('radio', { name: 'Form' })).toHaveAttribute('title', 'Correct line 5 first');
    await expect(dialog.getByRole('button', { name: 'Create' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Correct it' }).click();
    await expect(dialog.getByRole('alert')).toBeHidden();
    await dialog.getByRole('radio', { name: 'Form' }).click();
    await expect(dialog.locator('[data-token="numpy >1.0,<2.2"]')).toBeVisible();
    await dialog.getByRole('radio', { name: 'YAML' }).click();
    await expect(dialog.locator('.cm-content')).toContainText('# old');

    const tab = await create(page, dialog, name);
    await expectReady(tab);
    await expectNotebook(page, tab, name);
  });

  test('needs a package', async ({ page }) => {
    const dialog = await openNew(page);
    const make = dialog.getByRole('button', { name: 'Create' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(freshName('empty'));
    await expect(make).toBeEnabled();

    await dialog.getByRole('button', { name: 'Remove ipykernel' }).click();
    await expect(make).toBeDisabled();
    await expect(dialog.getByRole('status').filter({ hasText: 'Add a package' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Add ipykernel' }).click();
    await expect(make).toBeEnabled();
  });

  test('says while one types that a name is taken or cannot be', async ({ page }) => {
    const name = freshName('taken');
    let dialog = await openNew(page);
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await expect(dialog.getByRole('button', { name: 'Create' })).toBeEnabled();
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('region', { name: `Environment ${name}` })).toBeVisible();

    dialog = await openNew(page);
    const field = dialog.getByRole('textbox', { name: 'Name' });
    await field.fill(name.toUpperCase());
    await expect(dialog.getByText(`local/${name.toUpperCase()} exists. Choose another name.`)).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Create' })).toBeDisabled();
    await field.fill('two--hyphens');
    await expect(dialog.getByText('Two hyphens in a row')).toBeVisible();
  });

  test('asks before what was typed is lost, and not when nothing was', async ({ page }) => {
    const dialog = await openNew(page);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();

    await openNew(page);
    await dialog.getByRole('textbox', { name: 'Name' }).fill('draft');
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog').filter({ hasText: 'Discard the new environment?' });
    await expect(question).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('draft');

    await page.keyboard.press('Escape');
    await question.getByRole('button', { name: 'Discard' }).click();
    await expect(dialog).toBeHidden();
  });

  test('takes a file that is dropped on the dialog', async ({ page }) => {
    const dialog = await openNew(page);
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['name: dropped\ndependencies:\n  - numpy\n'], 'environment.yml'));
      return data;
    });
    await dialog.dispatchEvent('drop', { dataTransfer: transfer });
    await expect(dialog.locator('.cm-content')).toContainText('name: dropped');
  });

  test('lets packages be found and added without a mouse', async ({ page }) => {
    const dialog = await openNew(page);
    const field = dialog.getByRole('combobox', { name: 'Add a package' });
    await field.focus();
    await page.keyboard.type('pand', { delay: 20 });
    const found = dialog.getByRole('listbox', { name: 'Packages' });
    await expect(found.getByRole('option', { selected: true })).toContainText('pandas');
    await expect(field).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.press('Escape');
    await expect(found).toBeHidden();
    await expect(field).toHaveValue('pand');
    await page.keyboard.type('as >=2.2');
    await page.keyboard.press('Enter');
    await expect(dialog.locator('[data-token="pandas >=2.2"]')).toBeVisible();

    await dialog.getByRole('button', { name: 'pandas >=2.2', exact: true }).press('Enter');
    await dialog.getByRole('menuitemradio', { name: /At least/ }).press('Enter');
    await expect(dialog.locator('[data-token^="pandas >=2.3"]')).toBeVisible();
  });
});

/**
 * Some of the packages, others in each run: what was built with the same packages before would be there at once, and
 * there would be no progress to watch.
 */
function someOf(packages: string[]): string {
  const bits = Math.floor(Date.now() / 1000);
  return packages.filter((_, index) => (bits >> index) & 1).join(' ') || packages[0]!;
}

/** Open a notebook from the tab: it runs in the environment, with the numpy of the lock. */
async function expectNotebook(page: IJupyterLabPageFixture, tab: Locator, name: string): Promise<void> {
  const answer = await page.request.get(
    `${process.env.TARGET_URL}/envstore/environments/local/${name}/versions/1`
  );
  const { prefix } = await answer.json();
  const packages = await page.request.get(
    `${process.env.TARGET_URL}/envstore/environments/local/${name}/versions/1/packages`
  );
  const { items } = (await packages.json()) as { items: { name: string; version: string }[] };
  const numpy = items.find(item => item.name === 'numpy')!.version;

  await tab.getByRole('button', { name: 'Open notebook' }).click();
  expect(await runCell(page, PROGRAM)).toBe(`${prefix} ${numpy}`);
}
