import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  PAGE_BUDGET_BYTES,
  PAGE_REQUEST_BYTES,
  PAGE_SHARES,
} from '../../../electron/engine/transfer/page-budget.ts';
import type { PageReader } from '../../../electron/engine/transfer/page-reader.ts';
import { PAGE_ANSWER_TIMEOUT_MS } from '../../../electron/engine/transfer/page-requests.ts';
import type { PageServer } from '../../../electron/engine/transfer/page-server.ts';
import { openPageServer } from '../../../electron/engine/transfer/page-server.ts';
import type { PageSource } from '../../../electron/engine/transfer/page-source.ts';
import { MAX_ENTRIES } from '../../../shared/protocol/limits.ts';
import { FakePage, pageEntries } from '../../support/fake-page.ts';
import { HandClock } from '../../support/hand-clock.ts';

const ORIGIN = 'http://127.0.0.1:5000';
const MIB = 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

let clock: HandClock;
let server: PageServer;
const pages: FakePage[] = [];

beforeEach(async () => {
  clock = new HandClock();
  server = await openPageServer(clock);
});

afterEach(async () => {
  await server.close();
  await Promise.all(pages.splice(0).map((page) => page.closed()));
  expect(clock.pending).toBe(0);
});

type Contents = readonly (Uint8Array | null)[];

/** A page that was let in; what it holds is not listed yet. */
async function connect(contents: Contents = []): Promise<{ page: FakePage; source: PageSource }> {
  const { ticket, url, selectionKey } = server.createTicket(ORIGIN);
  const page = new FakePage(url, { origin: ORIGIN, contents });
  pages.push(page);
  expect(await page.opened()).toBe(true);
  page.say({ kind: 'ticket', ticket });
  return { page, source: server.source(selectionKey)! };
}

async function connectAndList(
  contents: Contents,
): Promise<{ page: FakePage; source: PageSource; reader: PageReader }> {
  const { page, source } = await connect(contents);
  page.list(pageEntries(contents));
  expect(await source.entries()).toEqual(pageEntries(contents));
  return { page, source, reader: source.openReader() };
}

