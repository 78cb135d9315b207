import fs from 'node:fs';
import type { Clock, FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import { parseFailpoint, withFailpoint } from './failpoints.ts';

/**
 * The ports of a worker under test, as its environment says. Only the workers of the fault matrix read
 * this; the product's own know nothing of it.
 */
export type FaultsOfEngine = Partial<
  Record<'DROPLINE_FAILPOINT' | 'DROPLINE_DISK_BYTES_PER_SECOND' | 'DROPLINE_CLOCK_SPEED', string>
>;

export function fileSystemUnderTest(env: FaultsOfEngine = process.env): FileSystem {
  const bytesPerSecond = Number(env.DROPLINE_DISK_BYTES_PER_SECOND ?? 0);
  const disk = bytesPerSecond > 0 ? slowDisk(bytesPerSecond) : fs;
  if (env.DROPLINE_FAILPOINT === undefined) return disk;
  // not `exit`: nothing may be tidied up, in this thread or in another
  const crash = (): void => void process.kill(process.pid, 'SIGKILL');
  return withFailpoint(parseFailpoint(env.DROPLINE_FAILPOINT), crash, disk);
}

export function clockUnderTest(env: FaultsOfEngine = process.env): Clock {
  return fastClock(Number(env.DROPLINE_CLOCK_SPEED ?? 1));
}

/** A handshake takes as long as the machine does, whatever the clock says: patience stays patience. */
const PATIENCE_FROM_MS = 5_000;
const LEAST_PATIENCE_MS = 3_000;

/** The same clock, on which an hour takes less: long waits of whole programs, in short. */
export function fastClock(speed: number): Clock {
  const shortened = (ms: number): number =>
    ms < PATIENCE_FROM_MS ? ms / speed : Math.max(ms / speed, LEAST_PATIENCE_MS);
  return {
    nowMs: () => realClock.nowMs() * speed,
    after: (ms, run) => realClock.after(shortened(ms), run),
    every: (ms, run) => realClock.every(ms / speed, run),
  };
}

/** Below this a wait takes longer than it should. */
const SHORTEST_WAIT_MS = 10;

/** Holds the thread as a real one does, and is as fast on a busy machine as on an idle one. */
export function slowDisk(bytesPerSecond: number): FileSystem {
  const wait = new Int32Array(new SharedArrayBuffer(4));
  let readyAtMs = 0;
  const writeSync = ((...args: Parameters<typeof fs.writeSync>) => {
    const written = fs.writeSync(...args);
    const nowMs = performance.now();
    readyAtMs = Math.max(readyAtMs, nowMs) + (written / bytesPerSecond) * 1000;
    if (readyAtMs - nowMs >= SHORTEST_WAIT_MS) Atomics.wait(wait, 0, 0, readyAtMs - nowMs);
    return written;
  }) as FileSystem['writeSync'];
  return { ...fs, writeSync };
}
