import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { faintTexts } from './contrast.ts';

/** The window on small screens, magnified, in light and dark, with all that it can hold at once. */

const LONG = 'a-very-long-name-without-a-single-space-or-anything-else-to-break-a-line-at';

let windows: Windows;
let window: TestWindow;
let other: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [window, other] = await windows.openPair(LONG.slice(0, 40));
  await fill();
});

afterAll(async () => {
  await windows.settle();
  await windows.stop();
});

/** An offer, a finished transfer, one that failed, and something that waits to be sent. */
async function fill(): Promise<void> {
  await dropFiles(other.peer(window.name), [putFile(windows.path(`${LONG}.txt`), 20)]);
  await window.answer(other, 'accept');
  const arrived = window.row(LONG);
  await arrived.getByText(en.phase.receive.delivered).waitFor();
  await arrived.getByRole('button', { name: /^Files of/ }).click();
  await arrived.getByRole('listitem').getByText(LONG).waitFor();
  await window.engine.commands.addPeer({ address: '127.0.0.1:9' });
  await dropFiles(window.peer('127.0.0.1'), [putFile(windows.path('lost.txt'), 20)]);
  await window.row('lost.txt').getByText(en.phase.send.failed).waitFor();
  await dropFiles(window.page.getByRole('heading', { level: 1 }), [
    putFile(windows.path('waiting', `${LONG}.mp4`), 20),
  ]);
  await window.button(en.window.send.putBack).waitFor();
  const folder = windows.path(`${LONG}-folder`);
  putFile(join(folder, 'inside.txt'), 20);
  await dropFiles(other.peer(window.name), [folder]);
  await window.offer(other).waitFor();
}

/** Home, home with every form open, history, history with its question open, settings. */
async function onEachView<T>(look: () => Promise<T>): Promise<readonly T[]> {
  // Buttons that do not answer yet are drawn faintly for a moment.
  await window.page.locator('[data-arming]').first().waitFor({ state: 'detached' });
  const seen = [await look()];
  await window.button(en.window.address.open).click();
  await window.answer(other, 'saveTo');
  seen.push(await look());
  await window.answer(other, 'back');
  await window.button(en.window.address.close).click();
  await window.button(en.window.self.history).click();
  await window.history.getByText(LONG).first().waitFor();
  seen.push(await look());
  await window.button(en.window.history.clear).click();
  seen.push(await look());
  await window.button(en.window.history.clearNo).click();
  await window.button(en.window.self.back).click();
  await window.button(en.window.self.settings).click();
  seen.push(await look());
  await window.button(en.window.self.back).click();
  return seen;
}

describe.each([
  ['on a screen 360 pixels wide', { width: 360, height: 640 }],
  // What zooming does: half as many pixels of the style sheet fit in.
  ['at 200 %', { width: 480, height: 340 }],
])('%s', (_, size) => {
  test('nothing has to be scrolled sideways', async () => {
    await window.page.setViewportSize(size);
    const sidewaysPx = () =>
      window.page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
    expect(await onEachView(sidewaysPx)).toEqual([0, 0, 0, 0, 0]);
  });
});

/** Of red, green and blue together, from 0 to 765. */
async function groundLight(): Promise<number> {
  const color = await window.page.evaluate(
    () => getComputedStyle(document.documentElement).backgroundColor,
  );
  const parts = color.match(/\d+/g) ?? [];
  return parts.slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
}

describe.each([
  ['light', 600, 765],
  ['dark', 0, 150],
] as const)('in %s colours', (colorScheme, darkest, brightest) => {
  test('every word stands out from its ground', async () => {
    await window.page.setViewportSize({ width: 960, height: 680 });
    await window.page.emulateMedia({ colorScheme });
    await expect.poll(groundLight).toBeGreaterThanOrEqual(darkest);
    await expect.poll(groundLight).toBeLessThanOrEqual(brightest);
    expect(await onEachView(() => faintTexts(window.page))).toEqual([[], [], [], [], []]);
  });
});
