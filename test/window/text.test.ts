import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MAX_TEXT_BYTES } from '../../shared/model/content.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import type { TestWindow } from '../support/test-window.ts';
import { Windows } from '../support/windows.ts';

/** Texts and links: written or pasted, sent as they are, read and copied where they come. */

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

const words = en.window.text;

async function write(text: string): Promise<void> {
  await ada.button(en.window.send.text).click();
  await ada.page.getByLabel(en.window.send.textLabel).fill(text);
  await ada.button(en.window.send.textNext).click();
  await ada.button(en.window.send.putBack).waitFor();
  await ada.peer(ben.name).click();
}

/** Ben's row of it, once it is there. */
async function receive(text: string, kind: 'text' | 'link' = 'text') {
  await write(text);
  const offer = ben.offer(ada);
  await offer.getByRole('heading', { name: `${ada.name} wants to send you a ${kind}` }).waitFor();
  expect(await offer.getByRole('button', { name: en.window.offer.saveTo }).count()).toBe(0);
  await ben.answer(ada, 'accept');
  const row = ben.row(words[kind]);
  await row.getByRole('group', { name: `Text from ${ada.name}` }).waitFor();
  return row;
}

test('a text is read where it comes, as it was written and as nothing else', async () => {
  const hostile = '<img src=x onerror=alert(1)>\u202e turned\n\tsecond <a href="x">line</a>';
  const row = await receive(hostile);
  const shown = row.getByRole('group');
  expect(await shown.innerText()).toBe(hostile.replace('\u202e', '\ufffd'));
  expect(await shown.locator('*').count()).toBe(0);
  expect(await row.getByRole('link').count()).toBe(0);
  expect(await row.getByRole('button', { name: words.open }).count()).toBe(0);
  expect(readdirSync(ben.inbox)).toEqual([]);
});

test('a text is copied with all that is in it', async () => {
  const { page } = ben;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const row = await receive('one\n  two');
  await row.getByRole('button', { name: words.copy, exact: true }).click();
  await row.getByRole('status').getByText(words.copied).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('one\n  two');
});

test('a link is opened after a second press, and says before where it leads', async () => {
  const href = 'https://bank.example@xn--pple-43d.com/a?b=c';
  const row = await receive('https://bank.example@аpple.com/a?b=c', 'link');
  await row.getByRole('button', { name: words.open, exact: true }).click();
  const question = row.getByRole('alertdialog', { name: 'Open xn--pple-43d.com in your browser?' });
  await question.getByText(href, { exact: true }).waitFor();
  await question.getByText(words.punycode).waitFor();
  await question.getByText(words.userInfo).waitFor();
  // what was pressed by mistake opens nothing, and the keyboard is at the harmless answer
  await ben.page.keyboard.press('Enter');
  await question.waitFor({ state: 'detached' });
  expect(ben.opened).toEqual([]);
  await row.getByRole('button', { name: words.open, exact: true }).press('Enter');
  await ben.page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  await row.getByRole('button', { name: words.open, exact: true }).click();
  await question.getByRole('button', { name: words.openYes }).click();
  await expect.poll(() => ben.opened).toEqual([href]);
});

test('what is pasted on a device goes there at once', async () => {
  const { page } = ada;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => navigator.clipboard.writeText('https://example.org/pasted'));
  // by the keyboard: one that was only clicked is not meant
  await ada.button(en.window.address.open).focus();
  await page.keyboard.press('Tab');
  await ada.peer(ben.name).focus();
  await page.keyboard.press('Control+V');
  await ben.answer(ada, 'accept');
  await ben.row(words.link).getByText('https://example.org/pasted').waitFor();
});

test('a link that is dragged out of a browser is sent as a link', async () => {
  await dropData(ada, {
    'text/uri-list': '# seen\r\nhttps://example.org/dragged',
    'text/plain': 'x',
  });
  await ben.answer(ada, 'accept');
  await ben.row(words.link).getByText('https://example.org/dragged').waitFor();
});

test('a part of a text that is dragged here is sent as a text', async () => {
  await dropData(ada, { 'text/plain': 'a part of a text' });
  await ben.answer(ada, 'accept');
  await ben.row(words.text).getByText('a part of a text').waitFor();
});

test('one that is too long is told while it is written', async () => {
  await ada.button(en.window.send.text).click();
  const field = ada.page.getByLabel(en.window.send.textLabel);
  await field.fill('ä'.repeat(MAX_TEXT_BYTES / 2 + 1));
  await ada.page.getByText('That is 2 bytes too much.').waitFor();
  expect(await ada.button(en.window.send.textNext).isDisabled()).toBe(true);
  await field.fill('short');
  expect(await ada.button(en.window.send.textNext).isDisabled()).toBe(false);
  await ada.page.keyboard.press('Escape');
  await ada.button(en.window.send.text).waitFor();
});

test('a text is written to one device, and found again in the history', async () => {
  await ada.peer(ben.name).click();
  await ada.page.getByRole('menuitem', { name: en.window.peers.sendText }).click();
  await ada.page.getByLabel(en.window.send.textLabel).fill('Dinner at nine');
  await ada.page.keyboard.press('Control+Enter');
  await ben.answer(ada, 'accept');
  await ben.row(words.text).getByText('Dinner at nine').waitFor();
  await ben.button(en.window.self.history).click();
  await ben.button('Show Dinner at nine').click();
  await ben.history.getByRole('group').getByText('Dinner at nine').waitFor();
  await ben.button(en.window.self.back).click();
  await ada.button(en.window.self.history).click();
  await ada.history.getByRole('button', { name: 'Send again: Dinner at nine' }).click();
  // where it is seen on its way
  await ada.button(en.window.self.history).waitFor();
  await ben.answer(ada, 'accept');
  await expect.poll(() => ben.transfers.getByText('Dinner at nine').count()).toBe(2);
});

/** What a browser gives away with a drag: no file, only strings. */
async function dropData(window: TestWindow, data: Record<string, string>): Promise<void> {
  const card = window.page.locator('[data-peer]').filter({ hasText: ben.name });
  await card.evaluate((element, given) => {
    const carried = new DataTransfer();
    for (const [type, value] of Object.entries(given)) carried.setData(type, value);
    for (const type of ['dragenter', 'dragover', 'drop']) {
      element.dispatchEvent(
        new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: carried }),
      );
    }
  }, data);
}
