import { readFileSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FIRST_ROWS } from '../../renderer/ui/long-list.tsx';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';

/** Whoever sends sees what became of each file, and sends again just what did not make it. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

const { sentState } = en.window.files;
const files = (what: string) => ada.page.getByRole('list', { name: `Files of ${what}` });
const open = (what: string) => ada.button(`Files of ${what}`).press('Enter');

/** By their paths, as a desktop does. */
async function send(paths: readonly string[]): Promise<void> {
  const { selectionId } = await ada.engine.stagePaths(paths);
  const port = ben.engine.snapshot().self.port ?? 0;
  const to = { kind: 'address', host: '127.0.0.1', port, expectedPeerId: null } as const;
  await ada.engine.commands.send({ selectionId, to, mode: 'tls' });
}

/** A folder whose last file is gone when it is to be sent. */
async function sendWithOneLost(name: string): Promise<void> {
  for (const file of ['a.txt', 'b.txt', 'c.txt']) putFile(windows.path(name, file), 9);
  await send([windows.path(name)]);
  await ben.offer(ada).waitFor();
  unlinkSync(windows.path(name, 'c.txt'));
  await ben.answer(ada, 'accept');
  await ada.button(`Retry 1 failed: ${name}`).waitFor();
}

test('the files of what is sent are listed from the moment it is offered', async () => {
  await send([putFile(windows.path('early.txt'), 9)]);
  await ben.offer(ada).waitFor();
  await open('early.txt');
  await files('early.txt').getByText(sentState.waiting).waitFor();
  await ben.answer(ada, 'accept');
  await files('early.txt').getByText(sentState.checked, { exact: true }).waitFor();
});

test('they are searched, filtered, copied by their own paths and shown in their folder', async () => {
  await sendWithOneLost('album');
  await open('album');
  const list = files('album');
  const rows = list.getByRole('listitem');
  await list.getByText('a.txt').waitFor();
  expect(await rows.count()).toBe(3);
  expect(await rows.last().innerText()).toContain(en.error.SOURCE_CHANGED.title);
  await ada.page.getByRole('radio', { name: 'Failed 1' }).press('Space');
  await expect.poll(() => rows.count()).toBe(1);
  await ada.button(en.window.files.copy).press('Enter');
  await ada.page.getByText(en.window.files.copied).waitFor();
  await ada.page.context().grantPermissions(['clipboard-read']);
  const copied = await ada.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(windows.path('album', 'c.txt'));
  await ada.page.getByRole('radio', { name: 'All 3' }).press('Space');
  await ada.page.getByRole('searchbox', { name: en.window.files.search }).fill('B.TXT');
  await expect.poll(() => rows.count()).toBe(1);
  await list.focus();
  await ada.page.keyboard.press('ArrowDown');
  await ada.page.keyboard.press('Enter');
  await expect.poll(() => ada.revealed).toEqual([windows.path('album', 'b.txt')]);
});

test('what failed is offered again by itself, and comes into a numbered folder where both are kept', async () => {
  await sendWithOneLost('trip');
  await open('trip');
  putFile(windows.path('trip', 'c.txt'), 20);
  await ada.button('Retry 1 failed: trip').press('Enter');
  await ben.offer(ada).getByText('1 file').first().waitFor();
  await ben.answer(ada, 'accept');
  await expect
    .poll(() =>
      readdirSync(join(ben.inbox, 'trip (2)')).concat(readdirSync(join(ben.inbox, 'trip'))),
    )
    .toEqual(['c.txt', 'a.txt', 'b.txt']);
  await ada.row('trip').getByText(en.phase.send.delivered).waitFor();
  expect(await ada.button('Retry 1 failed: trip').count()).toBe(0);
});

test('what a page holds is listed and sent again as long as the page is open', async () => {
  const paths = ['kept.txt', 'lost.txt'].map((name) => putFile(windows.path(name), 9));
  await dropFiles(ada.peer(ben.name), paths);
  await ben.offer(ada).waitFor();
  unlinkSync(windows.path('lost.txt'));
  await ben.answer(ada, 'accept');
  const what = 'kept.txt and 1 more';
  await ada.button(`Retry 1 failed: ${what}`).waitFor();
  await open(what);
  await files(what).getByText(sentState.checked).waitFor();
  expect(await files(what).getByRole('button').count()).toBe(0);
  await ada.button(`Retry 1 failed: ${what}`).press('Enter');
  await ben.offer(ada).getByText('lost.txt').first().waitFor();
});

test('they are a hundred thousand, in the history too, and a few rows are drawn wherever it is scrolled to', async () => {
  await send([putFile(windows.path('many.txt'), 9)]);
  await ben.answer(ada, 'accept');
  const row = ada.row('many.txt');
  await row.getByText(en.phase.send.delivered).waitFor();
  const transferId = (await row.getAttribute('data-transfer')) ?? '';
  await ada.engine.commands.dismiss({ transferId: transferId as never });
  await expect.poll(() => writeManyFiles(transferId)).toBe(true);
  await ada.button(en.window.self.history).press('Enter');
  await ada.history.getByRole('button', { name: 'Files of many.txt' }).press('Enter');
  const list = files('many.txt');
  const rows = list.getByRole('listitem');
  await list.getByText('file 1', { exact: true }).waitFor();
  await ada.page.getByRole('radio', { name: 'Failed 100,000' }).waitFor();
  // a few with each frame, and then no more
  await expect.poll(() => rows.count()).toBe(FIRST_ROWS.end);
  await list.focus();
  await ada.page.keyboard.press('ArrowDown');
  await ada.page.keyboard.press('End');
  await list.getByText('file 100000', { exact: true }).waitFor();
  expect(await rows.count()).toBeLessThanOrEqual(FIRST_ROWS.end);
  expect(await rows.last().getAttribute('aria-posinset')).toBe('100000');
  // the row that had the focus is gone from the page: the list has it
  await expect.poll(() => list.evaluate((it) => it === document.activeElement)).toBe(true);
  await ada.page.getByRole('searchbox', { name: en.window.files.search }).fill('file 77777');
  await expect.poll(() => rows.allInnerTexts()).toEqual([expect.stringContaining('file 77777')]);
});

/** In the place of the list of that send: one of a hundred thousand files that all failed. */
function writeManyFiles(transferId: string): boolean {
  const path = windows.path(`${ada.name} home`, 'sent-files', `${transferId}.jsonl`);
  const [first = ''] = readFileSync(path, 'utf8').split('\n');
  const count = 100_000;
  const states = Buffer.alloc(count, 5).toString('base64');
  const reasons = Buffer.alloc(count, 1).toString('base64');
  const said = JSON.parse(first) as object;
  const header = { ...said, count, states, reasons, codes: ['SOURCE_CHANGED'] };
  const rows = Array.from({ length: count }, (_, at) => JSON.stringify([5, `d/file ${at + 1}`]));
  writeFileSync(path, `${[JSON.stringify(header), ...rows].join('\n')}\n`);
  return true;
}
