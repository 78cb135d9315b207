import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { REDIAL_MS } from '../../../electron/engine/transfer/send-job.ts';
import { HEARTBEAT_MS } from '../../../shared/protocol/limits.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { GatedDisk } from '../../support/gated-disk.ts';
import { HeldClock } from '../../support/held-clock.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile, readTree } from '../../support/trees.ts';

/** A person stops a transfer, on either side, at any time. */

const MIB = 1024 * 1024;
let bench: Bench;
let disk: GatedDisk;
let sender: TestSender;
let receiver: TestReceiver;
let proxy: Proxy;
/** The sender's: it dials again when the test says so. */
let clock: HeldClock;

beforeEach(async () => {
  bench = new Bench();
  disk = new GatedDisk();
  clock = new HeldClock(REDIAL_MS, HEARTBEAT_MS);
  [sender, receiver] = await Promise.all([
    bench.sender({ clock }),
    bench.receiver({ fs: disk.fs }),
  ]);
  proxy = await Proxy.open(receiver.port);
});
afterEach(async () => {
  disk.release();
  await proxy.stop();
  await bench.stop();
  expect(disk.open).toEqual([]);
  await bench.remove();
});

const sides = ['sender', 'receiver'] as const;
type Side = (typeof sides)[number];

function cancelAt(side: Side, id: TransferId): Promise<void> {
  return side === 'sender' ? sender.cancel(id) : receiver.cancel(id);
}

async function expectBothCancelled(side: Side, id: TransferId): Promise<void> {
  const [sent, received] = await Promise.all([
    sender.outcome('cancelled', id),
    receiver.outcome('cancelled', id),
  ]);
  expect(sent.by).toBe(side === 'sender' ? 'us' : 'peer');
  expect(received.by).toBe(side === 'sender' ? 'peer' : 'us');
  await receiver.tidy();
  expect(readdirSync(receiver.directory)).toEqual([]);
}

/** A folder and files beside it: both are written in their own way. */
function selection(bytes = 4 * MIB): string[] {
  putFile(bench.path('folder', 'in', 'a.bin'), bytes, 1);
  putFile(bench.path('folder', 'b.bin'), 10, 2);
  return [putFile(bench.path('single.bin'), bytes, 3), bench.path('folder')];
}

test('while it is prepared', async () => {
  for (let n = 0; n < 600; n++) putFile(bench.path('many', `f${n}`), 0);
  const id = await sender.send([bench.path('many')], proxy.port);
  await sender.cancel(id);
  expect((await sender.outcome('cancelled', id)).by).toBe('us');
  expect(sender.all('prepared', id)).toEqual([]);
  expect(proxy.count).toBe(0);
});

test('while it connects to something that says nothing', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const arrived = once(silent, 'connection');
  const id = await sender.send(selection(), (silent.address() as AddressInfo).port);
  await arrived;
  await sender.cancel(id);
  expect((await sender.outcome('cancelled', id)).by).toBe('us');
  silent.close();
  await once(silent, 'close');
});

test.each(sides)('while it waits for an answer, at the %s', async (side) => {
  receiver.accepts = false;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('offered', id);
  await cancelAt(side, id);
  await expectBothCancelled(side, id);
  await receiver.accept(id);
  expect(readdirSync(receiver.directory)).toEqual([]);
});

test.each(sides)('in the middle of a file, at the %s', async (side) => {
  let transferId: TransferId | null = null;
  disk.onWrite = (writtenBytes) => {
    if (writtenBytes < 20 * MIB || transferId === null) return;
    disk.onWrite = () => undefined;
    void cancelAt(side, transferId);
  };
  transferId = await sender.send(selection(40 * MIB), proxy.port);
  await expectBothCancelled(side, transferId);
});

test.each(sides)('between two files of the top level, at the %s', async (side) => {
  const paths = [1, 2, 3].map((n) => putFile(bench.path(`${n}.bin`), 9 * MIB, n));
  let transferId: TransferId | null = null;
  disk.holds = () => true;
  disk.onWrite = (writtenBytes) => {
    if (writtenBytes < 20 * MIB || transferId === null) return;
    disk.onWrite = () => undefined;
    void cancelAt(side, transferId).then(() => disk.release());
    // the receiver's cancel waits for the disk, which waits for the sender to have heard it
    void sender.event('ended', transferId).then(() => disk.release());
  };
  transferId = await sender.send(paths, proxy.port);
  await Promise.all([
    sender.outcome('cancelled', transferId),
    receiver.outcome('cancelled', transferId),
  ]);
  await receiver.tidy();
  const names = readdirSync(receiver.directory).sort();
  // what was whole before has its name; nothing hidden and nothing incomplete stays
  expect(['1.bin', '2.bin'].slice(0, names.length)).toEqual(names);
});

test.each(sides)('while the disk finishes, at the %s', async (side) => {
  disk.holds = () => true;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('finishing', id);
  expect(disk.held).toBeGreaterThan(0);
  const cancelled = cancelAt(side, id);
  // the other side has heard it: what is whole before it does keeps its name
  if (side === 'sender') expect((await sender.event('takenBack', id)).heard).toBe(true);
  else await sender.event('ended', id);
  disk.release();
  await cancelled;
  await expectBothCancelled(side, id);
});

