import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { bytesOf } from '../../support/memory-tree.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import {
  entryAt,
  leftovers,
  putFile,
  readTree,
  setFolderTimes,
  setTime,
} from '../../support/trees.ts';

/** A receiver that is started again goes on from what lies on its disk. */

const MIB = 1024 * 1024;
const MOST_SENT_AGAIN_BYTES = 9 * MIB;

let bench: Bench;
let sender: TestSender;
let receiver: TestReceiver;
let proxy: Proxy;

beforeEach(async () => {
  bench = new Bench();
  [sender, receiver] = await Promise.all([bench.sender(), bench.receiver()]);
  proxy = await Proxy.open(receiver.port);
});
afterEach(async () => {
  await proxy.stop();
  await bench.stop();
  expect(leftovers(receiver.directory)).toEqual([]);
  expect(readdirSync(join(receiver.home, 'journal'))).toEqual([]);
  await bench.remove();
});

/** Sends, and stops the receiver when the wire has been cut; the sender gives up. */
async function cutAt(paths: readonly string[], bytes: number): Promise<TransferId> {
  proxy.setFates({ cutAfterBytes: bytes });
  const id = await sender.send(paths, proxy.port, { retryForMs: 0 });
  await sender.outcome('failed', id);
  await receiver.event('interrupted', id);
  await receiver.stop();
  return id;
}

async function startAgain(): Promise<void> {
  const { identity, directory, home } = receiver;
  receiver = await bench.receiver({ identity, place: { directory, home } });
}

test('the same transfer goes on, and nobody is asked again', async () => {
  const path = putFile(bench.path('big.bin'), 40 * MIB + 5);
  const id = await cutAt([path], 25 * MIB);
  await startAgain();
  const restored = await receiver.event('restored', id);
  expect(restored.items).toEqual([{ name: 'big.bin', kind: 'file' }]);
  expect(restored.bytes).toBeGreaterThan(15 * MIB);
  await sender.send([path], receiver.port, { transferId: id });
  await receiver.outcome('delivered', id);
  expect(receiver.all('offered', id)).toEqual([]);
  const { keptBytes } = await receiver.event('started', id);
  expect(keptBytes).toBeGreaterThan(25 * MIB - MOST_SENT_AGAIN_BYTES);
  expect(entryAt(join(receiver.directory, 'big.bin'))).toEqual(entryAt(path));
  expect(readdirSync(receiver.directory)).toEqual(['big.bin']);
});

test('the same thing sent again under a new id goes on, and takes the place of the old one', async () => {
  const root = bench.path('tree');
  for (let n = 0; n < 40; n++) putFile(join(root, `d${n % 5}`, `f${n}`), MIB + n, n + 1);
  setFolderTimes(root);
  const id = await cutAt([root], 20 * MIB);
  await startAgain();
  const again = await sender.send([root], receiver.port);
  await receiver.outcome('delivered', again);
  expect((await receiver.event('continued', again)).from).toBe(id);
  expect(receiver.all('offered', again)).toEqual([]);
  const { keptBytes } = await receiver.event('started', again);
  expect(keptBytes).toBeGreaterThan(20 * MIB - MOST_SENT_AGAIN_BYTES);
  expect(readTree(join(receiver.directory, 'tree'))).toEqual(readTree(root));
  expect(readdirSync(receiver.directory)).toEqual(['tree']);
});

test('what has its final name already is not sent again', async () => {
  const paths = [1, 2, 3].map((n) => putFile(bench.path(`f${n}`), 10 * MIB + n, n));
  const id = await cutAt(paths, 25 * MIB);
  expect(readdirSync(receiver.directory)).toContain('f1');
  await startAgain();
  await sender.send(paths, receiver.port, { transferId: id });
  await receiver.outcome('delivered', id);
  expect(readdirSync(receiver.directory).sort()).toEqual(['f1', 'f2', 'f3']);
  const { keptBytes } = await receiver.event('started', id);
  expect(keptBytes).toBeGreaterThan(25 * MIB - MOST_SENT_AGAIN_BYTES);
});

test.each(['changed', 'taken away'])(
  'what has its final name and was %s since is theirs, and comes anew',
  async (what) => {
    const paths = [1, 2].map((n) => putFile(bench.path(`f${n}`), 10 * MIB + n, n));
    const id = await cutAt(paths, 15 * MIB);
    const first = join(receiver.directory, 'f1');
    if (what === 'changed') writeFileSync(first, bytesOf(10 * MIB + 1, 99));
    else renameSync(first, bench.path('elsewhere'));
    await startAgain();
    await sender.send(paths, receiver.port, { transferId: id });
    await receiver.outcome('delivered', id);
    const expected = what === 'changed' ? ['f1', 'f1 (2)', 'f2'] : ['f1', 'f2'];
    expect(readdirSync(receiver.directory).sort()).toEqual(expected);
    const fresh = what === 'changed' ? 'f1 (2)' : 'f1';
    expect(entryAt(join(receiver.directory, fresh)).hash).toBe(entryAt(paths[0]!).hash);
  },
);

