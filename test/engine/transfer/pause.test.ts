import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REDIAL_MS } from '../../../electron/engine/transfer/send-job.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { GatedDisk } from '../../support/gated-disk.ts';
import { HeldClock } from '../../support/held-clock.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { entryAt, putFile } from '../../support/trees.ts';

/** A person lets a transfer stand still, on either side, and goes on. */

const MIB = 1024 * 1024;
const BIG = 40 * MIB;
/** The window and one block: what may be on its way when the wire goes. */
const MOST_SENT_AGAIN_BYTES = 9 * MIB;
/** Frames that keep a wire alive; far less than one block. */
const SMALL_TALK_BYTES = 10_000;

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
  clock = new HeldClock(REDIAL_MS);
  [sender, receiver] = await Promise.all([
    bench.sender({ clock }),
    bench.receiver({ fs: disk.fs }),
  ]);
  proxy = await Proxy.open(receiver.port);
});
afterEach(async () => {
  await proxy.stop();
  await bench.stop();
  expect(disk.open).toEqual([]);
  await bench.remove();
});

const sides = ['sender', 'receiver'] as const;
type Side = (typeof sides)[number];
const other = (side: Side): Side => (side === 'sender' ? 'receiver' : 'sender');
const at = (side: Side): TestSender | TestReceiver => (side === 'sender' ? sender : receiver);

/** One big file, which one side or both stop in the middle. */
async function stopped(...by: readonly Side[]): Promise<TransferId> {
  let transferId: TransferId | null = null;
  disk.onWrite = (writtenBytes) => {
    if (writtenBytes < 5 * MIB || transferId === null) return;
    disk.onWrite = () => undefined;
    for (const side of by) void at(side).say('pause', transferId);
  };
  transferId = await sender.send([putFile(bench.path('big.bin'), BIG)], proxy.port);
  for (const side of sides) {
    const us = by.includes(side);
    await at(side).paused(by.length === 2 ? 'both' : us ? 'us' : 'peer', transferId);
  }
  return transferId;
}

async function expectDelivered(id: TransferId): Promise<void> {
  const sent = await sender.outcome('delivered', id);
  const received = await receiver.outcome('delivered', id);
  expect(received.hash).toBe(sent.hash);
  expect(entryAt(join(receiver.directory, 'big.bin'))).toEqual(entryAt(bench.path('big.bin')));
}

/** Another transfer goes all its way meanwhile: this one had the time. */
async function expectStill(): Promise<void> {
  await passBy('first.bin');
  const before = proxy.forwardedBytes;
  await passBy('second.bin');
  expect(proxy.forwardedBytes - before).toBeLessThan(SMALL_TALK_BYTES);
  expect(proxy.forwardedBytes).toBeLessThan(BIG / 2);
}

async function passBy(name: string): Promise<void> {
  const id = await sender.send([putFile(bench.path(name), 4 * MIB)], receiver.port);
  await sender.outcome('delivered', id);
}

describe('a transfer', () => {
  test.each(sides)('that the %s stops stands still on both sides, and goes on', async (side) => {
    const id = await stopped(side);
    await expectStill();
    await at(other(side)).say('resume', id); // only who stopped it can let it go on
    await expectStill();
    await at(side).say('resume', id);
    for (const each of sides) await at(each).paused(null, id);
    await expectDelivered(id);
    expect(proxy.count).toBe(1);
  });

  test('that both sides stop goes on only when both want it to', async () => {
    const id = await stopped('sender', 'receiver');
    await receiver.say('resume', id);
    await Promise.all([receiver.paused('peer', id), sender.paused('us', id)]);
    await expectStill();
    await sender.say('resume', id);
    await expectDelivered(id);
  });

  test.each(sides)('of small files that the %s stops goes on where it was', async (side) => {
    for (let n = 0; n < 600; n++) putFile(bench.path('many', `f${n}`), 50_000, n);
    let id: TransferId | null = null;
    disk.onWrite = (writtenBytes) => {
      if (writtenBytes < MIB || id === null) return;
      disk.onWrite = () => undefined;
      void at(side).say('pause', id);
    };
    id = await sender.send([bench.path('many')], proxy.port);
    await Promise.all([at(side).paused('us', id), at(other(side)).paused('peer', id)]);
    await at(side).say('resume', id);
    const sent = await sender.outcome('delivered', id);
    expect(sent).toMatchObject({ files: 600, failed: { count: 0 } });
    expect(sent.sentBytes).toBe(600 * 50_000);
  });

  test('that is stopped once all is sent is delivered, and stands nowhere', async () => {
    disk.holds = () => true;
    const id = await sender.send([putFile(bench.path('big.bin'), MIB)], proxy.port);
    await Promise.all([sender.event('finishing', id), receiver.event('finishing', id)]);
    for (const side of sides) await at(side).say('pause', id);
    disk.release();
    await expectDelivered(id);
    for (const side of sides) expect(at(side).all('paused', id)).toEqual([]);
  });

  test('whose source changes while it stands has failed with that when it goes on', async () => {
    const id = await stopped('sender');
    putFile(bench.path('big.bin'), BIG + 1, 7);
    await sender.say('resume', id);
    expect((await sender.outcome('delivered', id)).failed).toEqual({
      count: 1,
      examples: [{ path: 'big.bin', code: 'SOURCE_CHANGED' }],
    });
    expect(readdirSync(receiver.directory)).toEqual([]);
  });

  test('that nobody knows can be stopped without harm', async () => {
    const unknown = 'f'.repeat(32) as TransferId;
    for (const side of sides) {
      await at(side).say('pause', unknown);
      await at(side).say('resume', unknown);
      expect(at(side).events).toEqual([]);
    }
  });
});

