import { afterEach, beforeEach, expect, test } from 'vitest';
import { DroplineError } from '../../shared/errors.ts';
import { ConsoleClient, ConsoleHarness } from './console-harness.ts';
import { snapshotNamed } from './fake-engine.ts';

let harness: ConsoleHarness;
let cookie: string;

beforeEach(async () => {
  harness = await ConsoleHarness.start();
  cookie = await harness.enter();
});

afterEach(async () => {
  await harness.stop();
});

async function connected(): Promise<ConsoleClient> {
  const page = harness.connect(cookie);
  expect(await page.opened()).toBe(true);
  return page;
}

const TRANSFER_ID = 'b'.repeat(32);

test('a page sees the snapshot at once and each one that follows', async () => {
  const page = await connected();
  expect(await page.shown('first')).toEqual(snapshotNamed('first'));
  harness.engine.publish(snapshotNamed('second'));
  expect(await page.shown('second')).toEqual(snapshotNamed('second'));
});

test('several pages see the same and are answered each for itself', async () => {
  const pages = await Promise.all([connected(), connected(), connected()]);
  harness.engine.publish(snapshotNamed('second'));
  await Promise.all(pages.map((page) => page.shown('second')));
  const answers = pages.map((page, id) => page.call(id, 'cancel', { transferId: TRANSFER_ID }));
  expect(await Promise.all(answers)).toEqual(pages.map(() => ({ ok: true, value: null })));
  expect(pages.map(({ events }) => events.filter(({ kind }) => kind === 'answer').length)).toEqual([
    1, 1, 1,
  ]);
});

test('of the snapshots that a page is too slow for it is shown the newest only', async () => {
  const page = await connected();
  await page.shown('first');
  page.socket.pause();
  const rounds = 200;
  for (let n = 0; n < rounds; n++) {
    // larger than what the system itself buffers for a socket: the page is behind from the first one on
    harness.engine.publish(snapshotNamed(`number ${n}`, 8 * 1024 * 1024));
    if (n % 50 === 0) await new Promise(setImmediate);
  }
  page.socket.resume();
  await page.shown(`number ${rounds - 1}`);
  expect(page.events.length).toBeLessThan(10);
});

test('a command reaches the engine with its input and its value comes back', async () => {
  const page = await connected();
  harness.engine.answer = async () => ({ transferId: TRANSFER_ID });
  const input = { selectionId: 'c'.repeat(32), to: { kind: 'peer', key: 'k' }, mode: 'tls' };
  expect(await page.call(7, 'send', input)).toEqual({
    ok: true,
    value: { transferId: TRANSFER_ID },
  });
  expect(harness.engine.calls).toEqual([['send', input]]);
});

test('files of a page are offered in the name of the origin that it was loaded from', async () => {
  const page = await connected();
  const items = [{ name: 'holiday', kind: 'folder' }];
  await page.ask({ kind: 'openPage', id: 1, items, itemCount: 1 });
  await page.ask({ kind: 'nameFolder', id: 2, path: '/data' });
  expect(harness.engine.calls).toEqual([
    ['openPage', items, 1, harness.origin],
    ['nameFolder', '/data'],
  ]);
});

test('what the engine refuses comes back as its code, what breaks in it as INTERNAL', async () => {
  const page = await connected();
  harness.engine.answer = () => Promise.reject(new DroplineError('PEER_NOT_FOUND', { name: 'x' }));
  expect(await page.call(1, 'addPeer', { address: 'x' })).toEqual({
    ok: false,
    failure: { code: 'PEER_NOT_FOUND', details: { name: 'x' } },
  });
  harness.engine.answer = () => Promise.reject(new TypeError('boom'));
  const broken = await page.call(2, 'addPeer', { address: 'x' });
  expect(broken).toMatchObject({ ok: false, failure: { code: 'INTERNAL' } });
  expect(JSON.stringify(broken)).not.toMatch(/\bat .*\.ts/);
});

