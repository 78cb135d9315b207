import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { namesBelow, putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';

/** A person looks into an offer and takes some of it, on a real offer from another window. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(async () => {
  await ben.page.setViewportSize({ width: 1280, height: 720 });
  await windows.settle();
});
afterAll(() => windows.stop());

async function offer(name: string): Promise<void> {
  const root = windows.path(name);
  for (const path of ['a.jpg', 'b.jpg', 'old/c.jpg', 'old/d.jpg']) putFile(join(root, path), 1_000);
  mkdirSync(join(root, 'empty'));
  await dropFiles(ada.peer(ben.name), [root]);
  await ben.offer(ada).waitFor();
  await ben.offer(ada).getByRole('button', { name: en.window.offer.choose }).click();
  await tree().waitFor();
}

const tree = (): Locator => ben.offer(ada).getByRole('tree', { name: en.window.offer.tree });
const item = (name: string): Locator => tree().getByRole('treeitem').filter({ hasText: name });

async function isChecked(name: string, checked: 'true' | 'false' | 'mixed'): Promise<void> {
  await item(name)
    .and(ben.page.locator(`[aria-checked=${checked}]`))
    .waitFor();
}

async function says(words: string): Promise<void> {
  await ben.offer(ada).getByText(words, { exact: true }).waitFor();
}

function accept(words: string): Locator {
  return ben
    .offer(ada)
    .getByRole('button', { name: words, exact: true })
    .and(ben.page.locator(':not([data-arming])'));
}

test('what is not checked does not come, and both windows say how much was wanted', async () => {
  await offer('album');
  await says('4 of 4 files chosen · 4.0 kB');
  await isChecked('album', 'true');
  // the arrow opens it, the rest of the row checks it
  await item('album').locator('svg').first().click();
  await item('a.jpg').click();
  await isChecked('a.jpg', 'false');
  await isChecked('album', 'mixed');
  await item('old').click();
  await says('1 of 4 files chosen · 1.0 kB');
  await accept('Accept 1 of 4 (1.0 kB)').click();
  await ben.row('album').getByText(en.phase.receive.delivered).waitFor();
  await ada.row('album').getByText(en.phase.send.delivered).waitFor();
  await ada.row('album').getByText('1 of 4 files were wanted. The rest was not sent.').waitFor();
  await ben.row('album').getByText('1 of 4 files were chosen. The rest was not wanted.').waitFor();
  const saved = namesBelow(join(ben.inbox, 'album'));
  expect(saved).toEqual(['b.jpg', 'empty']);
});

test('where nothing is chosen only a no is left', async () => {
  await offer('nothing');
  await item('nothing').click();
  await says(en.window.offer.choseNone);
  const button = ben.offer(ada).getByRole('button', { name: 'Accept 0 of 4 (0 bytes)' });
  expect(await button.isDisabled()).toBe(true);
  await item('nothing').click();
  await isChecked('nothing', 'true');
  await accept(en.window.offer.accept).waitFor();
  await ben.answer(ada, 'decline');
  await ada.row('nothing').getByText(en.phase.send.declined).waitFor();
});

test('the choice stays when the tree is closed, and the plan is of what is chosen', async () => {
  putFile(join(ben.inbox, 'plan', 'a.jpg'), 77);
  await offer('plan');
  await ben.offer(ada).getByText('already here, but different', { exact: false }).waitFor();
  await item('plan').locator('svg').first().click();
  await item('a.jpg').click();
  await ben.offer(ada).getByText('3 new', { exact: false }).waitFor();
  const differs = ben.offer(ada).getByText('already here, but different', { exact: false });
  await differs.waitFor({ state: 'detached' });
  await ben.offer(ada).getByRole('button', { name: en.window.offer.choose }).click();
  await tree().waitFor({ state: 'detached' });
  await accept('Accept 3 of 4 (3.0 kB)').waitFor();
  await ben.answer(ada, 'decline');
});

describe('by keys alone', () => {
  test('it is walked, opened, closed and checked', async () => {
    await offer('keys');
    const keys = ben.page.keyboard;
    await tree().focus();
    const active = async (): Promise<string> => {
      const id = await tree().getAttribute('aria-activedescendant');
      return (await ben.page.locator(`[id="${id}"]`).innerText()).split('\n')[0]!.trim();
    };
    expect(await active()).toBe('keys');
    await keys.press('ArrowRight');
    await item('a.jpg').waitFor();
    const shown = await tree().getByRole('treeitem').allInnerTexts();
    const place = shown.findIndex((text) => text.startsWith('old'));
    for (let n = 0; n < place; n++) await keys.press('ArrowDown');
    expect(await active()).toBe('old');
    await keys.press('ArrowRight');
    await item('c.jpg').waitFor();
    await keys.press('ArrowRight');
    await keys.press('Space');
    await isChecked('old', 'mixed');
    await keys.press('ArrowLeft');
    expect(await active()).toBe('old');
    await keys.press('ArrowLeft');
    await item('c.jpg').waitFor({ state: 'detached' });
    await keys.press('Home');
    expect(await active()).toBe('keys');
    const facts = await item('old').evaluate((row) => [
      row.getAttribute('aria-level'),
      row.getAttribute('aria-setsize'),
      row.getAttribute('aria-expanded'),
    ]);
    expect(facts).toEqual(['2', '4', 'false']);
    await says('3 of 4 files chosen · 3.0 kB');
    await ben.answer(ada, 'decline');
  });
});

test('a narrow window has room for it', async () => {
  await ben.page.setViewportSize({ width: 360, height: 640 });
  await offer('a name that is far longer than any narrow window has room for in one row');
  const wide = await ben.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide).toBeLessThanOrEqual(0);
  const row = await tree().getByRole('treeitem').first().boundingBox();
  expect(row!.x + row!.width).toBeLessThanOrEqual(360);
  await ben.answer(ada, 'decline');
});
