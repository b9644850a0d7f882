import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';

import { openBuilt, rowOf } from './editing';
import { expectReady, freshName } from './steps';

test.use({ actionTimeout: 20_000 });
test.setTimeout(240_000);

test.describe('A version', () => {
  test('is had in every format', async ({ page }) => {
    const name = freshName('formats');
    const asked = ['python =3.12  # as in the course', 'idna'];
    const tab = await openBuilt(page, name, asked, ['linux-64', 'osx-arm64']);
    await tab.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(tab.getByRole('tab', { name: 'Share', selected: true })).toBeVisible();
    await expect(tab.getByRole('combobox', { name: 'Version' })).toHaveValue('1');
    const formats = tab.getByRole('region', { name: 'To build it again elsewhere' });

    const yaml = await download(page, formats, 'environment.yml');
    expect(yaml.name).toBe(`${name}-v1.environment.yml`);
    expect(yaml.text).toContain('- python =3.12  # as in the course');
    const locked = await download(page, formats, 'conda-lock.yml');
    expect(locked.text).toMatch(/idna/);
    expect(locked.text).toContain('osx-arm64');
    await expect(formats.getByRole('listitem').filter({ hasText: 'conda-lock.yml' }).first()).toContainText(
      'on 2 platforms'
    );
    expect((await download(page, formats, 'pixi.lock')).text).toMatch(/^version: \d/m);
    const here = await download(page, formats, 'Explicit list');
    expect(here.text).toContain('@EXPLICIT');
    expect(here.text).toContain('/linux-64/python-3.12');
    await formats.getByRole('combobox', { name: 'Platform of Explicit list' }).selectOption('osx-arm64');
    await expect(formats.getByText('Exactly these packages, on osx-arm64.')).toBeVisible();
    const there = await download(page, formats, 'Explicit list');
    expect(there.name).toBe(`${name}-v1-osx-arm64.explicit.txt`);
    expect(there.text).toContain('/osx-arm64/python-3.12');

    const pip = formats.getByRole('listitem').filter({ hasText: 'pylock.toml' });
    await expect(pip).toContainText('It has no packages of pip');
    await expect(pip.getByRole('button')).toHaveCount(0);
  });

  test('says where it cannot be had, and takes a way there', async ({ page }) => {
    const tab = await openBuilt(page, freshName('linux-only'), ['python =3.12', 'xxhash', 'uvloop'], ['linux-64']);
    await tab.getByRole('tab', { name: 'Share' }).click();
    const platforms = tab.getByRole('list', { name: 'Platforms' });
    await expect(platforms).toContainText('linux-64, this machine');
    await expect(platforms).toContainText('win-64 not checked');

    await tab.getByRole('button', { name: 'Check other platforms' }).click();
    const choice = tab.getByRole('group', { name: 'Find out whether it can be had on' });
    await expect(choice.getByRole('checkbox', { name: 'win-64' })).toBeVisible();
    for (const box of await choice.getByRole('checkbox').all()) {
      await box.uncheck();
    }
    await expect(choice.getByRole('button', { name: /^Check/ })).toBeDisabled();
    await choice.getByRole('checkbox', { name: 'osx-arm64' }).check();
    await choice.getByRole('checkbox', { name: 'win-64' }).check();
    await choice.getByRole('button', { name: 'Check 2 platforms' }).click();

    await expect(platforms).toContainText('win-64: 1 package has no build', { timeout: 60_000 });
    await expect(platforms).toContainText('osx-arm64: 1 package has no build');
    const report = tab.getByRole('region', { name: 'win-64' });
    await expect(report.getByRole('list', { name: 'Missing on win-64' })).toContainText('uvloop');
    await expect(report.getByRole('list', { name: 'Missing on win-64' })).toContainText('not there in any version');
    await report.getByRole('list', { name: 'Ways to win-64' }).getByRole('button', { name: /uvloop/ }).first().click();
    await expect(tab.getByRole('heading', { name: 'Preview of version 2' })).toBeVisible();
    await expect(tab.getByText('linux-64, win-64')).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await expect(report).toBeVisible();

    await report.getByRole('list', { name: 'Ways to win-64' }).getByRole('button', { name: /uvloop/ }).first().click();
    await tab.getByRole('button', { name: 'Build version 2' }).click();
    await expectReady(tab, 2);
    await tab.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(platforms.getByRole('listitem').filter({ hasText: /^win-64$/ })).toBeVisible();
    await expect(platforms).toContainText('osx-arm64');
  });

  test('is given a platform on which it can be had', async ({ page }) => {
    const tab = await openBuilt(page, freshName('further'), ['python =3.12', 'idna'], ['linux-64']);
    await tab.getByRole('tab', { name: 'Share' }).click();
    await tab.getByRole('button', { name: 'Check other platforms' }).click();
    await tab.getByRole('group').getByRole('button', { name: /^Check \d/ }).click();
    const report = tab.getByRole('region', { name: 'osx-arm64' });
    await expect(report).toContainText('packages fit', { timeout: 90_000 });
    await report.getByRole('button', { name: 'Add osx-arm64 to this environment' }).click();
    await tab.getByRole('button', { name: 'Build version 2' }).click();
    await expectReady(tab, 2);
    await tab.getByRole('tab', { name: 'Packages' }).click();
    await expect(rowOf(tab, 'idna')).toBeVisible();
    await tab.getByRole('button', { name: 'Share', exact: true }).click();
    const chip = tab.getByRole('list', { name: 'Platforms' }).getByRole('listitem').filter({ hasText: 'osx-arm64' });
    await expect(chip.locator('.envstore-chip')).toHaveClass(/jp-mod-active/);
  });
});

/** Download a format; return what the file is called and what is in it. */
async function download(
  page: IJupyterLabPageFixture,
  formats: Locator,
  title: string
): Promise<{ name: string; text: string }> {
  const begun = page.waitForEvent('download');
  await formats.getByRole('button', { name: `Download ${title}`, exact: true }).click();
  const file = await begun;
  return { name: file.suggestedFilename(), text: fs.readFileSync(await file.path(), 'utf8') };
}
