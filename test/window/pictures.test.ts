import { mkdirSync, writeFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import { jpegOf, withExif } from '../support/pictures.ts';
import type { TestWindow } from '../support/test-window.ts';
import { Windows } from '../support/windows.ts';

/** If these fail, a stranger's pictures are on a screen where nobody wants them, or a friend's are not. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair('Ada', { pairs: true });
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

const PICTURES = 12;

async function offer(name: string): Promise<Locator> {
  mkdirSync(windows.path(name));
  for (let n = 0; n < PICTURES; n++) {
    writeFileSync(windows.path(name, `${n}.jpg`), withExif(jpegOf(400, 300), 6));
  }
  await dropFiles(ada.peer(ben.name), [windows.path(name)]);
  await card().waitFor();
  return card().locator('img');
}

/** Not the one that compares codes. */
const card = (): Locator => ben.page.locator('[data-offer]');

async function areSeen(pictures: Locator, count: number): Promise<void> {
  await expect.poll(() => pictures.count()).toBe(count);
  const sizes = await pictures.evaluateAll((all) =>
    Promise.all(
      (all as HTMLImageElement[]).map(async (one) => {
        await one.decode();
        return [one.naturalWidth, one.naturalHeight, one.alt].join(' ');
      }),
    ),
  );
  expect(new Set(sizes)).toEqual(new Set(['96 128 ']));
}

async function openFolder(name: string): Promise<void> {
  const button = card().getByRole('button', { name: en.window.offer.choose });
  await button.click();
  const folder = card().getByRole('treeitem').filter({ hasText: name });
  await folder.locator('svg').first().click();
}

async function answer(words: string): Promise<void> {
  const isArmed = ben.page.locator(':not([data-arming])');
  await card().getByRole('button', { name: words, exact: true }).and(isArmed).click();
}

/** Both say that the code is the same, which the first offer has brought. */
async function pair(): Promise<void> {
  for (const { engine } of [ada, ben]) {
    const coded = () => engine.snapshot().pairings.find(({ code }) => code !== null);
    await expect.poll(coded).toBeDefined();
    const pairingId = coded()?.pairingId;
    if (pairingId) await engine.commands.answerPairing({ pairingId, answer: 'match' });
  }
  await expect.poll(() => ben.engine.snapshot().paired.length).toBe(1);
}

test('what a stranger shows is not asked for, nor seen, before somebody wants to see it', async () => {
  const pictures = await offer('unknown');
  const show = ben.button('Show 12 pictures');
  await show.waitFor();
  const { id } = ben.engine.snapshot().transfers[0] ?? {};
  if (id === undefined) throw new Error('nothing is offered');
  const unasked = { transferId: id, from: 0, asked: false };
  expect(await ben.engine.commands.listPictures(unasked)).toEqual([]);
  await openFolder('unknown');
  expect(ben.engine.snapshot().transfers[0]).toMatchObject({
    pictures: { offered: PICTURES, come: 0 },
  });
  expect(await pictures.count()).toBe(0);
  await show.click();
  await expect.poll(() => pictures.count()).toBeGreaterThan(5);
  await ben.button(en.window.offer.hidePictures).click();
  expect(await pictures.count()).toBe(0);
  await pair();
  await areSeen(pictures, PICTURES);
  await show.waitFor({ state: 'detached' });
  await answer(en.window.offer.decline);
  await card().waitFor({ state: 'detached' });
  await expect(ben.engine.commands.listPictures({ ...unasked, asked: true })).rejects.toThrow();
});

test('those of a device that is paired are seen at once, upright, beside the names', async () => {
  const pictures = await offer('known');
  await areSeen(pictures, PICTURES);
  expect(await ben.page.locator('[data-show-pictures]').count()).toBe(0);
  await openFolder('known');
  await areSeen(card().locator('[role=treeitem] img'), PICTURES);
  await answer(en.window.offer.accept);
  await ben.row('known').getByText(en.phase.receive.delivered).waitFor();
});
