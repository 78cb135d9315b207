import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Delivery } from '../../../electron/engine/transfer/destination.ts';
import { diskBelow } from '../../../electron/engine/transfer/folder-disk.ts';
import type { JournalContent } from '../../../electron/engine/transfer/journal-records.ts';
import { Journal } from '../../../electron/engine/transfer/journal.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { readInTurns } from '../../../electron/engine/transfer/read-journal.ts';
import { lookThrough } from '../../../electron/engine/transfer/restored.ts';
import { ALL_WANTED } from '../../../electron/engine/transfer/unwanted-entries.ts';
import { KEEP_BOTH } from '../../../shared/model/plan.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import { TRANSFER_ID, bytesOf, contentHash, sha256 } from '../../support/memory-tree.ts';
import { Proxy } from '../../support/proxy.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { entryAt, leftovers, putFile, setTime } from '../../support/trees.ts';
import { transferHash } from '../../support/transfer-hash.ts';

/** Files that were whole here already when their sender turned out to hold another version. */

const MIB = 1024 * 1024;
const ENTRIES: readonly Entry[] = [
  { kind: 'file', path: ['top'], bytes: 100 },
  { kind: 'file', path: ['folder', 'in'], bytes: 200 },
  { kind: 'file', path: ['folder', 'empty'], bytes: 0 },
];
const OLD = [bytesOf(100, 1), bytesOf(200, 2), new Uint8Array(0)];
const NEW = [bytesOf(100, 3), bytesOf(200, 4), new Uint8Array(0)];

let directory: string;
let home: string;
let open: Delivery[];
beforeEach(() => {
  open = [];
  home = mkdtempSync(join(tmpdir(), 'dropline-anew-home-'));
  directory = mkdtempSync(join(tmpdir(), 'dropline-anew-'));
});
afterEach(async () => {
  // on Windows a folder in which something is open cannot be removed
  for (const delivery of open) await delivery.close();
  for (const path of [directory, home]) rmSync(path, { recursive: true, force: true });
});

async function deliver(
  skip: readonly FileProblem[] = [],
  before?: JournalContent,
): Promise<Delivery> {
  const saved = ENTRIES.map(({ path }) => path);
  const names = { journalId: TRANSFER_ID, token: '0123456789abcdef', directory };
  const header = {
    ...names,
    transferId: TRANSFER_ID,
    peer: { id: null, name: '', address: '' },
    entriesKey: '',
    hash: 'sha256',
    items: [],
    itemCount: 0,
    totals: { files: 3, directories: 0, bytes: 300 },
    leftOut: 0,
    skip: [],
    existing: KEEP_BOTH,
    merged: [],
    startedAtMs: 0,
  } as const;
  const listed = ENTRIES.map(({ path }) => ({ bytes: 0, saved: path }));
  const path = join(home, 'open.jsonl');
  const journal = before
    ? Journal.reopen(realFileSystem, path)
    : Journal.write(realFileSystem, path, { ...header, items: [], skip: [], merged: [] }, listed);
  const options = {
    fs: diskBelow(realFileSystem, directory),
    journal,
    ...names,
    entries: ENTRIES,
    saved,
    skip,
    unwanted: ALL_WANTED,
    merged: [],
    met: [],
  };
  const delivery = new Delivery({ ...options, hash: 'sha256' }, join(home, 'done.jsonl'));
  open.push(delivery);
  if (!before) await delivery.prepare();
  return delivery;
}

/** What a connection brings; the wire goes after it, or the disk has all of it. */
function stream(delivery: Delivery, contents: readonly Uint8Array[], ...indexes: number[]): void {
  for (const index of indexes) {
    const content = contents[index] ?? new Uint8Array(0);
    if (content.length > 0) {
      delivery.openRange(index, 0);
      delivery.write(content);
    }
    delivery.endFile(index, contentHash(content));
  }
}

function hashOf(contents: readonly Uint8Array[], ...indexes: number[]): string {
  const files = indexes.map((index) => ({
    path: ENTRIES[index]?.path ?? [],
    hash: contentHash(contents[index] ?? new Uint8Array(0)),
  }));
  return toHex(transferHash(files, sha256));
}

const read = (...path: string[]): Buffer => readFileSync(join(directory, ...path));