test.each([
  ['a command that does not exist', { kind: 'call', name: 'format', input: {} }],
  ['a name that every object has', { kind: 'call', name: 'constructor', input: {} }],
  ['a name that is the prototype', { kind: 'call', name: '__proto__', input: {} }],
  ['an input that does not fit', { kind: 'call', name: 'cancel', input: { transferId: '../x' } }],
  ['no input', { kind: 'call', name: 'cancel' }],
  ['a kind that does not exist', { kind: 'stop' }],
  ['too many items', { kind: 'openPage', items: Array(21).fill({ name: 'a', kind: 'file' }) }],
  ['a folder without a path', { kind: 'nameFolder', path: '' }],
])('%s is refused as wrong usage and the engine never hears of it', async (_what, request) => {
  const page = await connected();
  expect(await page.ask({ id: 3, ...request })).toMatchObject({
    ok: false,
    failure: { code: 'WRONG_USAGE' },
  });
  expect(harness.engine.calls).toEqual([]);
});

test.each<readonly [string, string | Buffer]>([
  ['text that is no JSON', '{'],
  ['nothing', ''],
  ['a request without a number', '{"kind":"call","name":"cancel","input":{}}'],
  ['a number that is none', '{"kind":"call","id":-1,"name":"cancel","input":{}}'],
  ['bytes', Buffer.from('{"kind":"call","id":1,"name":"cancel","input":{}}')],
  ['a message beyond the limit', JSON.stringify({ id: 1, filler: 'x'.repeat(300_000) })],
])('a page that sends %s is closed, and others go on', async (_what, message) => {
  const page = await connected();
  const other = await connected();
  page.socket.send(message);
  await page.closed();
  expect(await other.call(1, 'cancel', { transferId: TRANSFER_ID })).toMatchObject({ ok: true });
});

test('a page that asks for more and more without waiting is closed', async () => {
  const page = await connected();
  harness.engine.answer = () => new Promise(() => undefined);
  const input = { transferId: TRANSFER_ID };
  for (let id = 0; id < 100; id++) {
    page.socket.send(JSON.stringify({ kind: 'call', id, name: 'cancel', input }));
  }
  await page.closed();
  expect(harness.engine.calls.length).toBeLessThan(100);
});

test('a socket is refused to whoever is not our page in the session of our browser', async () => {
  const port = Number(new URL(harness.origin).port);
  const refused: Record<string, string>[] = [
    { cookie: '' },
    { cookie: cookie.slice(0, -1) },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${port + 1}` },
    { origin: `http://localhost:${port}` },
    { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of refused) {
    expect(await harness.connect(cookie, headers).opened()).toBe(false);
  }
  const local = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
  expect(await harness.connect(cookie, local).opened()).toBe(true);
});

test('a socket is refused where Origin is missing, and at any other path', async () => {
  const url = `ws://${harness.host}`;
  expect(await new ConsoleClient(`${url}/console`, { cookie }).opened()).toBe(false);
  const headers = { cookie, origin: harness.origin };
  for (const path of ['/', '/console/', '/console?x=1', '//console']) {
    expect(await new ConsoleClient(url + path, headers).opened()).toBe(false);
  }
});

test('more pages than anyone opens are refused, and one that closes makes room', async () => {
  const pages: ConsoleClient[] = [];
  for (let page = harness.connect(cookie); await page.opened(); page = harness.connect(cookie)) {
    pages.push(page);
  }
  expect(pages.length).toBe(16);
  pages[0]!.socket.close();
  await pages[0]!.closed();
  await expect.poll(() => harness.connect(cookie).opened()).toBe(true);
});

test('a page that goes is forgotten, and stopping closes those that stay', async () => {
  const first = await connected();
  const second = await connected();
  await Promise.all([first.shown('first'), second.shown('first')]);
  expect(harness.engine.listeners.size).toBe(2);
  first.socket.close();
  await first.closed();
  await expect.poll(() => harness.engine.listeners.size).toBe(1);
  await harness.console.stop();
  await second.closed();
  expect(harness.engine.listeners.size).toBe(0);
});
