import type { Dialog } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { HeldWire } from '../support/held-wire.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { asTheBrowserKeepsIt } from './browser-trees.ts';

/** A page is closed, loaded again, or loses the program behind it, in the middle of a transfer. */

const FILM_BYTES = 3_000_000;
/** More than the engine reads ahead and has on its way: the page is needed to the end. */
const LONG_FILM_BYTES = 30_000_000;
const HELD_AFTER_BYTES = 1_500_000;

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;
let wire: HeldWire;
let film = '';

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

/** A transfer that has begun and stays where it is. */
async function begin(bytes: number): Promise<void> {
  film = putFile(windows.path('film.mp4'), bytes, 3);
  wire = await windows.holdWire(ada, ben.engine, HELD_AFTER_BYTES);
  await dropFiles(ada.peer('127.0.0.1'), [film]);
  await ben.answer(ada, 'accept');
  await ben.row('film.mp4').getByText(en.phase.receive.transferring).waitFor();
}

test('a page that is closed while it serves files ends their transfer, and both sides are told', async () => {
  await begin(LONG_FILM_BYTES);
  await ada.page.close();
  wire.letGo();
  await ada.openAgain();
  const { title, what, do: next } = en.error.PAGE_CLOSED;
  const row = ada.row('film.mp4');
  await row.getByText(`${en.phase.send.failed}: ${title}`).waitFor();
  await row.getByText(`${what} ${next}`).waitFor();
  await ben.row('film.mp4').getByText(en.phase.receive.stopped).waitFor();
});

test('a page that serves files asks before it is left, and goes on where the person stays', async () => {
  await begin(FILM_BYTES);
  const asked = new Promise<Dialog>((resolve) => ada.page.once('dialog', resolve));
  await ada.page.getByRole('heading', { level: 1 }).click();
  void ada.page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  wire.letGo();
  await ada.row('film.mp4').getByText(en.phase.send.delivered).waitFor();
});

test('a page that is loaded again while it receives shows where things are, to the end', async () => {
  await begin(FILM_BYTES);
  await ben.page.reload();
  await ben.row('film.mp4').getByText(en.phase.receive.transferring).waitFor();
  wire.letGo();
  await ben.row('film.mp4').getByText(en.phase.receive.delivered).waitFor();
  const { savedAs } = ben.engine.snapshot().transfers[0]!;
  expect(asTheBrowserKeepsIt(savedAs!)).toEqual(asTheBrowserKeepsIt(film));
});

test('a second page of the same window shows the same transfer', async () => {
  await begin(FILM_BYTES);
  const first = ben.page;
  await ben.openAgain();
  await ben.row('film.mp4').getByText(en.phase.receive.transferring).waitFor();
  await ben.button('Cancel film.mp4').click();
  await first.getByText(en.phase.receive.cancelledByUs, { exact: true }).waitFor();
  await first.close();
});

test('a window whose program has ended says that the connection is lost, and what to do', async () => {
  await begin(FILM_BYTES);
  await ben.stopEngine();
  const alert = ben.page.getByRole('alert').filter({ hasText: en.window.link.lost });
  await alert.getByText(en.window.link.lostMore).waitFor();
  await ada.row('film.mp4').getByText(en.phase.send.interrupted).waitFor();
  // The browser itself reports each try of the page to reach the program again.
  await ben.page.close();
  for (const complaint of ben.takeComplaints())
    expect(complaint).toMatch(/ERR_CONNECTION_(REFUSED|RESET)/);
});
