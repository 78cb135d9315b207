import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { clearTexts, textFolder } from '../../electron/engine/texts.ts';
import { MAX_TEXT_BYTES } from '../../shared/model/content.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import type { TestEngine } from '../support/engines.ts';
import { Ground, atPort } from '../support/engines.ts';
import { NO_SHELL } from '../support/no-shell.ts';

/** Whole engines: a text goes as a file does, and is read instead of saved. */

const ground = new Ground();

afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

const HOSTILE = '<b>See</b> \u001b[31m you\u202e at eight\r\nhttps://example.org\n';

async function sendText(from: TestEngine, to: TestEngine, text: string): Promise<TransferId> {
  const { selectionId } = await from.engine.commands.stageText({ text });
  const sent = { selectionId, to: atPort(to.port), mode: 'tls' } as const;
  return (await from.engine.commands.send(sent)).transferId;
}

test('a text arrives to the last byte, is none of the downloads, and goes with the history', async () => {
  const [anna, ben] = [await ground.start('Anna'), await ground.start('Ben', { accept: 'ask' })];
  const id = await sendText(anna, ben, HOSTILE);
  // nothing is planned: it goes to no folder that a person would want to know of
  expect(await ben.until(id, 'offered')).toMatchObject({ content: 'text', plan: null });
  await ben.accept(id);
  const [sent, received] = [await anna.until(id, 'delivered'), await ben.until(id, 'delivered')];
  expect(sent).toMatchObject({ content: 'text', verified: true });
  expect(received).toMatchObject({ content: 'text', verified: true, hasReceipt: true });
  expect(received.hash).toBe(sent.hash);
  expect(await ben.engine.commands.readText({ transferId: id })).toEqual({ text: HOSTILE });
  expect(readdirSync(ben.directory)).toEqual([]);
  const savedAs = received.savedAs ?? '';
  expect(dirname(savedAs)).toBe(ground.path('Ben-home', 'texts', id));
  expect(readFileSync(savedAs, 'utf8')).toBe(HOSTILE);
  await ben.engine.commands.clearHistory({});
  expect(existsSync(savedAs)).toBe(false);
});

test('a text that was sent goes with the history too, and one that is still on its way does not', async () => {
  const [anna, ben] = [await ground.start('Anna'), await ground.start('Ben', { accept: 'ask' })];
  const pasted = () => readdirSync(ground.path('Anna-home', 'pasted'), { recursive: true });
  const own = ground.path('own.txt');
  writeFileSync(own, 'mine');
  const secret = () => sendText(anna, ben, 'my secret');
  // of one device one offer stands at a time: the other would wait behind whichever comes first
  for (const send of [secret, () => anna.send([own], ben)]) {
    const first = await send();
    await ben.until(first, 'offered');
    await ben.accept(first);
    await anna.until(first, 'delivered');
    await ben.until(first, 'delivered');
  }
  const onItsWay = await sendText(anna, ben, 'wait for me');
  await ben.until(onItsWay, 'offered');
  await anna.engine.commands.clearHistory({});
  expect(pasted().filter((name) => String(name).endsWith('.txt'))).toEqual([
    expect.stringContaining('wait for me'),
  ]);
  expect(readFileSync(own, 'utf8')).toBe('mine');
  await ben.accept(onItsWay);
  await anna.until(onItsWay, 'delivered');
  await ben.until(onItsWay, 'delivered');
  expect(await ben.engine.commands.readText({ transferId: onItsWay })).toEqual({
    text: 'wait for me',
  });
});

test('of a text that was accepted and never came no folder stays', async () => {
  const [anna, ben] = [
    await ground.start('Anna 6'),
    await ground.start('Ben 6', { accept: 'ask' }),
  ];
  const id = await sendText(anna, ben, 'never mind');
  await ben.until(id, 'offered');
  const folder = textFolder(ground.path('Ben 6-home'), id);
  expect(folder !== null && existsSync(folder)).toBe(true);
  await anna.engine.commands.cancel({ transferId: id });
  await ben.until(id, 'cancelled');
  const texts = ground.path('Ben 6-home', 'texts');
  await expect.poll(() => readdirSync(texts), { timeout: 20_000 }).toEqual([]);
});

