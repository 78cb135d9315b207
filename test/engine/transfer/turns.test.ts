import type { BigIntStats, Dir } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  Connection,
  ConnectionHandlers,
} from '../../../electron/engine/transfer/connection.ts';
import { FileHashes } from '../../../electron/engine/transfer/file-hashes.ts';
import { JournalShelf } from '../../../electron/engine/transfer/journal-shelf.ts';
import { Journal } from '../../../electron/engine/transfer/journal.ts';
import { planMerge } from '../../../electron/engine/transfer/merge-plan.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { scan } from '../../../electron/engine/transfer/scan.ts';
import { SendSession } from '../../../electron/engine/transfer/send-session.ts';
import { FRAME_STEPS_PER_TURN, TurnReader } from '../../../electron/engine/transfer/turn-reader.ts';
import { ALL_WANTED } from '../../../electron/engine/transfer/unwanted-entries.ts';
import { FRAME_TYPES, encodeFrame } from '../../../shared/protocol/frame.ts';
import { pagesOf, totalsOf } from '../../../shared/protocol/manifest.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { journalHeader } from '../../support/journal-header.ts';
import { TRANSFER_ID } from '../../support/memory-tree.ts';
import { Bench } from '../../support/transfer-pair.ts';

/**
 * If these fail, one list of a hundred thousand files keeps every other transfer of its thread waiting: they
 * count the turns that the work leaves to others, and measure no time.
 */

const ENTRIES = 20_000;
const NAMES = Array.from({ length: ENTRIES }, (_, n) => `${(n * 7_919) % ENTRIES} picture.jpg`);
const LIST: readonly Entry[] = NAMES.map((name) => ({
  kind: 'file',
  path: ['pictures', name],
  bytes: 1,
  modifiedUs: 1,
}));
const bench = new Bench();
let turn = 0;
let isCounting = true;

beforeAll(() => {
  void (async () => {
    for (; isCounting; turn++) await nextTurn();
  })();
});
afterAll(async () => {
  isCounting = false;
  await bench.remove();
});

/** In how many turns of this thread it was called. */
function counted<A extends readonly unknown[], R>(run: (...args: A) => R) {
  const seen = new Set<number>();
  const call = (...args: A): R => {
    seen.add(turn);
    return run(...args);
  };
  return { seen, call };
}

test('a folder of very many files is listed, sorted and looked at some at a time', async () => {
  const stat = (isFolder: boolean): BigIntStats =>
    ({
      isDirectory: () => isFolder,
      isFile: () => !isFolder,
      size: 1n,
      mode: 0o644n,
      mtimeNs: 1_000n,
      ino: 1n,
      dev: 1n,
    }) as unknown as BigIntStats;
  const folder = resolve('/pictures');
  const left = NAMES.map((name) => ({ name }));
  const read = counted(() => left.pop() ?? null);
  const look = counted((path: string) => stat(path === folder));
  const fs = {
    ...realFileSystem,
    realpathSync: (path: string) => path,
    statSync: () => stat(true),
    accessSync: () => undefined,
    opendirSync: () => ({ readSync: read.call, closeSync: () => undefined }) as unknown as Dir,
    lstatSync: look.call,
  } as unknown as FileSystem;
  const before = turn;
  const { entries } = await scan(fs, [folder], new AbortController().signal);
  expect([...entries].slice(1).map(({ path }) => path[1])).toEqual([...NAMES].sort());
  expect(read.seen.size).toBeGreaterThan(1);
  expect(look.seen.size).toBeGreaterThan(ENTRIES / 1_000);
  const sorting = turn - before - read.seen.size - look.seen.size;
  expect(sorting).toBeGreaterThan(ENTRIES / 1_000);
});

