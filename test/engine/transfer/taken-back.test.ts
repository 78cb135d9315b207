import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { REDIAL_MS } from '../../../electron/engine/transfer/send-job.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { HeldClock } from '../../support/held-clock.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/**
 * If one of these fails, what a person cancelled stays with its receiver: over a wire of its own, under each id that
 * it was offered by, after a restart of either side.
 */

const MIB = 1024 * 1024;
let bench: Bench;
let sender: TestSender;
let receiver: TestReceiver;
let proxy: Proxy;
/** The sender's: it dials again when the test says so. */
let clock: HeldClock;

beforeEach(async () => {
  bench = new Bench();
  clock = new HeldClock(REDIAL_MS);
  [sender, receiver] = await Promise.all([bench.sender({ clock }), bench.receiver()]);
  proxy = await Proxy.open(receiver.port);
});
afterEach(async () => {
  await proxy.stop();
  await bench.remove();
});

function source(): string[] {
  return [putFile(bench.path('single.bin'), 20 * MIB)];
}

/** Goes on after a restart of the sender's program, as far as the receiver knows. */
async function takeBack(by: TestSender, id: TransferId): Promise<boolean> {
  const request = {
    transferId: id,
    offer: {
      offerId: id,
      earlierIds: [],
      entriesKey: '',
      items: [{ name: 'single.bin', kind: 'file' }],
      itemCount: 1,
      totals: { files: 1, directories: 0, bytes: 1 },
    },
    places: [{ address: '127.0.0.1', port: proxy.port }],
    peerId: receiver.identity.peerId,
  } as const;
  await by.host.handle({ kind: 'takeBack', request });
  return (await by.event('takenBack', id)).heard;
}

test('a sender that has not even the files any more takes back what it offered', async () => {
  proxy.setFates({ cutAfterBytes: 5 * MIB });
  const id = await sender.send(source(), proxy.port, { retryForMs: 0 });
  await Promise.all([sender.outcome('failed', id), receiver.event('interrupted', id)]);
  const { identity, directory, home } = receiver;
  await receiver.stop();
  receiver = await bench.receiver({ identity, place: { directory, home } });
  proxy.retarget(receiver.port);
  await receiver.event('restored', id);
  const stranger = await bench.sender();
  expect(await takeBack(stranger, id)).toBe(true);
  expect(receiver.all('ended', id)).toEqual([]);
  const again = await bench.sender({ identity: sender.identity });
  expect(await takeBack(again, id)).toBe(true);
  expect((await receiver.outcome('cancelled', id)).by).toBe('peer');
  expect(receiver.all('offered', id)).toEqual([]);
  expect(readdirSync(directory)).toEqual([]);
});

test('a source that changed and is offered anew: the cancel takes back what it was before, too', async () => {
  proxy.setFates({ cutAfterBytes: 5 * MIB });
  const paths = source();
  const id = await sender.send(paths, proxy.port);
  await Promise.all([sender.event('interrupted', id), receiver.event('interrupted', id)]);
  putFile(paths[0] ?? '', 21 * MIB);
  receiver.accepts = false;
  const waiting = sender.event('waiting', id, 2);
  clock.ring(REDIAL_MS);
  await waiting;
  const { offerId } = sender.all('offering', id).at(-1)!;
  expect(offerId).not.toBe(id);
  await receiver.event('offered', offerId);
  await sender.cancel(id);
  for (const each of [id, offerId]) {
    expect((await receiver.outcome('cancelled', each)).by).toBe('peer');
  }
  expect((await sender.event('takenBack', id)).heard).toBe(true);
  expect(readdirSync(receiver.directory)).toEqual([]);
});

test('what went on under a later id is known by that, also after the receiver was started again', async () => {
  proxy.setFates({ cutAfterBytes: 5 * MIB }, { cutAfterBytes: 5 * MIB });
  const paths = source();
  const id = await sender.send(paths, proxy.port, { retryForMs: 0 });
  await Promise.all([sender.outcome('failed', id), receiver.event('interrupted', id)]);
  const later = await sender.send(paths, proxy.port, { retryForMs: 0 });
  await Promise.all([sender.outcome('failed', later), receiver.event('interrupted', later)]);
  expect(receiver.all('continued', later)).toMatchObject([{ from: id }]);
  const { identity, directory, home } = receiver;
  await receiver.stop();
  receiver = await bench.receiver({ identity, place: { directory, home } });
  proxy.retarget(receiver.port);
  await receiver.event('restored', later);
  expect(await takeBack(sender, later)).toBe(true);
  expect((await receiver.outcome('cancelled', later)).by).toBe('peer');
  expect(readdirSync(directory)).toEqual([]);
  expect(readdirSync(join(home, 'journal'))).toEqual([]);
});

test('what cannot be noted under a later id stays what it was, and the next try goes on with it', async () => {
  let isFull = false;
  await receiver.stop();
  const writeSync = ((fd: number, bytes: Uint8Array, ...rest: [number, number, number]) => {
    const isNote = isFull && Buffer.from(bytes).includes('"called"');
    if (isNote) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    return realFileSystem.writeSync(fd, bytes, ...rest);
  }) as typeof realFileSystem.writeSync;
  receiver = await bench.receiver({ fs: { writeSync } });
  proxy.retarget(receiver.port);
  proxy.setFates({ cutAfterBytes: 5 * MIB });
  const paths = source();
  const id = await sender.send(paths, proxy.port, { retryForMs: 0 });
  await Promise.all([sender.outcome('failed', id), receiver.event('interrupted', id)]);
  isFull = true;
  await sender.outcome('failed', await sender.send(paths, proxy.port, { retryForMs: 0 }));
  isFull = false;
  const last = await sender.send(paths, proxy.port, { retryForMs: 0 });
  await sender.outcome('delivered', last);
  expect(receiver.all('continued', last)).toMatchObject([{ from: id }]);
});

test('what is taken back over another wire ends on the one that is open', async () => {
  receiver.accepts = false;
  const id = await sender.send(source(), proxy.port);
  await receiver.event('offered', id);
  const other = await bench.sender({ identity: sender.identity });
  expect(await takeBack(other, id)).toBe(true);
  expect((await receiver.outcome('cancelled', id)).by).toBe('peer');
});

test('a cancel that reaches nobody is known to be unheard', async () => {
  proxy.refuse(true);
  expect(await takeBack(sender, 'a'.repeat(32) as TransferId)).toBe(false);
});