/** Reads a file as the send stream does, piece after piece. */
async function readFile(
  reader: PageReader,
  index: number,
  bytes: number,
  onPiece: (offset: number) => void = () => undefined,
): Promise<Buffer> {
  const whole = Buffer.alloc(bytes);
  for (let at = 0; at < bytes;) {
    const count = await reader.read(index, at, whole.subarray(at, at + PIECE_BYTES));
    expect(count).toBeGreaterThan(0);
    at += count;
    onPiece(at);
  }
  return whole;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('a large file comes out of the page byte for byte, within the budget all the while', async () => {
  const content = randomBytes(32 * MIB + 12_345);
  const { page, reader } = await connectAndList([content]);
  let mostAhead = 0;
  const got = await readFile(reader, 0, content.length, (at) => {
    mostAhead = Math.max(mostAhead, page.askedBytes - at);
  });
  expect(sha256(got)).toBe(sha256(content));
  expect(mostAhead).toBeGreaterThan(PAGE_REQUEST_BYTES);
  expect(mostAhead).toBeLessThanOrEqual(PAGE_BUDGET_BYTES);
  expect(page.askedBytes).toBe(content.length);
});

test('thousands of small files, empty ones and folders arrive in order, each asked for once', async () => {
  const contents = Array.from({ length: 3_000 }, (_, at) =>
    at % 10 === 0 ? null : randomBytes((at * 37) % 2_000),
  );
  const { page, reader } = await connectAndList(contents);
  for (const [index, content] of contents.entries()) {
    if (content === null) continue;
    const got = await readFile(reader, index, content.length);
    expect(got.equals(content)).toBe(true);
  }
  const filled = contents.flatMap((content, index) => (content?.length ? [index] : []));
  expect(page.reads.map((read) => read.index)).toEqual(filled);
});

test('small files are asked for before their turn, so they cost no round trip each', async () => {
  const contents = Array.from({ length: 1_000 }, () => randomBytes(100));
  const { page, reader } = await connectAndList(contents);
  page.serve = null;
  const first = reader.read(0, 0, new Uint8Array(100));
  await page.asked(200);
  page.reads.slice(0, 200).forEach((read) => page.answer(read));
  expect(await first).toBe(100);
  for (let index = 1; index < 200; index++) {
    expect(await reader.read(index, 0, new Uint8Array(100))).toBe(100);
  }
});

test('a page that never answers is asked for no more than the budget by any number of readers', async () => {
  const contents = Array.from({ length: 6 }, () => Buffer.alloc(20 * MIB));
  const { page, source } = await connectAndList(contents);
  page.serve = null;
  const readers = contents.map(() => source.openReader());
  const reading = readers.map((reader, index) => reader.read(index, 0, new Uint8Array(1)));
  await page.heardAll();
  expect(page.askedBytes).toBe(PAGE_BUDGET_BYTES);
  // each share that there is has been asked for something
  expect(new Set(page.reads.map((read) => read.index)).size).toBe(PAGE_SHARES);
  page.socket.terminate();
  for (const read of reading) await expect(read).rejects.toMatchObject({ code: 'PAGE_CLOSED' });
});

test('a reader that has stopped reading does not starve another', async () => {
  const contents = [randomBytes(20 * MIB), randomBytes(3 * MIB)];
  const { source, reader } = await connectAndList(contents);
  await reader.read(0, 0, new Uint8Array(10));
  const other = source.openReader();
  expect((await readFile(other, 1, 3 * MIB)).equals(contents[1]!)).toBe(true);
});

test('a fifth reader gets its turn when one of the four before it closes', async () => {
  const contents = [randomBytes(2 * MIB)];
  const { source } = await connectAndList(contents);
  const readers = Array.from({ length: PAGE_SHARES }, () => source.openReader());
  for (const reader of readers) await reader.read(0, 0, new Uint8Array(10));
  const fifth = readFile(source.openReader(), 0, 2 * MIB);
  readers[0]!.close();
  expect((await fifth).equals(contents[0]!)).toBe(true);
});

test('reading goes back, forward and to another file, as a resume does, and is still right', async () => {
  const contents = [randomBytes(12 * MIB), randomBytes(700), randomBytes(9 * MIB)];
  const { page, reader } = await connectAndList(contents);
  const places: readonly (readonly [number, number, number])[] = [
    [0, 0, 2 * MIB],
    [0, 8 * MIB, 1000],
    [0, 3 * MIB, 5 * MIB],
    [2, 5, 10],
    [2, 8 * MIB, MIB],
    [1, 0, 700],
    [0, 12 * MIB - 1, 1],
    [1, 699, 1],
  ];
  for (const [index, offset, bytes] of places) {
    const target = Buffer.alloc(bytes);
    expect(await reader.read(index, offset, target)).toBe(bytes);
    expect(target.equals(contents[index]!.subarray(offset, offset + bytes))).toBe(true);
  }
  expect(Math.max(...page.reads.map((read) => read.bytes))).toBe(PAGE_REQUEST_BYTES);
});

test('a read across the end of a file answers what there is', async () => {
  const { reader } = await connectAndList([randomBytes(10), null]);
  expect(await reader.read(0, 4, new Uint8Array(100))).toBe(6);
  expect(await reader.read(0, 10, new Uint8Array(100))).toBe(0);
  expect(await reader.read(1, 0, new Uint8Array(100))).toBe(0);
  expect(await reader.read(7, 0, new Uint8Array(100))).toBe(0);
});

test('a file that has shrunk fails as changed, and the files after it still come', async () => {
  const contents = [randomBytes(3 * MIB), randomBytes(1000)];
  const { page, reader } = await connectAndList(contents);
  page.serve = (read) => {
    if (read.index === 0 && read.offset === MIB) page.sendBytes(read.request, Buffer.alloc(5));
    else page.answer(read);
  };
  await expect(readFile(reader, 0, 3 * MIB)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  expect((await readFile(reader, 1, 1000)).equals(contents[1]!)).toBe(true);
});

test('a file that the browser cannot read any more fails alone', async () => {
  const contents = [randomBytes(500), randomBytes(1000)];
  const { page, reader } = await connectAndList(contents);
  page.serve = (read) => {
    if (read.index === 0) page.say({ kind: 'unreadable', request: read.request });
    else page.answer(read);
  };
  await expect(readFile(reader, 0, 500)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  expect((await readFile(reader, 1, 1000)).equals(contents[1]!)).toBe(true);
});

test('closing the page ends its list, its readers and its source', async () => {
  const { ticket, url, selectionKey } = server.createTicket(ORIGIN);
  const source = server.source(selectionKey)!;
  const page = new FakePage(url, { origin: ORIGIN });
  pages.push(page);
  await page.opened();
  page.say({ kind: 'ticket', ticket });
  const listed = source.entries();
  page.socket.close();
  await expect(listed).rejects.toMatchObject({ code: 'PAGE_CLOSED' });
  expect(server.source(selectionKey)).toBeNull();
  expect(() => source.openReader()).toThrow('PAGE_CLOSED');
});

test('closing the page in the middle of a file ends the reading', async () => {
  const { page, reader } = await connectAndList([Buffer.alloc(4 * MIB)]);
  page.serve = () => page.socket.close();
  await expect(readFile(reader, 0, 4 * MIB)).rejects.toMatchObject({ code: 'PAGE_CLOSED' });
});

test('a reader that is closed gives up what it waits for', async () => {
  const { page, reader } = await connectAndList([Buffer.alloc(10)]);
  page.serve = null;
  const reading = reader.read(0, 0, new Uint8Array(10));
  await page.asked(1);
  reader.close();
  await expect(reading).rejects.toMatchObject({ code: 'PAGE_CLOSED' });
});

test('a page that is silent for a minute while asked is given up, one that answers slowly is not', async () => {
  const { page, reader } = await connectAndList([Buffer.alloc(3 * MIB)]);
  page.serve = null;
  const first = reader.read(0, 0, new Uint8Array(MIB));
  await page.asked(3);
  clock.turn(PAGE_ANSWER_TIMEOUT_MS - 1);
  page.answer(page.reads[0]!);
  expect(await first).toBe(MIB);
  const second = reader.read(0, MIB, new Uint8Array(MIB));
  clock.turn(PAGE_ANSWER_TIMEOUT_MS - 1);
  page.answer(page.reads[1]!);
  expect(await second).toBe(MIB);
  const third = reader.read(0, 2 * MIB, new Uint8Array(MIB));
  clock.turn(PAGE_ANSWER_TIMEOUT_MS);
  await expect(third).rejects.toMatchObject({ code: 'PAGE_CLOSED' });
  await page.closed();
});

test('a list of too many files is refused in words', async () => {
  const { page, source } = await connect();
  const listed = expect(source.entries()).rejects.toMatchObject({ code: 'TOO_MANY_FILES' });
  const [entry] = pageEntries([new Uint8Array(1)]);
  const many = Array.from({ length: 10_000 }, () => entry!);
  for (let sent = 0; sent <= MAX_ENTRIES; sent += many.length) {
    page.say({ kind: 'entries', entries: many });
  }
  await listed;
  await page.closed();
});

const one = pageEntries([new Uint8Array(1)])[0]!;

test.each<readonly [string, (page: FakePage) => void]>([
  ['text that is no JSON', (page) => page.socket.send('{{{')],
  ['an unknown message', (page) => page.say({ kind: 'hello' })],
  ['its ticket again', (page) => page.say({ kind: 'ticket', ticket: '0'.repeat(64) })],
  ['bytes that nobody asked for', (page) => page.sendBytes(7, Buffer.alloc(10))],
  ['a frame without a number', (page) => page.socket.send(Buffer.alloc(3))],
  ['an answer that nobody asked for', (page) => page.say({ kind: 'unreadable', request: 0 })],
  ['a message beyond the limit', (page) => page.socket.send(Buffer.alloc(5 * MIB))],
  ['a name with a slash', (page) => page.list([{ ...one, path: ['a/b'] }])],
  ['a name with a NUL', (page) => page.list([{ ...one, path: ['a\0b'] }])],
  ['an empty name', (page) => page.list([{ ...one, path: [''] }])],
  ['a way up', (page) => page.list([{ ...one, path: ['a', '..', 'b'] }])],
  ['a folder with bytes', (page) => page.list([{ ...one, kind: 'directory' }])],
  ['a negative size', (page) => page.list([{ ...one, bytes: -1 }])],
])('a page that sends %s is closed', async (_what, misbehave) => {
  const { page, source } = await connect();
  const listed = expect(source.entries()).rejects.toMatchObject({ code: 'PAGE_CLOSED' });
  misbehave(page);
  await listed;
  await page.closed();
});

test.each<readonly [string, (page: FakePage, request: number) => void]>([
  ['answers with more than was asked for', (page, id) => page.sendBytes(id, Buffer.alloc(101))],
  ['lists more files after the end', (page) => page.list([one])],
  ['answers twice', (page, id) => [id, id].forEach((n) => page.sendBytes(n, Buffer.alloc(100)))],
])('a page that %s is closed', async (_what, misbehave) => {
  const { page, source, reader } = await connectAndList([Buffer.alloc(100)]);
  page.serve = (read) => misbehave(page, read.request);
  const settled = Promise.allSettled([reader.read(0, 0, new Uint8Array(100))]);
  await page.closed();
  await settled;
  expect(() => source.openReader()).toThrow('PAGE_CLOSED');
});
