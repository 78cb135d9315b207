import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** A wire that breaks, over a proxy on loopback. */

const MIB = 1024 * 1024;
/** The window and one block: what may be on its way when the wire goes. */
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
  await bench.remove();
});

/** The person at the receiver does not want the rest any more. */
async function discarded(id: TransferId): Promise<void> {
  await receiver.event('interrupted', id);
  expect(leftovers(receiver.directory)).not.toEqual([]);
  await receiver.cancel(id);
  await receiver.outcome('cancelled', id);
}

test.each([
  ['cut', { cutAfterBytes: 20 * MIB }],
  ['reset', { resetAfterBytes: 20 * MIB }],
  ['falsified', { flipAtByte: 20 * MIB }],
] as const)(
  'a wire that is %s in the middle of a file goes on where it was',
  async (_how, fate) => {
    const path = putFile(bench.path('big.bin'), 40 * MIB + 5);
    proxy.setFates(fate);
    const id = await sender.send([path], proxy.port);
    const sent = await sender.outcome('delivered', id);
    const received = await receiver.outcome('delivered', id);
    expect(entryAt(join(receiver.directory, 'big.bin'))).toEqual(entryAt(path));
    expect(sent.sentBytes).toBeGreaterThan(40 * MIB);
    expect(sent.sentBytes - (40 * MIB + 5)).toBeLessThanOrEqual(MOST_SENT_AGAIN_BYTES);
    expect(received.hash).toBe(sent.hash);
    expect(sender.all('interrupted', id).length).toBeGreaterThan(0);
    expect(receiver.all('interrupted', id)).toHaveLength(1);
    expect(receiver.all('offered', id)).toHaveLength(1);
    const kept = sender.all('started', id)[1]!.keptBytes;
    expect(kept).toBeGreaterThan(10 * MIB);
    expect(receiver.all('started', id)[1]!.keptBytes).toBe(kept);
    expect(readdirSync(receiver.directory)).toEqual(['big.bin']);
  },
);

test('a wire that is cut again and again gets there', async () => {
  const path = putFile(bench.path('big.bin'), 30 * MIB);
  proxy.setFates(...[6, 12, 1, 12].map((mib) => ({ cutAfterBytes: mib * MIB })));
  const id = await sender.send([path], proxy.port);
  const sent = await sender.outcome('delivered', id);
  expect(proxy.count).toBe(5);
  expect(entryAt(join(receiver.directory, 'big.bin'))).toEqual(entryAt(path));
  expect(sent.sentBytes - 30 * MIB).toBeLessThanOrEqual(4 * MOST_SENT_AGAIN_BYTES);
});

test('a tree of small files that is cut in the middle arrives whole, once', async () => {
  const root = bench.path('tree');
  for (let n = 0; n < 300; n++) putFile(join(root, `d${n % 7}`, `f${n}`), 20_000 + n, n + 1);
  mkdirSync(join(root, 'empty'));
  setFolderTimes(root);
  proxy.setFates({ cutAfterBytes: 3 * MIB }, { resetAfterBytes: MIB });
  const id = await sender.send([root], proxy.port);
  const sent = await sender.outcome('delivered', id);
  expect(readTree(join(receiver.directory, 'tree'))).toEqual(readTree(root));
  expect(readdirSync(receiver.directory)).toEqual(['tree']);
  expect(sent.files).toBe(300);
  const received = await receiver.outcome('delivered', id);
  expect(received.files).toBe(300);
  expect(received.bytes).toBe(sent.bytes);
});

test('several files beside each other that are cut arrive each once', async () => {
  const paths = Array.from({ length: 6 }, (_, n) =>
    putFile(bench.path(`f${n}`), 3 * MIB + n, n + 1),
  );
  proxy.setFates({ cutAfterBytes: 8 * MIB });
  const id = await sender.send(paths, proxy.port);
  await sender.outcome('delivered', id);
  await receiver.outcome('delivered', id);
  expect(readdirSync(receiver.directory).sort()).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5']);
  for (const [n, path] of paths.entries()) {
    expect(entryAt(join(receiver.directory, `f${n}`))).toEqual(entryAt(path));
  }
});

test('a file that failed before the cut and can be read after it is sent, and the cut one goes on', async () => {
  receiver.accepts = false;
  const early = putFile(bench.path('both', 'a.bin'), 2 * MIB, 1);
  const late = putFile(bench.path('both', 'b.bin'), 20 * MIB, 2);
  const { modifiedUs } = entryAt(early);
  proxy.setFates({ cutAfterBytes: 12 * MIB });
  const id = await sender.send([early, late], proxy.port);
  await receiver.event('offered', id);
  setTime(early, 1);
  await receiver.accept(id);
  await sender.event('interrupted', id);
  setTime(early, (Number(modifiedUs) + 0.25) / 1e6);
  const sent = await sender.outcome('delivered', id);
  expect(sent.failed.count).toBe(0);
  expect(entryAt(join(receiver.directory, 'a.bin')).hash).toBe(entryAt(early).hash);
  expect(entryAt(join(receiver.directory, 'b.bin'))).toEqual(entryAt(late));
});