test('a file with its final name that comes anew is stored beside it, and is the one that is shown', async () => {
  const delivery = await deliver();
  stream(delivery, OLD, 0, 1, 2);
  await delivery.suspend();
  stream(delivery, NEW, 0);
  await delivery.finish(hashOf([NEW[0]!, OLD[1]!, OLD[2]!], 0, 1, 2));
  expect(readdirSync(directory).sort()).toEqual(['folder', 'top', 'top (2)']);
  expect(read('top').equals(OLD[0]!)).toBe(true);
  expect(read('top (2)').equals(NEW[0]!)).toBe(true);
  expect(delivery.report()).toMatchObject({ files: 3, bytes: 300, failed: [] });
});

test('a file that got its name twice gets no third one, however often its sender has another', async () => {
  const delivery = await deliver();
  stream(delivery, OLD, 0, 1, 2);
  await delivery.suspend();
  stream(delivery, NEW, 0);
  await delivery.suspend();
  expect(() => stream(delivery, OLD, 0)).toThrow(
    expect.objectContaining({ code: 'SOURCE_CHANGED', details: { path: 'top' } }),
  );
  await delivery.suspend();
  const found = (await readInTurns(realFileSystem, join(home, 'open.jsonl'), () => true))!;
  await delivery.close();
  const later = await deliver([], found);
  later.takeUp(await lookThrough(later.options, later.staging, found.facts, () => true));
  expect(() => stream(later, OLD, 0)).toThrow(expect.objectContaining({ code: 'SOURCE_CHANGED' }));
  await later.close();
  const visible = readdirSync(directory).filter((name) => !name.startsWith('.'));
  expect(visible.sort()).toEqual(['top', 'top (2)']);
});

test.each(['changed', 'taken away'])(
  'a hidden file that was %s before it got its name has failed',
  async (what) => {
    const delivery = await deliver();
    stream(delivery, OLD, 1, 2);
    await delivery.suspend();
    const [folder = ''] = readdirSync(directory);
    const staged = join(directory, folder, 'in');
    if (what === 'changed') writeFileSync(staged, NEW[1]!);
    else rmSync(staged);
    stream(delivery, OLD, 0);
    const [part = ''] = readdirSync(directory).filter((name) => name !== folder);
    if (what === 'changed') writeFileSync(join(directory, part), NEW[0]!);
    else rmSync(join(directory, part));
    await delivery.finish(hashOf(OLD, 0, 1, 2));
    expect(delivery.report()).toMatchObject({
      files: 1,
      failed: [
        { index: 0, code: 'HASH_MISMATCH' },
        { index: 1, code: 'HASH_MISMATCH' },
      ],
    });
    expect(readdirSync(directory)).toEqual(['folder']);
    expect(readdirSync(join(directory, 'folder'))).toEqual(['empty']);
  },
);

test('a hidden file that was changed while the wire was cut comes again', async () => {
  const delivery = await deliver();
  stream(delivery, OLD, 0, 1, 2);
  await delivery.suspend();
  const [folder = ''] = readdirSync(directory).filter((name) => name.startsWith('.'));
  writeFileSync(join(directory, folder, 'in'), NEW[1]!);
  expect(await delivery.takeBackChanged()).toEqual([1]);
  expect([...delivery.wholeFiles.indexes()]).toEqual([0, 2]);
  expect(delivery.parts.indexes).toEqual([1]);
});

test('a hidden file that comes anew takes the place of the old one, empty ones too', async () => {
  const delivery = await deliver();
  stream(delivery, OLD, 0, 1, 2);
  await delivery.suspend();
  stream(delivery, NEW, 1, 2);
  await delivery.finish(hashOf([OLD[0]!, NEW[1]!, NEW[2]!], 0, 1, 2));
  expect(readdirSync(directory).sort()).toEqual(['folder', 'top']);
  expect(read('folder', 'in').equals(NEW[1]!)).toBe(true);
  expect(delivery.report()).toMatchObject({ files: 3, bytes: 300, failed: [] });
});

test('a file that was whole and cannot be sent anew has failed, and its old version is left alone', async () => {
  const delivery = await deliver();
  stream(delivery, OLD, 0, 1, 2);
  await delivery.suspend();
  delivery.dropFile(0, 'SOURCE_UNREADABLE');
  delivery.dropFile(1, 'SOURCE_CHANGED');
  await delivery.finish(hashOf(OLD, 2));
  expect(read('top').equals(OLD[0]!)).toBe(true);
  expect(readdirSync(join(directory, 'folder'))).toEqual(['empty']);
  expect(delivery.report()).toMatchObject({
    files: 1,
    bytes: 0,
    failed: [
      { index: 0, code: 'SOURCE_UNREADABLE' },
      { index: 1, code: 'SOURCE_CHANGED' },
    ],
  });
});

