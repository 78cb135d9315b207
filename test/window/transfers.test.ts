import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { decodeLines, encodeLine } from '../../electron/engine/transfer/journal-lines.ts';
import { FIRST_ROWS } from '../../renderer/ui/long-list.tsx';
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
  const { what, do: next } = en.error.PEER_GONE;
  const told = [
    isSaid(ada, en.phase.send.interrupted, `${what} ${next}`),
    isSaid(ben, en.phase.receive.interrupted, `${what} ${next}`),
  ];
  await wire.stop();
  await Promise.all(told);
});

/** In one row, at one time. A second later it is dialled again, and what that meets is said then. */
function isSaid(window: TestWindow, ...words: readonly string[]): Promise<unknown> {
  return window.page.waitForFunction(
    (all) =>
      [...document.querySelectorAll('[data-transfer]')].some((row) =>
        all.every((some) => row.textContent.includes(some)),
      ),
    words,
    { polling: 'raf' },
  );
}

test('a device where nothing answers: the window says where it tried, what to do, and tries again', async () => {
  const port = await freePort();
  await ada.engine.commands.addPeer({ address: `127.0.0.1:${port}` });
  await dropFiles(ada.peer('127.0.0.1'), [putFile(windows.path('lost.txt'), 20)]);
  const row = ada.row('lost.txt');
  const { title, do: next } = en.error.PEER_UNREACHABLE;
  await row.getByText(`${en.phase.send.failed}: ${title}`).waitFor();
  await row.getByText(`Nothing answered at 127.0.0.1, port ${port}. ${next}`).waitFor();
  const before = await row.getAttribute('data-transfer');
  await ada.button('Send again: lost.txt').click();
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
    await ben.button('Show in folder: found.txt').click();
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

describe('the files of what is received', () => {
  const files = (name: string) => ben.page.getByRole('list', { name: `Files of ${name}` });
  const open = (name: string) => ben.button(`Files of ${name}`).press('Enter');

  test('are listed while they come', async () => {
    const wire = await halfway('on its way.mp4');
    await open('on its way.mp4');
    await files('on its way.mp4').getByText(en.window.files.state.waiting).waitFor();
    wire.letGo();
    await files('on its way.mp4').getByText(en.window.files.state.saved).waitFor();
  });

  test('are searched, filtered and copied by their paths, and those renamed say how', async () => {
    putFile(join(ben.inbox, 'plan.txt'), 5, 1);
    const paths = ['plan.txt', 'map.txt', 'song.ogg'].map((name) => putFile(windows.path(name), 9));
    await dropFiles(ada.peer(ben.name), paths);
    await ben.answer(ada, 'accept');
    await ben.row('plan.txt').getByText(en.phase.receive.delivered).waitFor();
    await open('plan.txt and 2 more');
    const list = files('plan.txt and 2 more');
    const rows = list.getByRole('listitem');
    await list.getByText('Saved as plan (2).txt').waitFor();
    expect(await rows.count()).toBe(3);
    await ben.page.getByRole('searchbox', { name: en.window.files.search }).fill('TXT');
    await expect.poll(() => rows.count()).toBe(2);
    await ben.button(en.window.files.copy).press('Enter');
    await ben.page.getByText(en.window.files.copied).waitFor();
    await ben.page.context().grantPermissions(['clipboard-read']);
    const copied = await ben.page.evaluate(() => navigator.clipboard.readText());
    // as they are called now, where they are now
    const saved = ['map.txt', 'plan (2).txt'].map((name) => join(ben.inbox, name));
    expect(copied.split('\n').sort()).toEqual(saved);
    await ben.page.getByRole('radio', { name: 'Renamed 1' }).press('Space');
    await expect.poll(() => rows.allInnerTexts()).toEqual([expect.stringContaining('plan.txt')]);
  });

  test('are a hundred thousand, and a few rows are drawn wherever it is scrolled to', async () => {
    await dropFiles(ada.peer(ben.name), [putFile(windows.path('many.txt'), 9)]);
    await ben.answer(ada, 'accept');
    const row = ben.row('many.txt');
    await row.getByText(en.phase.receive.delivered).waitFor();
    writeManyFiles((await row.getAttribute('data-transfer')) ?? '');
    await open('many.txt');
    const list = files('many.txt');
    const rows = list.getByRole('listitem');
    await list.getByText('file 1', { exact: true }).waitFor();
    await ben.page.getByRole('radio', { name: 'Failed 100,000' }).waitFor();
    // a few with each frame, and then no more
    await expect.poll(() => rows.count()).toBe(FIRST_ROWS.end);
    await list.focus();
    await ben.page.keyboard.press('End');
    await list.getByText('file 100000', { exact: true }).waitFor();
    expect(await rows.count()).toBeLessThanOrEqual(FIRST_ROWS.end);
    expect(await rows.last().getAttribute('aria-posinset')).toBe('100000');
  });
});

/** In the place of the receipt of that transfer: one of a hundred thousand files that all failed. */
function writeManyFiles(transferId: string): void {
  const path = windows.path(`${ben.name} home`, 'receipts', `${transferId}.jsonl`);
  const lines = decodeLines(readFileSync(path, 'utf8')) as { readonly record: string }[];
  const header = lines.find(({ record }) => record === 'header');
  const done = lines.find(({ record }) => record === 'done');
  const names = Array.from({ length: 100_000 }, (_, at) => [5, ['d', `file ${at + 1}`]]);
  const list = Array.from({ length: 200 }, (_, at) => ({
    record: 'list',
    rows: names.slice(at * 500, (at + 1) * 500),
  }));
  const records = [{ ...header, entries: names.length }, ...list, done];
  writeFileSync(path, records.map(encodeLine).join(''));
}
