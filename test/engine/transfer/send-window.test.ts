import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import type { Connection } from '../../../electron/engine/transfer/connection.ts';
import { FileHashes } from '../../../electron/engine/transfer/file-hashes.ts';
import { FrameWriter } from '../../../electron/engine/transfer/frame-writer.ts';
import { Pacer } from '../../../electron/engine/transfer/pacer.ts';
import { SendLanes } from '../../../electron/engine/transfer/send-lanes.ts';
import { SendStream } from '../../../electron/engine/transfer/send-stream.ts';
import type { Source } from '../../../electron/engine/transfer/source.ts';
import { FrameReader } from '../../../shared/protocol/frame.ts';
import { SEND_WINDOW_BYTES, SPREAD_FILE_BYTES } from '../../../shared/protocol/limits.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { LaneEnd } from '../../support/lane-end.ts';

/**
 * If this fails, a receiver whose program dies gets more again than was promised, or a sender that has
 * run out of its window stands still for ever.
 */

const KIB = 1024;
const MIB = 1024 * KIB;
const MOST_TURNS = 50_000;

/** Files of zeros. `later`: as a browser page reads them, not at once. */
function zeros(sizes: readonly number[], later: boolean): Source {
  const entries = sizes.map((bytes, n): Entry => ({
    kind: 'file',
    path: [`f${n}`],
    bytes,
    modifiedUs: 0,
    executable: false,
  }));
  const read = ({ length }: Uint8Array): number | Promise<number> =>
    later ? setImmediate(length) : length;
  const file = { read, check: () => '', stamp: '', close: () => undefined };
  return { entries, open: () => file, close: () => undefined };
}

/** Counts the payload that comes out of a writer. */
function countingWire(): { readonly connection: Connection; readonly payloadBytes: () => number } {
  let bytes = 0;
  const reader = new FrameReader({
    onFrame: () => undefined,
    onData: (part) => {
      bytes += part.length;
    },
  });
  const write = (frames: Uint8Array, done?: () => void): void => {
    reader.push(frames);
    done?.();
  };
  const connection = { pendingBytes: 0, write } as unknown as Connection;
  return { connection, payloadBytes: () => bytes };
}

const size = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 300 * KIB }) },
  fc.integer({ min: 0, max: 12 * MIB }),
);

test('no more than the window is ever on its way, whatever is acknowledged when', async () => {
  const scenario = fc.record({
    sizes: fc.array(size, { minLength: 1, maxLength: 8 }),
    later: fc.boolean(),
    /** How much of what is on its way each acknowledgement speaks of. */
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ sizes, later, shares }) => {
      const source = zeros([...sizes, 9 * MIB], later);
      const { connection, payloadBytes } = countingWire();
      let ackedBytes = 0;
      let mostBytes = 0;
      const stream = new SendStream({
        clock: realClock,
        writer: new FrameWriter(connection),
        source,
        algorithm: 'blake3',
        held: { have: new Map(), published: new Map(), skipped: new Map() },
        hashes: new FileHashes(source.entries.length),
        lanes: null,
        onSent: () => {
          mostBytes = Math.max(mostBytes, stream.sentBytes - ackedBytes);
        },
      });
      const state = { isOver: false };
      const running = stream.run().then(() => {
        state.isOver = true;
      });
      for (let n = 0; !state.isOver; n++) {
        if (n > MOST_TURNS) throw new Error('it stands still');
        await setImmediate();
        const onItsWay = payloadBytes() - ackedBytes;
        // a receiver that has written something says so before long
        const part = Math.ceil(onItsWay * (shares[n % shares.length] ?? 1));
        ackedBytes += Math.min(onItsWay, Math.max(part, 64 * KIB));
        stream.setAcked(ackedBytes);
      }
      await running;
      expect(mostBytes).toBeLessThanOrEqual(SEND_WINDOW_BYTES);
      expect(payloadBytes()).toBe(sizes.reduce((n, bytes) => n + bytes, 9 * MIB));
    }),
    { numRuns: 25 },
  );
});

test('a stream that stands still does so in the middle of a block of a lane, too', async () => {
  const clock = new HandClock();
  const pacer = new Pacer(clock);
  pacer.set(MIB);
  const source = zeros([SPREAD_FILE_BYTES], false);
  const [near, far] = LaneEnd.pair();
  const lanes = new SendLanes({
    clock,
    most: 1,
    openPort: ({ onJoined }) => {
      const offer = (): string => (onJoined(near.connection), '');
      return Promise.resolve({ port: 50_000, offer, stop: async () => undefined });
    },
    offer: () => undefined,
    ownUnackedBytes: () => 0,
    limitedBy: () => null,
    onNews: () => stream.news(),
    onViolation: () => expect.unreachable(),
  });
  let laneBytes = 0;
  far.open({
    onMessage: () => undefined,
    onData: (part) => (laneBytes += part.length),
    onClosed: () => undefined,
  });
  const { connection } = countingWire();
  const stream: SendStream = new SendStream({
    clock,
    pacer,
    writer: new FrameWriter(connection),
    source,
    algorithm: 'blake3',
    held: { have: new Map(), published: new Map(), skipped: new Map() },
    hashes: new FileHashes(1),
    lanes,
    onSent: () => undefined,
  });
  const running = stream.run();
  const goOn = async (turns: number): Promise<void> => {
    for (let n = 0; n < turns; n++) {
      clock.turn(100);
      await setImmediate();
      near.deliver(Infinity);
    }
  };
  while (laneBytes < MIB / 4 || laneBytes % MIB === 0) await goOn(1);
  stream.standStill(true);
  const before = stream.sentBytes;
  await goOn(30);
  expect(stream.sentBytes).toBe(before);
  stream.standStill(false);
  await goOn(5);
  expect(stream.sentBytes).toBeGreaterThan(before);
  stream.stop();
  await running;
  await lanes.stop();
  pacer.stop();
});
