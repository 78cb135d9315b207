import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HANG_UP_MS } from '../../../electron/engine/transfer/listener.ts';
import { GOODBYES_MS } from '../../../electron/engine/transfer/send-host.ts';
import { REDIAL_MS } from '../../../electron/engine/transfer/send-job.ts';
import { GatedDisk } from '../../support/gated-disk.ts';
import { HeldClock } from '../../support/held-clock.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { entryAt, putFile } from '../../support/trees.ts';

/** The last word that is not heard, and sides that stop. */

const MIB = 1024 * 1024;
let bench: Bench;
let disk: GatedDisk;
let sender: TestSender;
let receiver: TestReceiver;
let proxy: Proxy;
let clock: HeldClock;

beforeEach(async () => {
  bench = new Bench();
  disk = new GatedDisk();
  clock = new HeldClock(REDIAL_MS, GOODBYES_MS, HANG_UP_MS);
  [sender, receiver] = await Promise.all([
    bench.sender({ clock }),
    bench.receiver({ fs: disk.fs, clock }),
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

function selection(): string[] {
  putFile(bench.path('folder', 'b.bin'), 2 * MIB, 2);
  return [putFile(bench.path('single.bin'), 3 * MIB, 3), bench.path('folder')];
}

/** What is not whole has no final name. */
function expectOnlyHidden(): void {
  const names = readdirSync(receiver.directory);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !name.startsWith('.dropline-'))).toEqual([]);
}

function expectDeliveredOnce(): void {
  expect(readdirSync(receiver.directory).sort()).toEqual(['folder', 'single.bin']);
  const single = entryAt(join(receiver.directory, 'single.bin'));
  expect(single).toEqual(entryAt(bench.path('single.bin')));
}

test('a sender that comes back while the disk still finishes hears of the delivery, which is one', async () => {
  disk.holds = () => true;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('finishing', id);
  proxy.cut();
  await sender.event('interrupted', id);
  const waiting = sender.event('waiting', id, 2);
  clock.ring(REDIAL_MS);
  await waiting;
  disk.release();
  const sent = await sender.outcome('delivered', id);
  expect(receiver.all('offered', id)).toHaveLength(1);
  expect(receiver.all('interrupted', id)).toHaveLength(0);
  const ends = receiver.all('ended', id);
  expect(ends.map(({ outcome }) => outcome.kind)).toEqual(['delivered']);
  expect(sent.sentBytes).toBe(5 * MIB);
  expect(sent.files).toBe(2);
  expectDeliveredOnce();
});

test('a sender that did not hear that it is done comes back and is told', async () => {
  disk.holds = () => true;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('finishing', id);
  proxy.cut();
  await sender.event('interrupted', id);
  disk.release();
  const received = await receiver.outcome('delivered', id);
  clock.ring(REDIAL_MS);
  const sent = await sender.outcome('delivered', id);
  expect(sent.hash).toBe(received.hash);
  expect(receiver.all('ended', id)).toHaveLength(1);
  expect(receiver.all('offered', id)).toHaveLength(1);
  expectDeliveredOnce();
});

test('a file that failed is not taken when the sender only comes back to hear that it is done', async () => {
  receiver.accepts = false;
  disk.holds = () => true;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('offered', id);
  const path = bench.path('folder', 'b.bin');
  rmSync(path);
  await receiver.accept(id);
  await receiver.event('finishing', id);
  proxy.cut();
  await sender.event('interrupted', id);
  disk.release();
  await receiver.outcome('delivered', id);
  putFile(path, 2 * MIB, 2);
  clock.ring(REDIAL_MS);
  const sent = await sender.outcome('delivered', id);
  expect(sent.failed.examples).toEqual([{ path: 'folder/b.bin', code: 'SOURCE_CHANGED' }]);
  expect(sent.files).toBe(1);
  expect(readdirSync(join(receiver.directory, 'folder'))).toEqual([]);
});

test('a receiver that stops with an offer open tells the sender', async () => {
  receiver.accepts = false;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('offered', id);
  await receiver.stop();
  const { failure } = await sender.event('interrupted', id);
  expect(failure.code).toBe('INTERRUPTED');
  expect((await receiver.outcome('failed', id)).failure.code).toBe('INTERRUPTED');
});

test('a receiver that stops in the middle keeps what it has, whoever holds the wire', async () => {
  proxy.setFates({ stallAfterBytes: 2 * MIB });
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('started', id);
  while (disk.writtenBytes < MIB) await new Promise((resolve) => setImmediate(resolve));
  const stopped = receiver.stop();
  expect((await receiver.event('interrupted', id)).failure.code).toBe('INTERRUPTED');
  expectOnlyHidden();
  expect(receiver.stopped).toBe(false);
  clock.ring(HANG_UP_MS);
  await stopped;
  expect(receiver.stopped).toBe(true);
});

test('a receiver that stops while the disk finishes keeps what it has, and the sender knows', async () => {
  disk.holds = () => true;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('finishing', id);
  const stopped = receiver.stop();
  disk.release();
  await stopped;
  expect((await receiver.event('interrupted', id)).failure.code).toBe('INTERRUPTED');
  expect((await sender.event('interrupted', id)).failure.code).toBe('INTERRUPTED');
  expectOnlyHidden();
});

// held is the sync of a folder's names, which Windows does not have
test.skipIf(process.platform === 'win32')(
  'a receiver that stops when all has its final name still says that it is done',
  async () => {
    disk.holds = (path) => path === receiver.directory;
    const id = await sender.send(selection(), proxy.port);
    await receiver.event('finishing', id);
    while (disk.held === 0) await new Promise((resolve) => setImmediate(resolve));
    const stopped = receiver.stop();
    disk.release();
    await stopped;
    await receiver.outcome('delivered', id);
    await sender.outcome('delivered', id);
    expectDeliveredOnce();
  },
);

test('a receiver that stops keeps what cut wires left', async () => {
  proxy.setFates({ cutAfterBytes: MIB });
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('interrupted', id);
  const before = readdirSync(receiver.directory);
  expectOnlyHidden();
  await receiver.stop();
  expect(readdirSync(receiver.directory)).toEqual(before);
  expect(receiver.all('ended', id)).toEqual([]);
});

test('what waits for its sender for long is let go of in memory, and goes on from its journal', async () => {
  const KEEP_OPEN_MS = 10 * 60_000;
  const patient = new HeldClock(KEEP_OPEN_MS);
  const other = await bench.receiver({ clock: patient, fs: disk.fs });
  proxy.retarget(other.port);
  proxy.setFates({ stallAfterBytes: 4 * MIB });
  const id = await sender.send(selection(), proxy.port);
  // a whole block at least: a cut may take with it what was not read yet
  while (disk.writtenBytes < 2 * MIB) await new Promise((resolve) => setImmediate(resolve));
  proxy.cut();
  await Promise.all([sender.event('interrupted', id), other.event('interrupted', id)]);
  expect(patient.waiting(KEEP_OPEN_MS)).toBe(1);
  expect(disk.open).toHaveLength(1);
  patient.ring(KEEP_OPEN_MS);
  while (disk.open.length > 0) await new Promise((resolve) => setImmediate(resolve));
  clock.ring(REDIAL_MS);
  await sender.outcome('delivered', id);
  expect(other.all('started', id)[1]!.keptBytes).toBeGreaterThan(0);
  expect(readdirSync(other.directory).sort()).toEqual(['folder', 'single.bin']);
});

test('a sender that stops in the middle tells the receiver, which keeps what it has', async () => {
  const path = putFile(bench.path('big.bin'), 60 * MIB);
  const id = await sender.send([path], proxy.port);
  await receiver.event('started', id);
  while (disk.writtenBytes < MIB) await new Promise((resolve) => setImmediate(resolve));
  await sender.stop();
  expect(sender.stopped).toBe(true);
  expect((await sender.outcome('failed', id)).failure.code).toBe('INTERRUPTED');
  expect((await receiver.event('interrupted', id)).failure.code).toBe('INTERRUPTED');
  expectOnlyHidden();
});

test('a sender stops although the other side hears nothing', async () => {
  proxy.setFates({ stallAfterBytes: 2 * MIB });
  const id = await sender.send(selection(), proxy.port);
  await sender.event('started', id);
  const stopped = sender.stop();
  expect((await sender.outcome('failed', id)).failure.code).toBe('INTERRUPTED');
  while (clock.waiting(GOODBYES_MS) === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.ring(GOODBYES_MS);
  await stopped;
  expect(sender.stopped).toBe(true);
});

test('a sender stops while it waits for the wire to come back', async () => {
  proxy.setFates({ cutAfterBytes: MIB });
  const id = await sender.send(selection(), proxy.port);
  await sender.event('interrupted', id);
  await receiver.event('interrupted', id);
  await sender.stop();
  expect((await sender.outcome('failed', id)).failure.code).toBe('INTERRUPTED');
  expectOnlyHidden();
});

test('one that waits for its last word does not take another of its id off the list', async () => {
  receiver.accepts = false;
  const id = await sender.send(selection(), proxy.port);
  await receiver.event('offered', id);
  proxy.stall();
  await sender.cancel(id);
  await sender.outcome('cancelled', id);
  receiver.accepts = true;
  const other = await Proxy.open(receiver.port);
  other.setFates({ stallAfterBytes: MIB });
  await sender.send(selection(), other.port, { transferId: id });
  await sender.event('started', id);
  proxy.cut();
  await sender.event('takenBack', id);
  await new Promise(setImmediate);
  await sender.cancel(id);
  await sender.event('ended', id, 2);
  await other.stop();
});
