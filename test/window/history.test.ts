import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import { delivered, transfer } from '../support/shown-transfers.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';

/** What was sent and received: found again, shown where it lies, and forgotten when a person wants that. */

const words = en.window.history;

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});
beforeEach(async () => {
  await ben.button(en.window.self.history).click();
});
afterEach(async () => {
  // where something is searched for, Escape empties that first
  const isThere = (await search().count()) > 0;
  if (isThere && (await search().inputValue()) !== '') await search().press('Escape');
  await ben.page.keyboard.press('Escape');
  await ben.button(en.window.self.history).waitFor();
  await windows.settle();
});
afterAll(() => windows.stop());

/** Ada sends it, Ben takes it. */
async function sendToBen(name: string): Promise<void> {
  await dropFiles(ada.peer(ben.name), [putFile(windows.path(name), 2_000)]);
  await ben.answer(ada, 'accept');
  await ada.row(name).getByText(en.phase.send.delivered).waitFor();
}

const titles = () => ben.history.getByRole('heading', { level: 3 }).allInnerTexts();
const search = () => ben.page.getByLabel(words.search, { exact: true });
const direction = (which: 'all' | 'send' | 'receive') =>
  ben.page.getByRole('radio', { name: words[which], exact: true });

test('a history that holds nothing says what it is for, and offers nothing to clear', async () => {
  await ben.page.getByText(words.empty).waitFor();
  expect(await ben.button(words.clear).count()).toBe(0);
  await direction('send').check({ force: true });
  await ben.page.getByText(words.nothing).waitFor();
});

describe('what has ended', () => {
  test('is there at once, with whom, when, how much and how it ended, and is shown where it lies', async () => {
    await sendToBen('Été.txt');
    const row = ben.history.getByRole('listitem').first();
    await row.getByText(`From ${ada.name}`).waitFor();
    await row.getByText(en.phase.receive.delivered).waitFor();
    await row.getByText(/^2\.0.kB$/).waitFor();
    const when = await row.getByRole('time').getAttribute('datetime');
    expect(Math.abs(Date.now() - Date.parse(when ?? ''))).toBeLessThan(120_000);
    const path = join(ben.inbox, 'Été.txt');
    await row.getByText(`Saved as ${path}`).waitFor();
    await row.getByRole('button', { name: 'Show in folder: Été.txt' }).click();
    await expect.poll(() => ben.revealed).toEqual([path]);
  });

  test('is found by any of its words while they are typed, and only in the direction asked for', async () => {
    await sendToBen('plan B.txt');
    await search().fill('b PLAN');
    await expect.poll(titles).toEqual(['plan B.txt']);
    await search().fill('ete');
    await expect.poll(titles).toEqual(['Été.txt']);
    await direction('send').check({ force: true });
    await ben.page.getByText(words.nothing).waitFor();
    await direction('receive').check({ force: true });
    await expect.poll(titles).toEqual(['Été.txt']);
    await search().fill('');
    await expect.poll(titles).toEqual(['plan B.txt', 'Été.txt']);
  });

  test('stays when it is dismissed from the list of transfers', async () => {
    await ben.page.keyboard.press('Escape');
    expect(await ben.transfers.count()).toBe(0);
    await ben.button(en.window.self.history).click();
    await expect.poll(titles).toEqual(['plan B.txt', 'Été.txt']);
  });

  test('has no button that leads nowhere once it was moved, and says so', async () => {
    renameSync(join(ben.inbox, 'plan B.txt'), windows.path('moved.txt'));
    await search().fill('plan');
    const row = ben.history.getByRole('listitem').first();
    await row.getByText(words.gone.replace('{{path}}', join(ben.inbox, 'plan B.txt'))).waitFor();
    const files = en.window.files.showOf.replace('{{what}}', 'plan B.txt');
    expect(await row.getByRole('button').count()).toBe(1);
    await row.getByRole('button', { name: files }).waitFor(); // what there was
  });

  test('is not shown as something else when it goes after the list was made', async () => {
    await search().fill('ete');
    await expect.poll(titles).toEqual(['Été.txt']);
    const shownBefore = [...ben.revealed];
    renameSync(join(ben.inbox, 'Été.txt'), windows.path('elsewhere.txt'));
    await ben.button('Show in folder: Été.txt').click();
    await ben.page.getByText(`${join(ben.inbox, 'Été.txt')} could not be found.`).waitFor();
    expect(ben.revealed).toEqual(shownBefore);
    renameSync(windows.path('elsewhere.txt'), join(ben.inbox, 'Été.txt'));
  });
});