// held is the sync of a folder's names, which Windows does not have
test.skipIf(process.platform === 'win32')(
  'too late: what has its final name is delivered, and both sides say so',
  async () => {
    disk.holds = (path) => path === receiver.directory;
    const paths = selection();
    const id = await sender.send(paths, proxy.port);
    await receiver.event('finishing', id);
    while (disk.held === 0) await new Promise((resolve) => setImmediate(resolve));
    const cancelled = receiver.cancel(id);
    disk.release();
    await cancelled;
    await sender.outcome('delivered', id);
    await receiver.outcome('delivered', id);
    expect(readTree(join(receiver.directory, 'folder')).get('b.bin')?.bytes).toBe(10);
  },
);

test('while the wire is cut, at the receiver: the sender hears of it when it is back', async () => {
  proxy.setFates({ cutAfterBytes: 5 * MIB });
  const id = await sender.send(selection(20 * MIB), proxy.port);
  await Promise.all([sender.event('interrupted', id), receiver.event('interrupted', id)]);
  await receiver.cancel(id);
  expect((await receiver.outcome('cancelled', id)).by).toBe('us');
  await receiver.tidy();
  expect(readdirSync(receiver.directory)).toEqual([]);
  clock.ring(REDIAL_MS);
  await expectBothCancelled('receiver', id);
  expect(receiver.all('offered', id)).toHaveLength(1);
});

test('while the wire is cut, at the sender: it comes back to say so', async () => {
  proxy.setFates({ cutAfterBytes: 5 * MIB });
  const id = await sender.send(selection(20 * MIB), proxy.port);
  await Promise.all([sender.event('interrupted', id), receiver.event('interrupted', id)]);
  await sender.cancel(id);
  await expectBothCancelled('sender', id);
  expect(receiver.all('offered', id)).toHaveLength(1);
});

test('at the receiver, unheard, because the wire goes with the word', async () => {
  proxy.setFates({ stallAfterBytes: 5 * MIB });
  const id = await sender.send(selection(20 * MIB), proxy.port);
  await receiver.event('started', id);
  proxy.stall();
  await receiver.cancel(id);
  proxy.cut();
  await sender.event('interrupted', id);
  clock.ring(REDIAL_MS);
  await expectBothCancelled('receiver', id);
  expect(receiver.all('offered', id)).toHaveLength(1);
});

test('while the wire is cut and stays so, the sender ends alone', async () => {
  proxy.setFates({ cutAfterBytes: 5 * MIB });
  const id = await sender.send(selection(20 * MIB), proxy.port);
  await Promise.all([sender.event('interrupted', id), receiver.event('interrupted', id)]);
  proxy.refuse(true);
  await sender.cancel(id);
  expect((await sender.outcome('cancelled', id)).by).toBe('us');
  expect((await sender.event('takenBack', id)).heard).toBe(false);
  expect(receiver.all('ended', id)).toEqual([]);
});

test('at the sender, unheard, because the wire goes with the word: it is said again', async () => {
  proxy.setFates({ stallAfterBytes: 5 * MIB });
  const id = await sender.send(selection(20 * MIB), proxy.port);
  await receiver.event('started', id);
  await proxy.whenForwarded(5 * MIB);
  await sender.cancel(id);
  expect((await sender.outcome('cancelled', id)).by).toBe('us');
  // the other side does not hang up
  clock.ring(HEARTBEAT_MS);
  expect((await sender.event('takenBack', id)).heard).toBe(true);
  await expectBothCancelled('sender', id);
  expect(proxy.count).toBe(2);
});

test('while what the cut left is looked through, at the receiver', async () => {
  proxy.setFates({ cutAfterBytes: 30 * MIB });
  const path = putFile(bench.path('big.bin'), 60 * MIB);
  const id = await sender.send([path], proxy.port);
  await Promise.all([sender.event('interrupted', id), receiver.event('interrupted', id)]);
  const waiting = sender.event('waiting', id, 2);
  clock.ring(REDIAL_MS);
  await waiting;
  await receiver.cancel(id);
  await expectBothCancelled('receiver', id);
});

test('declining leaves nothing, and both sides say so', async () => {
  receiver.accepts = false;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('offered', id);
  await receiver.decline(id);
  await sender.outcome('declined', id);
  await receiver.outcome('declined', id);
  expect(readdirSync(receiver.directory)).toEqual([]);
});

test('hidden part files are there only while it runs, and a folder appears only when it is whole', async () => {
  disk.holds = () => true;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('finishing', id);
  const during = readdirSync(receiver.directory);
  expect(during.filter((name) => name.startsWith('.dropline-'))).toHaveLength(2);
  expect(during.filter((name) => !name.startsWith('.'))).toEqual([]);
  disk.release();
  await receiver.outcome('delivered', id);
  expect(readdirSync(receiver.directory).sort()).toEqual(['folder', 'single.bin']);
});

test('a folder that somebody makes under the same name meanwhile is left to them', async () => {
  disk.holds = () => true;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('finishing', id);
  mkdirSync(join(receiver.directory, 'folder', 'theirs'), { recursive: true });
  disk.release();
  await receiver.outcome('delivered', id);
  expect(readdirSync(join(receiver.directory, 'folder'))).toEqual(['theirs']);
  expect(readdirSync(join(receiver.directory, 'folder (2)')).sort()).toEqual(['b.bin', 'in']);
});