test('a newer version is asked for, and takes over every block that is still the same', async () => {
  const root = bench.path('tree');
  const first = putFile(join(root, 'a.bin'), 20 * MIB, 1);
  putFile(join(root, 'b.bin'), 20 * MIB, 2);
  setFolderTimes(root);
  const id = await cutAt([root], 30 * MIB);
  const changed = readFileSync(first);
  changed.fill(7, 3 * MIB, 3 * MIB + 1);
  writeFileSync(first, changed);
  setTime(first, 1_700_000_000);
  setFolderTimes(root);
  await startAgain();
  const again = await sender.send([root], receiver.port);
  const sent = await sender.outcome('delivered', again);
  expect(receiver.all('offered', again)).toHaveLength(1);
  expect(receiver.all('superseded', id)).toHaveLength(1);
  expect(sent.sentBytes).toBeLessThan(25 * MIB);
  expect(readTree(join(receiver.directory, 'tree'))).toEqual(readTree(root));
  expect(readdirSync(receiver.directory)).toEqual(['tree']);
});

test('another version under the same size and time is told by its blocks', async () => {
  const path = putFile(bench.path('doc.bin'), 20 * MIB, 1);
  const { modifiedUs } = entryAt(path);
  const id = await cutAt([path], 12 * MIB);
  writeFileSync(path, bytesOf(20 * MIB, 9));
  setTime(path, (Number(modifiedUs) + 0.25) / 1e6);
  await startAgain();
  await sender.send([path], receiver.port, { transferId: id });
  await receiver.outcome('delivered', id);
  expect(entryAt(join(receiver.directory, 'doc.bin'))).toEqual(entryAt(path));
});

test('somebody else cannot go on with it', async () => {
  const path = putFile(bench.path('big.bin'), 20 * MIB);
  const id = await cutAt([path], 12 * MIB);
  await startAgain();
  receiver.accepts = false;
  const stranger = await bench.sender();
  await stranger.send([path], receiver.port, { transferId: id });
  const asked = () =>
    receiver.events.flatMap((event) =>
      event.kind === 'offered' && event.peer.id === stranger.identity.peerId
        ? [event.transferId]
        : [],
    );
  await expect.poll(() => asked().length).toBe(1);
  expect(asked()).not.toContain(id);
  await receiver.decline(asked()[0]!);
  await stranger.outcome('declined', id);
  const own = await stranger.send([path], receiver.port);
  await receiver.event('offered', own);
  expect(receiver.all('continued', own)).toEqual([]);
  await receiver.decline(own);
  await receiver.cancel(id);
  await receiver.outcome('cancelled', id);
});

test('a person who discards it leaves nothing of it', async () => {
  const path = putFile(bench.path('big.bin'), 20 * MIB);
  const id = await cutAt([path], 12 * MIB);
  await startAgain();
  await receiver.cancel(id);
  await receiver.outcome('cancelled', id);
  expect(readdirSync(receiver.directory)).toEqual([]);
});

test('a sender that did not hear that it is done is told, and nothing is saved twice', async () => {
  const paths = [putFile(bench.path('one.bin'), 3 * MIB), bench.path('folder')];
  putFile(bench.path('folder', 'two.bin'), MIB, 2);
  const id = await sender.send(paths, receiver.port);
  await receiver.outcome('delivered', id);
  await receiver.stop();
  rmSync(join(receiver.directory, 'one.bin'));
  await startAgain();
  expect(receiver.all('restored', id)).toEqual([]);
  const late = await bench.sender({ identity: sender.identity });
  await late.send(paths, receiver.port, { transferId: id });
  const told = await late.outcome('delivered', id);
  expect([told.files, told.sentBytes]).toEqual([2, 0]);
  expect(receiver.all('offered', id)).toEqual([]);
  expect(readdirSync(receiver.directory)).toEqual(['folder']);
});

test('a journal that nobody can read costs a new start, and nothing else', async () => {
  const path = putFile(bench.path('big.bin'), 20 * MIB);
  const id = await cutAt([path], 12 * MIB);
  const journal = join(receiver.home, 'journal', `${id}.jsonl`);
  const kept = readFileSync(journal, 'utf8');
  writeFileSync(journal, kept.replaceAll('"version":1', '"version":9'));
  const [part = ''] = readdirSync(receiver.directory);
  await startAgain();
  expect(receiver.all('restored', id)).toEqual([]);
  const again = await sender.send([path], receiver.port);
  await receiver.outcome('delivered', again);
  expect(entryAt(join(receiver.directory, 'big.bin'))).toEqual(entryAt(path));
  // what no journal names is nobody's to remove
  expect(readdirSync(receiver.directory).sort()).toEqual([part, 'big.bin'].sort());
  rmSync(join(receiver.directory, part));
  rmSync(journal);
});
