import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { HeldWire } from '../support/held-wire.ts';
import { Proxy } from '../support/proxy.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { asTheBrowserKeepsIt } from './browser-trees.ts';

/** The buttons that stop a transfer, let it go on, and try again what failed. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

/** More than can be on its way at once: some of it is still to come when the sender hears of a pause. */
const FILM_BYTES = 36_000_000;

/** A transfer that has come part of its way and stays there. */
async function halfway(name: string): Promise<HeldWire> {
  const wire = await windows.holdWire(ada, ben.engine, FILM_BYTES / 10);
  await dropFiles(ada.peer('127.0.0.1'), [putFile(windows.path(name), FILM_BYTES, 3)]);
  await ben.answer(ada, 'accept');
  await ben.row(name).getByText(en.phase.receive.transferring).waitFor();
  return wire;
}

describe('Pause', () => {
  test('by the receiver stops it in both windows, in the words of each, and Resume lets it go on', async () => {
    const wire = await halfway('a film.mp4');
    await ben.button('Pause a film.mp4').click();
    await ben.row('a film.mp4').getByText(en.phase.receive.pausedByUs).waitFor();
    wire.letGo(); // no more can come than was on its way
    await ada.row('a film.mp4').getByText(en.phase.send.pausedByPeer).waitFor();
    expect(await ada.button(/^(Pause|Resume) a film/).count()).toBe(0);
    await ben.button('Resume a film.mp4').click();
    await ada.row('a film.mp4').getByText(en.phase.send.delivered).waitFor();
    expect(asTheBrowserKeepsIt(join(ben.inbox, 'a film.mp4'))).toEqual(
      asTheBrowserKeepsIt(windows.path('a film.mp4')),
    );
  });

  test('by the sender stops it in both windows', async () => {
    const wire = await halfway('another film.mp4');
    await ada.button('Pause another film.mp4').click();
    await ada.row('another film.mp4').getByText(en.phase.send.pausedByUs).waitFor();
    wire.letGo(); // the word comes after what was on its way
    await ben.row('another film.mp4').getByText(en.phase.receive.pausedByPeer).waitFor();
    await ada.button('Resume another film.mp4').click();
    await ben.row('another film.mp4').getByText(en.phase.receive.delivered).waitFor();
  });

  test('is one button that a keyboard stays on while it changes', async () => {
    const wire = await halfway('by keyboard.mp4');
    await ben.button('Pause by keyboard.mp4').focus();
    for (const [word, next] of [
      ['Pause', 'Resume'],
      ['Resume', 'Pause'],
    ] as const) {
      await ben.page.keyboard.press('Enter');
      await ben.button(`${next} by keyboard.mp4`).and(ben.page.locator(':focus')).waitFor();
      expect(await ben.button(`${word} by keyboard.mp4`).count()).toBe(0);
    }
    wire.letGo();
    await ben.row('by keyboard.mp4').getByText(en.phase.receive.delivered).waitFor();
  });

  test('does not keep anybody from cancelling', async () => {
    await halfway('stopped for good.mp4');
    await ben.button('Pause stopped for good.mp4').click();
    await ada.row('stopped for good.mp4').getByText(en.phase.send.pausedByPeer).waitFor();
    await ben.button('Cancel stopped for good.mp4').click();
    await ada.row('stopped for good.mp4').getByText(en.phase.send.cancelledByPeer).waitFor();
    await ben.row('stopped for good.mp4').getByText(en.phase.receive.cancelledByUs).waitFor();
  });
});

test('what was cut goes on by itself, at the address where its receiver is announced', async () => {
  const wire = await halfway('cut film.mp4');
  await wire.stop();
  await ada.row('cut film.mp4').getByText(en.phase.send.delivered).waitFor();
  await ben.row('cut film.mp4').getByText(en.phase.receive.delivered).waitFor();
});

test('Try now is there while the receiver is announced nowhere, and says so to the engine', async () => {
  const [cara, dan] = await Promise.all(
    ['Cara', 'Dan'].map((name) => windows.open(name, { discovery: false })),
  );
  const proxy = await Proxy.open(dan!.engine.snapshot().self.port ?? 0);
  proxy.setFates({ cutAfterBytes: FILM_BYTES / 10 });
  await cara!.engine.commands.addPeer({ address: `127.0.0.1:${proxy.port}` });
  const film = putFile(windows.path('far film.mp4'), FILM_BYTES, 3);
  await dropFiles(cara!.peer('127.0.0.1'), [film]);
  await dan!.offer(cara!).waitFor();
  proxy.refuse(true); // only those to come
  await dan!.answer(cara!, 'accept');
  await cara!.row('far film.mp4').getByText(en.phase.send.interrupted).waitFor();
  // whoever receives cannot dial
  await dan!.row('far film.mp4').getByText(en.phase.receive.interrupted).waitFor();
  const tryNow = 'Try now: far film.mp4';
  expect(await dan!.button(tryNow).count()).toBe(0);
  // but learns what it takes up here until the sender is back
  await dan!.button(/^Discard, frees \d\.\d MB: far film\.mp4$/).waitFor();
  const resume = vi.spyOn(cara!.engine.commands, 'resume');
  await cara!.button(tryNow).click();
  const [{ id: transferId } = { id: '' }] = cara!.engine.snapshot().transfers;
  await expect.poll(() => resume.mock.calls).toEqual([[{ transferId }]]);
  proxy.refuse(false);
  await cara!.row('far film.mp4').getByText(en.phase.send.delivered).waitFor();
  expect(asTheBrowserKeepsIt(join(dan!.inbox, 'far film.mp4'))).toEqual(asTheBrowserKeepsIt(film));
  await proxy.stop();
});

test('where several have failed, all of them are sent again at once', async () => {
  const proxy = await Proxy.open(ben.engine.snapshot().self.port ?? 0);
  proxy.refuse(true);
  await ada.engine.commands.addPeer({ address: `127.0.0.1:${proxy.port}` });
  const names = ['one.txt', 'two.txt', 'three.txt'];
  const all = ada.button(en.window.transfers.retryAll);
  for (const [at, name] of names.entries()) {
    expect(await all.count()).toBe(at < 2 ? 0 : 1);
    await dropFiles(ada.peer('127.0.0.1'), [putFile(windows.path(name), 20)]);
    await ada.row(name).getByText(en.phase.send.failed).waitFor();
  }
  proxy.refuse(false);
  await all.click();
  // of one device one prompt is shown at a time
  const asked = () => ben.engine.snapshot().transfers.find(({ phase }) => phase === 'offered');
  for (const name of names) {
    await expect.poll(asked).toBeDefined();
    const transferId = asked()?.id;
    if (transferId === undefined) throw new Error(`${name} is not offered`);
    await ben.engine.commands.answer({ transferId, accept: true, folderId: null });
    await expect.poll(() => asked()?.id).not.toBe(transferId);
  }
  for (const name of names) await ada.row(name).getByText(en.phase.send.delivered).waitFor();
  await all.waitFor({ state: 'detached' });
  expect(ada.engine.snapshot().transfers).toHaveLength(names.length);
  await proxy.stop();
});