describe('what was replaced', () => {
  const actions = en.window.transfers;

  test('is told where it came and in the history, and is back by one click', async () => {
    const before = putFile(join(ben.inbox, 'plan C.txt'), 900, 4);
    const old = readFileSync(before);
    await ben.page.keyboard.press('Escape');
    await dropFiles(ada.peer(ben.name), [putFile(windows.path('plan C.txt'), 2_000)]);
    const choice = ben.offer(ada).getByLabel(en.window.plan.choice);
    await choice.selectOption({ label: en.window.existing.replace });
    await ben.answer(ada, 'accept');
    await ben
      .row('plan C.txt')
      .getByText(actions.replaced_one.replace('{{count, number}}', '1'))
      .waitFor();
    expect(readFileSync(before).equals(old)).toBe(false);
    await ben.button(en.window.self.history).click();
    const row = ben.history.getByRole('listitem').first();
    await row.getByRole('button', { name: 'Undo: plan C.txt' }).click();
    await row.getByText(actions.undone_one).waitFor();
    expect(await row.getByRole('button', { name: 'Undo: plan C.txt' }).count()).toBe(0);
    expect(readFileSync(before).equals(old)).toBe(true);
  });
});

describe('the keyboard', () => {
  test('starts in the search, and is back where it came from after Escape', async () => {
    const focused = () => ben.page.evaluate(() => document.activeElement?.textContent ?? '');
    await expect
      .poll(() => search().evaluate((field) => field === document.activeElement))
      .toBe(true);
    await ben.page.keyboard.press('Escape');
    await expect.poll(focused).toBe(en.window.self.history);
  });
});

describe('clearing', () => {
  test('asks first, and Escape keeps everything', async () => {
    await ben.button(words.clear).click();
    const question = ben.page.getByRole('alertdialog', { name: words.clearTitle });
    await question.waitFor();
    await ben.page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await expect.poll(titles).toEqual(['plan C.txt', 'plan B.txt', 'Été.txt']);
  });

  test('forgets the list and leaves every file where it is', async () => {
    const before = readdirSync(ben.inbox);
    expect(before).toContain('Été.txt');
    await ben.button(words.clear).click();
    await ben.button(words.clearYes).click();
    await ben.page.getByText(words.empty).waitFor();
    expect(readdirSync(ben.inbox)).toEqual(before);
    expect(ben.engine.snapshot().transfers).toEqual([]);
  });
});

test('a long history comes in parts, and the keyboard goes on where the next part begins', async () => {
  const all = Array.from({ length: 120 }, (_, n) => `file ${n + 1}`).toReversed();
  const line = (name: string) =>
    `${JSON.stringify(transfer(delivered, { items: [{ name, kind: 'file' }] }))}\n`;
  writeFileSync(
    windows.path(`${ben.name} home`, 'history.jsonl'),
    all.toReversed().map(line).join(''),
  );
  await search().fill('file');
  await expect.poll(titles).toEqual(all.slice(0, 50));
  await ben.page.getByText('120 transfers').waitFor();
  await ben.button(words.more).click();
  await expect.poll(titles).toEqual(all.slice(0, 100));
  const focused = () => ben.page.evaluate(() => document.activeElement?.textContent ?? '');
  expect(await focused()).toContain(all[50]);
  await ben.button(words.more).click();
  await expect.poll(titles).toEqual(all);
  expect(await ben.button(words.more).count()).toBe(0);
});
