import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles, holdFiles } from '../support/electron-stand-in/start-desktop.ts';
import { BLUE, GREEN, RED, YELLOW, coloursOf, isNear, pngOf } from '../support/pictures.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { asTheBrowserKeepsIt } from './browser-trees.ts';

/** To whom a thing goes that is pasted, or let go somewhere in the window: to nobody that was not meant. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

const send = en.window.send;

/** As a tool for screenshots leaves it: no file, only its pixels. */
async function copyPicture(window: TestWindow): Promise<void> {
  const { page } = window;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(
    async (bytes) => {
      const picture = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    },
    [...pngOf(64, 48)],
  );
}

/** The browser writes it anew: what counts is what is seen. */
async function arrives(name: string): Promise<void> {
  await ben.answer(ada, 'accept');
  await ada.row(name).getByText(en.phase.send.delivered).waitFor();
  const colours = coloursOf(readFileSync(join(ben.inbox, name)));
  const painted = [RED, GREEN, BLUE, YELLOW];
  expect(colours.every((colour, at) => isNear(colour, painted[at] ?? RED))).toBe(true);
}

test('a picture that is pasted waits for a device, and arrives there', async () => {
  await copyPicture(ada);
  await ada.page.getByRole('heading', { level: 1 }).click();
  await ada.page.keyboard.press('Control+V');
  await ada.page.getByRole('heading', { name: 'Ready to send: image.png' }).waitFor();
  expect(ada.engine.snapshot().transfers).toEqual([]);
  await ada.peer(ben.name).click();
  await arrives('image.png');
});

test('a picture that is pasted on a device goes there at once', async () => {
  await copyPicture(ada);
  await ada.button(en.window.address.open).focus();
  await ada.page.keyboard.press('Tab');
  await ada.peer(ben.name).focus();
  await ada.page.keyboard.press('Control+V');
  await ben.offer(ada).getByText('image.png').first().waitFor();
  await ben.answer(ada, 'decline');
});

test('files that wait are handed to several devices at once, and arrive whole at each', async () => {
  const [cleo, dora] = await Promise.all([windows.open('Cleo'), windows.open('Dora')]);
  for (const { name } of [cleo, dora]) await ada.peer(name).waitFor();
  const film = putFile(windows.path('film.mp4'), 2_000_001, 3);
  const song = putFile(windows.path('song.ogg'), 300_007, 4);
  await dropFiles(ada.page.getByRole('heading', { level: 1 }), [film, song]);
  await ada.button(en.window.peers.several).click();
  for (const { name } of [ben, cleo]) await ada.peer(name).click();
  await ada.button('Send to 2 devices').click();
  for (const to of [ben, cleo]) {
    await to.answer(ada, 'accept');
    await to.row('film.mp4').getByText(en.phase.receive.delivered).waitFor();
    for (const path of [film, song]) {
      const arrived = join(to.inbox, path === film ? 'film.mp4' : 'song.ogg');
      expect(asTheBrowserKeepsIt(arrived)).toEqual(asTheBrowserKeepsIt(path));
    }
  }
  // who was not chosen is not asked
  expect(ada.engine.snapshot().transfers).toHaveLength(2);
  expect(dora.engine.snapshot().transfers).toEqual([]);
  await windows.close(cleo);
  await windows.close(dora);
});

test('what is let go over the transfers goes to none of their devices before it is said to whom', async () => {
  const before = putFile(windows.path('before.txt'), 10);
  await dropFiles(ada.peer(ben.name), [before]);
  await ben.answer(ada, 'accept');
  const row = ada.row('before.txt');
  await row.getByText(en.phase.send.delivered).waitFor();
  await dropFiles(row, [putFile(windows.path('after.txt'), 20)]);
  await ada.page.getByRole('heading', { name: 'Ready to send: after.txt' }).waitFor();
  await ada.page.getByText(send.toWhom).waitFor();
  expect(ada.engine.snapshot().transfers).toHaveLength(1);
  await ada.button(send.putBack).click();
});

test('what is let go over the settings is seen to wait', async () => {
  await ada.button(en.window.self.settings).click();
  const name = ada.page.getByRole('heading', { level: 1 });
  await dropFiles(name, [putFile(windows.path('late.txt'), 30)]);
  await ada.page.getByRole('heading', { name: 'Ready to send: late.txt' }).waitFor();
  await ada.button(send.putBack).click();
});

test('while files are held over the window, it says what a release would do', async () => {
  const paths = [putFile(windows.path('held.txt'), 40)];
  const toBen = ada.peer(ben.name).getByText(`Release to send to ${ben.name}`);
  const toNobody = ada.page.getByText(send.releaseToStage);
  const hand = await holdFiles(ada.peer(ben.name), paths);
  await toBen.waitFor();
  expect(await toNobody.count()).toBe(0);
  await hand.carryTo(ada.page.getByRole('heading', { level: 1 }));
  await toNobody.waitFor();
  expect(await toBen.count()).toBe(0);
  await hand.carryTo(ada.peer(ben.name));
  await toBen.waitFor();
  await toNobody.waitFor({ state: 'detached' });
  expect(ada.engine.snapshot().transfers).toEqual([]);
  await hand.letGo();
  await ben.offer(ada).getByText('held.txt').first().waitFor();
  await toBen.waitFor({ state: 'detached' });
});