test('a long list goes onto the wire page by page, and others have their turn between', async () => {
  const pages = [...pagesOf(LIST)].length;
  let handlers: ConnectionHandlers<unknown> | null = null;
  let left = 0;
  const take = counted((entry: Entry) => (left--, entry));
  const entries = Object.assign([...LIST], {
    *[Symbol.iterator]() {
      left = ENTRIES;
      for (const entry of LIST) yield take.call(entry);
    },
  });
  const connection = {
    peerId: '' as PeerId,
    open: (given: ConnectionHandlers<unknown>) => (handlers = given),
    write: (_frames: Uint8Array, done?: () => void) => done?.(),
    send: () => undefined,
    close: () => undefined,
    pendingBytes: 0,
  } as unknown as Connection;
  const source = { entries, open: () => Promise.reject(new Error()), close: () => undefined };
  const items = [{ name: 'pictures', kind: 'folder' as const }];
  const session = new SendSession({
    connection,
    clock: new HandClock(),
    greeting: { name: 'anna', platform: 'linux', hashes: ['sha256'] },
    offer: { transferId: TRANSFER_ID, items, itemCount: 1, ...totalsOf(LIST), leftOut: 0 },
    source,
    hashes: new FileHashes(ENTRIES),
    isPausedByUs: () => false,
    openLanePort: null,
    onWaiting: () => undefined,
    onStarted: () => undefined,
    onPause: () => undefined,
    onFinishing: () => undefined,
  });
  const hello = {
    type: 'hello',
    versions: [1],
    name: 'ben',
    platform: 'linux',
    hashes: ['sha256'],
  };
  handlers!.onMessage(hello);
  while (left > 0) await nextTurn();
  expect(pages).toBeGreaterThan(10);
  expect(take.seen.size).toBeGreaterThanOrEqual(pages);
  session.cancel();
  await session.result;
});

test.each([
  { forAll: 'keepBoth', passes: 1 },
  { forAll: 'skipIdentical', passes: 3 },
] as const)(
  'what an offer meets in a folder is planned some entries at a time ($forAll)',
  async ({ forAll, passes }) => {
    const directory = bench.path(`inbox-${forAll}`);
    mkdirSync(join(directory, 'pictures'), { recursive: true });
    const saved = LIST.map(({ path }) => path);
    const before = turn;
    const existing = { forAll, items: {} };
    const unwanted = ALL_WANTED;
    const request = { fs: realFileSystem, directory, entries: LIST, saved, existing, unwanted };
    const plan = await planMerge(request, () => true);
    expect(plan.merged.map(({ name }) => name)).toEqual(forAll === 'keepBoth' ? [] : ['pictures']);
    expect([...plan.saved]).toEqual(saved);
    expect(turn - before).toBeGreaterThan((passes * ENTRIES) / 1_000);
  },
);

test('what an earlier run left is looked through some pages at a time', async () => {
  const home = bench.path('home');
  mkdirSync(home);
  const read = counted(realFileSystem.readSync as (...args: unknown[]) => number);
  const fs = { ...realFileSystem, readSync: read.call } as FileSystem;
  const shelf = new JournalShelf(fs, home);
  const header = journalHeader({ directory: bench.path('inbox'), totals: totalsOf(LIST) });
  const listed = LIST.map(({ path }) => ({ bytes: 1, saved: path }));
  await (await Journal.create(fs, shelf.pathOf(TRANSFER_ID), header, listed)).close();
  expect(await shelf.takeStock()).toMatchObject([{ header: { transferId: TRANSFER_ID } }]);
  expect(read.seen.size).toBeGreaterThan(5);
});

test('a chunk of the wire with very many frames is taken in turns, and the wire waits', async () => {
  const frames = 5 * FRAME_STEPS_PER_TURN + 10;
  const flow: string[] = [];
  const socket = { pause: () => flow.push('pause'), resume: () => flow.push('resume') };
  const take = counted((_type: number) => undefined);
  const sink = { onFrame: take.call, onData: () => undefined };
  const chunk = Buffer.concat(
    Array.from({ length: frames }, () => encodeFrame(FRAME_TYPES.ping, new Uint8Array(0))),
  );
  const reader = new TurnReader(socket, sink, () => expect.unreachable());
  reader.push(chunk);
  expect(flow).toEqual(['pause']);
  while (flow.at(-1) !== 'resume') await nextTurn();
  expect(take.seen.size).toBe(6);
});