test('a folder that is made while the history is cleared stays, and so does what comes into it', async () => {
  const home = ground.path('clearing');
  const ids = ['0', '1', '2'].map((digit) => digit.repeat(32) as TransferId);
  const [old, late, kept] = ids as [TransferId, TransferId, TransferId];
  for (const id of [old, kept]) textFolder(home, id);
  const asked: TransferId[] = [];
  const underWay = new Set([kept]);
  const clearing = clearTexts(home, (id) => {
    asked.push(id);
    return underWay.has(id);
  });
  expect(asked).toEqual([]);
  underWay.add(late);
  textFolder(home, late);
  await clearing;
  expect(readdirSync(join(home, 'texts')).sort()).toEqual([late, kept]);
});

test('a text is still there when the program is started again', async () => {
  const [anna, ben] = [await ground.start('Anna 2'), await ground.start('Ben 2')];
  const id = await sendText(anna, ben, 'see you');
  await ben.until(id, 'delivered');
  await ground.stopEngines();
  const { engine } = await ground.start('Ben 2');
  const query = { text: 'see', direction: 'all', from: 0, count: 10 } as const;
  const { transfers, there } = await engine.commands.searchHistory(query);
  expect(transfers).toMatchObject([{ id, content: 'text' }]);
  expect(there).toEqual([id]);
  expect(await engine.commands.readText({ transferId: id })).toEqual({ text: 'see you' });
});

test('where a person chooses a folder for it, it is a file there', async () => {
  const [anna, ben] = [
    await ground.start('Anna 3'),
    await ground.start('Ben 3', { accept: 'ask' }),
  ];
  const id = await sendText(anna, ben, 'see you');
  await ben.until(id, 'offered');
  const { folderId } = await ben.engine.nameFolder(ben.directory);
  await ben.engine.commands.answer({ transferId: id, accept: true, folderId });
  await ben.until(id, 'delivered');
  expect(readdirSync(ben.directory)).toEqual(['see you.txt']);
});

test('a link opens only when it is asked to, and only as what was received', async () => {
  const opened: string[] = [];
  const shell = { ...NO_SHELL, openLink: async (href: string) => void opened.push(href) };
  const [anna, ben] = [await ground.start('Anna 4'), await ground.start('Ben 4', { shell })];
  const id = await sendText(anna, ben, ' https://bücher.example/ä\n');
  expect(await ben.until(id, 'delivered')).toMatchObject({ content: 'link' });
  expect(opened).toEqual([]);
  const href = 'https://xn--bcher-kva.example/%C3%A4';
  const open = () => ben.engine.commands.openLink({ transferId: id, href });
  await open();
  expect(opened).toEqual([href]);
  // what stands there now is not what a person said yes to, or no link at all
  const { savedAs } = await ben.until(id, 'delivered');
  writeFileSync(savedAs ?? '', 'https://evil.example/');
  await expect(open()).rejects.toMatchObject({ code: 'FILE_CHANGED_SINCE' });
  writeFileSync(savedAs ?? '', 'javascript:alert(1)');
  await expect(open()).rejects.toMatchObject({ code: 'WRONG_USAGE' });
  expect(opened).toHaveLength(1);
});

test('of no other transfer is anything read or opened', async () => {
  const [anna, ben] = [await ground.start('Anna 5'), await ground.start('Ben 5')];
  const path = ground.path('link.txt');
  writeFileSync(path, 'https://example.org');
  const id = await anna.send([path], ben);
  expect((await ben.until(id, 'delivered')).content).toBeUndefined();
  const { commands } = ben.engine;
  const asked = { transferId: id, href: 'https://example.org/' };
  for (const ask of [commands.readText, commands.openLink]) {
    await expect(ask(asked)).rejects.toMatchObject({ code: 'WRONG_USAGE' });
  }
});

test('a text that is no text is not sent', async () => {
  const { engine } = await ground.start('Anna 6');
  const stage = (text: string) => engine.commands.stageText({ text });
  await expect(stage(' \n')).rejects.toMatchObject({ code: 'NOTHING_TO_SEND' });
  const tooLong = { code: 'TEXT_TOO_LONG', details: { maxBytes: MAX_TEXT_BYTES } };
  await expect(stage('ä'.repeat(MAX_TEXT_BYTES / 2 + 1))).rejects.toMatchObject(tooLong);
  expect(await stage('a'.repeat(MAX_TEXT_BYTES))).toMatchObject({ content: 'text', itemCount: 1 });
});

test('a text whose folder cannot be made is a file where files go', async () => {
  const [anna, ben] = [await ground.start('Anna 7'), await ground.start('Ben 7')];
  writeFileSync(join(ground.path('Ben 7-home'), 'texts'), 'in the way');
  const id = await sendText(anna, ben, 'see you');
  await ben.until(id, 'delivered');
  expect(readdirSync(ben.directory)).toEqual(['see you.txt']);
});
