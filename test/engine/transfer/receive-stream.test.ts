import { expect, test } from 'vitest';
import type { Delivery } from '../../../electron/engine/transfer/destination.ts';
import { BlockHashes } from '../../../electron/engine/transfer/hash.ts';
import { ReceiveStream } from '../../../electron/engine/transfer/receive-stream.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** If this fails, a transfer that goes on after its lanes were cut shows more than all of it. */

const REST_BYTES = 7;
/** Three blocks and a short one, as they were hashed on the disk: which of them are holes nobody knows here. */
const CLAIMED_BYTES = 3 * BLOCK_BYTES + REST_BYTES;

function receiving(finished = false, clock = new HandClock(), waitedMs = 0): ReceiveStream {
  const hashes = new BlockHashes('sha256');
  hashes.update(new Uint8Array(CLAIMED_BYTES), true);
  const nothing = (): void => undefined;
  const stream = new ReceiveStream({
    clock,
    connection: { pause: nothing, resume: nothing, flushData: nothing },
    dialLane: null,
    say: nothing,
    sessionNow: () => null,
    onViolation: () => expect.unreachable(),
    onError: () => expect.unreachable(),
  });
  const parts = { meter: null, hashesOf: () => hashes };
  const takes = (): boolean => !finished;
  const delivery = { parts, options: { hash: 'sha256' }, takes, openRange: nothing };
  clock.turn(waitedMs);
  stream.begin(delivery as unknown as Delivery, CLAIMED_BYTES);
  return stream;
}

test('what was claimed and comes all the same does not count twice', () => {
  const stream = receiving();
  stream.openRange({ index: 0, offset: 0, bytes: BLOCK_BYTES });
  expect(stream.keptBytes).toBe(CLAIMED_BYTES - BLOCK_BYTES);
  stream.openRange({ index: 0, offset: 2 * BLOCK_BYTES, bytes: BLOCK_BYTES + REST_BYTES });
  expect(stream.keptBytes).toBe(BLOCK_BYTES);
  stream.stop();
});

test('what was not claimed is new, and what comes too late is nothing', () => {
  const stream = receiving();
  stream.openRange({ index: 0, offset: 4 * BLOCK_BYTES, bytes: 2 * BLOCK_BYTES });
  expect(stream.keptBytes).toBe(CLAIMED_BYTES);
  stream.stop();
  const late = receiving(true);
  late.openRange({ index: 0, offset: 0, bytes: BLOCK_BYTES });
  expect(late.keptBytes).toBe(CLAIMED_BYTES);
  late.stop();
});

test('what holds it up is told of its content, and not of the wait for a yes', () => {
  const clock = new HandClock();
  const stream = receiving(false, clock, 60_000);
  stream.meter.disk(() => clock.turn(400));
  expect(stream.meter.effort.disk).toBe(1);
  stream.stop();
});