test('frames of one byte of content take turns as others do, large ones by their size', async () => {
  for (const [bytes, frames, turns] of [
    [1, 5 * FRAME_STEPS_PER_TURN + 10, 6],
    [64 * 1024, FRAME_STEPS_PER_TURN, 2],
  ] as const) {
    const flow: string[] = [];
    const socket = { pause: () => flow.push('pause'), resume: () => flow.push('resume') };
    const take = counted((_part: Uint8Array) => undefined);
    const sink = { onFrame: () => undefined, onData: take.call };
    const frame = encodeFrame(FRAME_TYPES.data, new Uint8Array(bytes));
    const reader = new TurnReader(socket, sink, () => expect.unreachable());
    reader.push(Buffer.concat(Array.from({ length: frames }, () => frame)));
    while (flow.at(-1) !== 'resume') await nextTurn();
    expect(take.seen.size).toBe(turns);
  }
});

test('what is told of half a frame may be the last of a turn, and the next one comes', async () => {
  const flow: string[] = [];
  let bytes = 0;
  const socket = { pause: () => flow.push('pause'), resume: () => flow.push('resume') };
  const sink = { onFrame: () => undefined, onData: (part: Uint8Array) => (bytes += part.length) };
  const frame = encodeFrame(FRAME_TYPES.data, new Uint8Array(FRAME_STEPS_PER_TURN + 1));
  const reader = new TurnReader(socket, sink, () => expect.unreachable());
  for (let at = 0; at < frame.length; at++) {
    reader.push(frame.subarray(at, at + 1));
    reader.flushData();
  }
  while (flow.at(-1) !== 'resume') await nextTurn();
  reader.drain();
  expect(bytes).toBe(FRAME_STEPS_PER_TURN + 1);
});

test('what had come is taken when the wire goes, and nothing while nobody wants it', async () => {
  let taken = 0;
  const socket = { pause: () => undefined, resume: () => undefined };
  const sink = { onFrame: () => taken++, onData: () => undefined };
  const frame = encodeFrame(FRAME_TYPES.ping, new Uint8Array(0));
  const chunk = Buffer.concat(Array.from({ length: 4 * FRAME_STEPS_PER_TURN }, () => frame));
  const reader = new TurnReader(socket, sink, () => expect.unreachable());
  reader.push(chunk);
  reader.pause();
  for (let n = 0; n < 5; n++) await nextTurn();
  expect(taken).toBe(FRAME_STEPS_PER_TURN);
  reader.drain();
  expect(taken).toBe(4 * FRAME_STEPS_PER_TURN);
  const stopped = new TurnReader(socket, sink, () => expect.unreachable());
  stopped.push(chunk);
  stopped.stop();
  for (let n = 0; n < 5; n++) await nextTurn();
  stopped.drain();
  expect(taken).toBe(5 * FRAME_STEPS_PER_TURN);
});

test('a chunk that is only lent is taken some at a time too, whatever comes after it', async () => {
  const frames = 10 * FRAME_STEPS_PER_TURN;
  const wire = Buffer.concat(
    Array.from({ length: frames }, (_, n) => encodeFrame(FRAME_TYPES.data, Uint8Array.of(n))),
  );
  const taken: number[] = [];
  const take = counted((part: Uint8Array) => void taken.push(part[0] ?? -1));
  const flow: string[] = [];
  const socket = { pause: () => flow.push('pause'), resume: () => flow.push('resume') };
  const sink = { onFrame: () => undefined, onData: take.call };
  const reader = new TurnReader(socket, sink, () => expect.unreachable(), true);
  const lent = new Uint8Array(1_000);
  for (let at = 0; at < wire.length; at += lent.length) {
    const chunk = wire.subarray(at, at + lent.length);
    lent.set(chunk);
    reader.push(lent.subarray(0, chunk.length)); // it does not know yet that it is to pause
  }
  lent.fill(0);
  for (let n = 0; n < 100 && flow.at(-1) !== 'resume'; n++) await nextTurn();
  expect(taken).toEqual(Array.from({ length: frames }, (_, n) => n % 256));
  expect(take.seen.size).toBe(10);
});