describe('a wire that breaks while', () => {
  test('the sender has stopped it is not dialled again before it may go on', async () => {
    const id = await stopped('sender');
    proxy.cut();
    await receiver.event('interrupted', id);
    await passBy('first.bin');
    expect(proxy.count).toBe(1);
    expect(clock.waiting(REDIAL_MS)).toBe(0);
    expect(sender.pausedBy(id)).toBe('us');
    expect(sender.all('interrupted', id)).toEqual([]);
    await sender.say('resume', id);
    await expectDelivered(id);
    expect(sender.all('interrupted', id)).toHaveLength(1);
    const sent = await sender.outcome('delivered', id);
    expect(sent.sentBytes - BIG).toBeLessThanOrEqual(MOST_SENT_AGAIN_BYTES);
  });

  test('the receiver has stopped it comes back and stands still again', async () => {
    const id = await stopped('receiver');
    proxy.cut();
    await sender.event('interrupted', id);
    expect(receiver.pausedBy(id)).toBe('us');
    clock.ring(REDIAL_MS);
    await sender.event('started', id, 2);
    await Promise.all([sender.paused('peer', id), receiver.event('started', id, 2)]);
    await receiver.paused('us', id);
    await expectStill();
    await receiver.say('resume', id);
    await expectDelivered(id);
    expect(receiver.all('interrupted', id)).toEqual([]);
    expect(receiver.all('offered', id)).toHaveLength(1);
  });

  test('the receiver has stopped it, who lets it go on before it is back', async () => {
    const id = await stopped('receiver');
    proxy.cut();
    await sender.event('interrupted', id);
    await receiver.say('resume', id);
    await receiver.event('interrupted', id);
    clock.ring(REDIAL_MS);
    await expectDelivered(id);
  });

  test('the receiver has stopped it comes back under another id, and stands still all the same', async () => {
    const id = await stopped('receiver');
    proxy.cut();
    await sender.event('interrupted', id);
    const again = await bench.sender({ identity: sender.identity });
    const newId = await again.send([bench.path('big.bin')], receiver.port);
    expect(await receiver.event('continued', newId)).toMatchObject({ from: id });
    await Promise.all([receiver.paused('us', newId), again.paused('peer', newId)]);
    await receiver.say('resume', newId);
    await again.outcome('delivered', newId);
    await receiver.outcome('delivered', newId);
    expect(receiver.all('offered', newId)).toEqual([]);
  });

  test('it is being sent is dialled at once when the person wants it', async () => {
    proxy.setFates({ cutAfterBytes: 8 * MIB });
    const id = await sender.send([putFile(bench.path('big.bin'), BIG)], proxy.port);
    await sender.event('interrupted', id);
    expect(clock.waiting(REDIAL_MS)).toBe(1);
    await sender.say('resume', id);
    await expectDelivered(id);
    expect(clock.waiting(REDIAL_MS)).toBe(0);
  });

  test('the sender waits to dial, who then stops it, is left alone until it may go on', async () => {
    proxy.setFates({ cutAfterBytes: 8 * MIB });
    const id = await sender.send([putFile(bench.path('big.bin'), BIG)], proxy.port);
    await sender.event('interrupted', id);
    await sender.say('pause', id);
    await sender.paused('us', id);
    clock.ring(REDIAL_MS);
    await passBy('first.bin');
    expect(proxy.count).toBe(1);
    await sender.say('resume', id);
    await expectDelivered(id);
  });
});

describe('cancelling what', () => {
  const who = sides.flatMap((by) => sides.map((side) => [by, side] as const));

  test.each(who)('the %s has stopped, at the %s, ends it on both sides', async (by, side) => {
    const id = await stopped(by);
    await at(side).say('cancel', id);
    await expectBothCancelled(side, id);
  });

  test('both have stopped ends it on both sides', async () => {
    const id = await stopped('sender', 'receiver');
    await receiver.say('cancel', id);
    await expectBothCancelled('receiver', id);
  });

  test('the sender has stopped, at the sender, without a wire: it comes back to say so', async () => {
    const id = await stopped('sender');
    proxy.cut();
    await receiver.event('interrupted', id);
    await passBy('meanwhile.bin'); // by then both sides know that the wire is gone
    rmSync(join(receiver.directory, 'meanwhile.bin'));
    await sender.say('cancel', id);
    await expectBothCancelled('sender', id);
  });

  test('the receiver has stopped, at the receiver, without a wire: the sender hears when it is back', async () => {
    const id = await stopped('receiver');
    proxy.cut();
    await sender.event('interrupted', id);
    await receiver.say('cancel', id);
    expect((await receiver.outcome('cancelled', id)).by).toBe('us');
    clock.ring(REDIAL_MS);
    await expectBothCancelled('receiver', id);
  });

  async function expectBothCancelled(side: Side, id: TransferId): Promise<void> {
    const [sent, received] = await Promise.all([
      sender.outcome('cancelled', id),
      receiver.outcome('cancelled', id),
    ]);
    expect(sent.by).toBe(side === 'sender' ? 'us' : 'peer');
    expect(received.by).toBe(side === 'sender' ? 'peer' : 'us');
    expect(readdirSync(receiver.directory)).toEqual([]);
  }
});
