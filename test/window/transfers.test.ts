import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { HeldWire } from '../support/held-wire.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';
import { asTheBrowserKeepsIt } from './browser-trees.ts';

/** What a transfer shows, and what can be done with it, while it runs and when it has ended. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

const FILM_BYTES = 3_000_000;

/** A transfer that has come half its way and stays there. */
async function halfway(name: string): Promise<HeldWire> {
  const wire = await windows.holdWire(ada, ben.engine, FILM_BYTES / 2);
  await dropFiles(ada.peer('127.0.0.1'), [putFile(windows.path(name), FILM_BYTES, 3)]);
  await ben.answer(ada, 'accept');
  await ben.row(name).getByText(en.phase.receive.transferring).waitFor();
  return wire;
}

describe('Cancel', () => {
  test('by the sender ends it in both windows and leaves nothing on the disk', async () => {
    const wire = await halfway('cancelled here.mp4');
    await ada.button('Cancel cancelled here.mp4').click();
    wire.letGo();
    await ada.row('cancelled here.mp4').getByText(en.phase.send.cancelledByUs).waitFor();
    await ben.row('cancelled here.mp4').getByText(en.phase.receive.cancelledByPeer).waitFor();
    expect(readdirSync(ben.inbox)).not.toContain('cancelled here.mp4');
  });

  test('by the receiver ends it in both windows and leaves nothing on the disk', async () => {
    await halfway('cancelled there.mp4');
    await ben.button('Cancel cancelled there.mp4').click();
    await ben.row('cancelled there.mp4').getByText(en.phase.receive.cancelledByUs).waitFor();
    await ada.row('cancelled there.mp4').getByText(en.phase.send.cancelledByPeer).waitFor();
    expect(readdirSync(ben.inbox)).not.toContain('cancelled there.mp4');
  });

  test('takes back an offer that nobody has answered', async () => {
    await dropFiles(ada.peer(ben.name), [putFile(windows.path('taken back.txt'), 20)]);
    await ben.offer(ada).waitFor();
    await ada.button('Cancel taken back.txt').click();
    await ben.offer(ada).waitFor({ state: 'detached' });
    await ben.row('taken back.txt').getByText(en.phase.receive.cancelledByPeer).waitFor();
  });
});

test('two transfers run at once, one each way', async () => {
  const wires = await Promise.all([
    windows.holdWire(ada, ben.engine, FILM_BYTES / 2),
    windows.holdWire(ben, ada.engine, FILM_BYTES / 2),
  ]);
  const paths = ['there.mp4', 'back.mp4'].map((name, at) =>
    putFile(windows.path(name), FILM_BYTES, at),
  );
  await dropFiles(ada.peer('127.0.0.1'), paths.slice(0, 1));
  await ben.answer(ada, 'accept');
  await dropFiles(ben.peer('127.0.0.1'), paths.slice(1));
  await ada.answer(ben, 'accept');
  for (const window of [ada, ben]) {
    await window.transfers.getByText(en.phase.send.transferring).waitFor();
    await window.transfers.getByText(en.phase.receive.transferring).waitFor();
  }
  for (const wire of wires) wire.letGo();
  for (const window of [ada, ben]) {
    await window.transfers.getByText(en.phase.send.delivered).waitFor();
    await window.transfers.getByText(en.phase.receive.delivered).waitFor();
  }
  const arrived = [join(ben.inbox, 'there.mp4'), join(ada.inbox, 'back.mp4')];
  expect(arrived.map(asTheBrowserKeepsIt)).toEqual(paths.map(asTheBrowserKeepsIt));
});

test('a peer that vanishes on the way: both windows say so, and what to do', async () => {
  const wire = await halfway('half a film.mp4');
  await wire.stop();
  const { what, do: next } = en.error.PEER_GONE;
  for (const [window, phase] of [
    [ada, en.phase.send.interrupted],
    [ben, en.phase.receive.interrupted],
  ] as const) {
    const row = window.row('half a film.mp4');
    await row.getByText(phase).waitFor();
    await row.getByText(`${what} ${next}`).waitFor();
  }
});

test('a device where nothing answers: the window says where it tried, what to do, and tries again', async () => {
  const port = await freePort();
  await ada.engine.commands.addPeer({ address: `127.0.0.1:${port}` });
  await dropFiles(ada.peer('127.0.0.1'), [putFile(windows.path('lost.txt'), 20)]);
  const row = ada.row('lost.txt');
  const { title, do: next } = en.error.PEER_UNREACHABLE;
  await row.getByText(`${en.phase.send.failed}: ${title}`).waitFor();
  await row.getByText(`Nothing answered at 127.0.0.1, port ${port}. ${next}`).waitFor();
  const before = await row.getAttribute('data-transfer');
  await ada.button('Send lost.txt again').click();
  await expect.poll(() => row.getAttribute('data-transfer')).not.toBe(before);
  await row.getByText(`${en.phase.send.failed}: ${title}`).waitFor();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('what has arrived', () => {
  test('is shown in the file manager of this computer', async () => {
    await dropFiles(ada.peer(ben.name), [putFile(windows.path('found.txt'), 20)]);
    await ben.answer(ada, 'accept');
    await ben.button('Show found.txt in its folder').click();
    await expect.poll(() => ben.revealed).toEqual([join(ben.inbox, 'found.txt')]);
    expect(ada.revealed).toEqual([]);
  });

  test('goes off the list, and stays on the disk', async () => {
    await dropFiles(ada.peer(ben.name), [putFile(windows.path('filed.txt'), 20)]);
    await ben.answer(ada, 'accept');
    await ben.button('Dismiss filed.txt').click();
    await ben.row('filed.txt').waitFor({ state: 'detached' });
    expect(readdirSync(ben.inbox)).toContain('filed.txt');
  });
});
