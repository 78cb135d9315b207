import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { DEAD_AFTER_MS, HEARTBEAT_MS } from '../../../shared/protocol/limits.ts';
import { GatedDisk } from '../../support/gated-disk.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/** A transfer that stands still for as long as a person likes, and a peer that goes meanwhile. */

const BIG = 40 * 1024 * 1024;

let disk: GatedDisk;
let sender: TestSender;
let receiver: TestReceiver;

beforeEach(() => {
  disk = new GatedDisk();
});
afterEach(() => {
  expect(disk.open).toEqual([]);
});

describe('on a wire that stands still', () => {
  let senderClock: HandClock;
  let receiverClock: HandClock;
  let quiet: Bench;

  /** Turns both clocks a little, and lets the sockets have their turn, until it has come to that. */
  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      for (const each of [senderClock, receiverClock]) each.turn(10);
      await turn();
    }
  }

  async function standing(): Promise<{ id: TransferId; wire: Proxy }> {
    [senderClock, receiverClock, quiet] = [new HandClock(), new HandClock(), new Bench()];
    [sender, receiver] = await Promise.all([
      quiet.sender({ clock: senderClock }),
      quiet.receiver({ clock: receiverClock, fs: disk.fs }),
    ]);
    const wire = await Proxy.open(receiver.port);
    let id: TransferId | null = null;
    disk.onWrite = () => {
      disk.onWrite = () => undefined;
      if (id !== null) void receiver.say('pause', id);
    };
    id = await sender.send([putFile(quiet.path('big.bin'), BIG)], wire.port);
    const known = id;
    await until(() => sender.pausedBy(known) === 'peer' && receiver.pausedBy(known) === 'us');
    return { id, wire };
  }

  test('heartbeats go on, so that it stands for as long as a person likes', async () => {
    const { id, wire } = await standing();
    for (let beat = 0; beat < 10; beat++) {
      const { forwardedBytes, returnedBytes } = wire;
      for (const each of [senderClock, receiverClock]) each.turn(HEARTBEAT_MS + 1000);
      await until(() => wire.forwardedBytes > forwardedBytes && wire.returnedBytes > returnedBytes);
    }
    for (const side of [sender, receiver]) expect(side.all('interrupted', id)).toEqual([]);
    await receiver.say('resume', id);
    await until(() => sender.all('ended', id).length > 0 && receiver.all('ended', id).length > 0);
    await receiver.outcome('delivered', id);
    expect(readFileSync(join(receiver.directory, 'big.bin'))).toHaveLength(BIG);
    await wire.stop();
    await quiet.remove();
  });

  test('a peer that is gone without a word is noticed as ever', async () => {
    const { id, wire } = await standing();
    wire.stall();
    const fromMs = senderClock.nowMs();
    await until(() => sender.all('interrupted', id).length > 0);
    expect(senderClock.nowMs() - fromMs).toBeLessThan(DEAD_AFTER_MS + 2 * HEARTBEAT_MS);
    expect(sender.all('interrupted', id)[0]).toMatchObject({ failure: { code: 'PEER_TIMEOUT' } });
    // who stopped it needs no wire
    expect(receiver.all('interrupted', id)).toEqual([]);
    await wire.stop();
    // nobody answers the goodbye any more, and no clock but ours says so
    const stopped = quiet.stop();
    await until(() => sender.stopped && receiver.stopped);
    await stopped;
    await quiet.remove();
  });
});