test('a file that comes anew and is cut in the middle goes on, and is not whole meanwhile', async () => {
  const delivery = await deliver();
  stream(delivery, OLD, 0, 1, 2);
  await delivery.suspend();
  delivery.openRange(1, 0);
  delivery.write(NEW[1]!.subarray(0, 50));
  await delivery.suspend();
  expect([...delivery.wholeFiles.indexes()]).toEqual([0, 2]);
  expect(delivery.parts.indexes).toEqual([1]);
});

test('what comes anew after all is finished is not kept, and the sender is told so once', async () => {
  const delivery = await deliver();
  stream(delivery, OLD, 0, 1, 2);
  const hex = hashOf(OLD, 0, 1, 2);
  await delivery.finish(hex);
  await delivery.suspend();
  stream(delivery, NEW, 0, 2);
  delivery.dropFile(1, 'SOURCE_UNREADABLE');
  await delivery.finish(hashOf(NEW, 0, 2));
  expect(delivery.report()).toMatchObject({
    files: 1,
    bytes: 0,
    failed: [
      { index: 0, code: 'SOURCE_CHANGED' },
      { index: 1, code: 'SOURCE_UNREADABLE' },
    ],
  });
  expect(read('top').equals(OLD[0]!)).toBe(true);
  expect(delivery.transferHash).toBe(`sha256:${hex}`);
  await delivery.suspend();
  expect(delivery.report()).toMatchObject({ files: 3, bytes: 300, failed: [] });
});

test('a file that is not wanted has failed with its reason, and the hash leaves it out', async () => {
  const delivery = await deliver([{ index: 1, code: 'FILE_TOO_BIG' }]);
  stream(delivery, OLD, 0, 2);
  await delivery.finish(hashOf(OLD, 0, 2));
  expect(delivery.report()).toMatchObject({
    files: 2,
    bytes: 100,
    failed: [{ index: 1, code: 'FILE_TOO_BIG' }],
    problems: [{ path: 'folder/in', code: 'FILE_TOO_BIG' }],
  });
});

test('a sender that comes back with other content under the same sizes and times delivers that', async () => {
  const bench = new Bench();
  const receiver = await bench.receiver();
  const proxy = await Proxy.open(receiver.port);
  const first = await bench.sender();
  const top = putFile(bench.path('top.bin'), 2 * MIB, 1);
  const inside = putFile(bench.path('tree', 'a.bin'), 2 * MIB, 2);
  const late = putFile(bench.path('tree', 'b.bin'), 20 * MIB, 3);
  const paths = [top, bench.path('tree')];
  proxy.setFates({ cutAfterBytes: 14 * MIB });
  const id = await first.send(paths, proxy.port);
  await first.event('interrupted', id);
  await receiver.event('interrupted', id);
  await proxy.stop();
  await first.stop();
  for (const [path, seed] of [[top, 8] as const, [inside, 9] as const]) {
    const { modifiedUs } = entryAt(path);
    writeFileSync(path, bytesOf(2 * MIB, seed));
    setTime(path, (Number(modifiedUs) + 0.25) / 1e6);
  }
  const second = await bench.sender({ identity: first.identity });
  await second.send(paths, receiver.port, { transferId: id });
  const sent = await second.outcome('delivered', id);
  const received = await receiver.outcome('delivered', id);
  expect(sent).toMatchObject({ files: 3, failed: { count: 0 }, hash: received.hash });
  expect(second.all('started', id)[0]!.keptBytes).toBeGreaterThan(0);
  expect(readdirSync(receiver.directory).sort()).toEqual(['top (2).bin', 'top.bin', 'tree']);
  const at = (...path: string[]) => entryAt(join(receiver.directory, ...path));
  expect(at('top (2).bin')).toEqual(entryAt(top));
  expect(at('tree', 'a.bin')).toEqual(entryAt(inside));
  expect(at('tree', 'b.bin')).toEqual(entryAt(late));
  expect(leftovers(receiver.directory)).toEqual([]);
  await bench.remove();
});