test('a source that changes while the wire is cut starts again as the new version', async () => {
  const path = putFile(bench.path('doc.bin'), 20 * MIB, 1);
  const other = putFile(bench.path('other.bin'), 10, 2);
  proxy.setFates({ cutAfterBytes: 12 * MIB });
  const id = await sender.send([path, other], proxy.port);
  await sender.event('interrupted', id);
  writeFileSync(path, bytesOf(20 * MIB, 9));
  const sent = await sender.outcome('delivered', id);
  expect(sent.failed.count).toBe(0);
  expect(sender.all('offering', id).length).toBeGreaterThan(1);
  expect(readFileSync(join(receiver.directory, 'doc.bin')).equals(bytesOf(20 * MIB, 9))).toBe(true);
  expect(readdirSync(receiver.directory).sort()).toEqual(['doc.bin', 'other.bin']);
  expect(receiver.all('superseded', id)).toHaveLength(1);
});

test('a source rewritten under the same size and time is sent whole as it is now', async () => {
  const path = putFile(bench.path('doc.bin'), 20 * MIB, 1);
  const { modifiedUs } = entryAt(path);
  proxy.setFates({ cutAfterBytes: 12 * MIB });
  const id = await sender.send([path], proxy.port);
  await sender.event('interrupted', id);
  writeFileSync(path, bytesOf(20 * MIB, 9));
  setTime(path, (Number(modifiedUs) + 0.25) / 1e6);
  await sender.outcome('delivered', id);
  await receiver.outcome('delivered', id);
  expect(readFileSync(join(receiver.directory, 'doc.bin')).equals(bytesOf(20 * MIB, 9))).toBe(true);
});

test('a part file that was damaged while the wire was cut is mended block by block', async () => {
  const path = putFile(bench.path('doc.bin'), 20 * MIB, 1);
  proxy.setFates({ cutAfterBytes: 12 * MIB });
  const id = await sender.send([path], proxy.port);
  await receiver.event('interrupted', id);
  const [part] = leftovers(receiver.directory);
  const held = readFileSync(join(receiver.directory, part!));
  held.fill(7, 2 * MIB, 2 * MIB + 10);
  writeFileSync(join(receiver.directory, part!), held);
  await sender.outcome('delivered', id);
  await receiver.outcome('delivered', id);
  expect(entryAt(join(receiver.directory, 'doc.bin'))).toEqual(entryAt(path));
});

test('a part file that somebody removed while the wire was cut comes anew', async () => {
  const path = putFile(bench.path('doc.bin'), 20 * MIB, 1);
  proxy.setFates({ cutAfterBytes: 12 * MIB });
  const id = await sender.send([path], proxy.port);
  await receiver.event('interrupted', id);
  rmSync(join(receiver.directory, leftovers(receiver.directory)[0]!));
  await sender.outcome('delivered', id);
  await receiver.outcome('delivered', id);
  expect(receiver.all('started', id)[1]!.keptBytes).toBe(0);
  expect(entryAt(join(receiver.directory, 'doc.bin'))).toEqual(entryAt(path));
});

test('when nobody comes back in time the sender gives up, and says why', async () => {
  const path = putFile(bench.path('big.bin'), 20 * MIB);
  proxy.setFates({ cutAfterBytes: 10 * MIB });
  const id = await sender.send([path], proxy.port, { retryForMs: 0 });
  const sent = await sender.outcome('failed', id);
  expect(sent.failure.code).toBe('INTERRUPTED');
  expect(sender.all('interrupted', id)).toHaveLength(0);
  await discarded(id);
});

test('a wire that is cut in the handshake while it comes back is tried again', async () => {
  const path = putFile(bench.path('big.bin'), 20 * MIB);
  proxy.setFates({ cutAfterBytes: 10 * MIB }, { cutAfterBytes: 50 }, { resetAfterBytes: 400 });
  const id = await sender.send([path], proxy.port);
  await sender.outcome('delivered', id);
  expect(proxy.count).toBe(4);
  expect(entryAt(join(receiver.directory, 'big.bin'))).toEqual(entryAt(path));
});

test('after a cut the sender goes on with the same device only', async () => {
  const stranger = await bench.receiver();
  const path = putFile(bench.path('big.bin'), 20 * MIB);
  proxy.setFates({ cutAfterBytes: 10 * MIB });
  const id = await sender.send([path], proxy.port);
  await sender.event('started', id);
  proxy.retarget(stranger.port);
  const sent = await sender.outcome('failed', id);
  expect(sent.failure.code).toBe('IDENTITY_MISMATCH');
  expect(stranger.events).toEqual([]);
  await discarded(id);
});

test('a sender that cannot reach anyone the first time does not keep trying', async () => {
  const path = putFile(bench.path('a'), 1);
  proxy.refuse(true);
  const id = await sender.send([path], proxy.port);
  const sent = await sender.outcome('failed', id);
  expect(['PEER_UNREACHABLE', 'NOT_DROPLINE']).toContain(sent.failure.code);
});

test('a number stands for one list of files: another list under it is refused', async () => {
  const path = putFile(bench.path('old', 'big.bin'), 20 * MIB, 1);
  proxy.setFates({ cutAfterBytes: 10 * MIB });
  const id = await sender.send([path], proxy.port, { retryForMs: 0 });
  await sender.outcome('failed', id);
  await receiver.event('interrupted', id);
  const other = putFile(bench.path('new', 'big.bin'), 20 * MIB, 2);
  const again = await bench.sender({ identity: sender.identity });
  await again.send([other], proxy.port, { transferId: id });
  const refused = await again.outcome('failed', id);
  expect(refused.failure.code).toBe('PROTOCOL_VIOLATION');
  expect(receiver.all('offered', id)).toHaveLength(1);
  expect(readdirSync(receiver.directory).filter((name) => !name.startsWith('.'))).toEqual([]);
  await discarded(id);
});
