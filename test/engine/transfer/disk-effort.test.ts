import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EffortMeter } from '../../../electron/engine/transfer/effort-meter.ts';
import { PartFiles } from '../../../electron/engine/transfer/part-files.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { Staging, newToken } from '../../../electron/engine/transfer/staging.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** If this fails, a slow processor is called a slow disk. */

const BYTES = 4096;
const CALL_MS = 10;
const HASH_MS = 900;

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'dropline-effort-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Takes so long to be cut up, which hashing does and writing does not. */
class SlowToHash extends Uint8Array {
  clock: HandClock | null = null;

  override subarray(from?: number, to?: number) {
    this.clock?.turn(HASH_MS);
    return super.subarray(from, to);
  }
}

test('what a file costs the disk is counted as its time, and hashing is not', () => {
  const clock = new HandClock();
  const calls: string[] = [];
  const slow = <F extends (...args: never[]) => unknown>(name: string, call: F): F =>
    ((...args: Parameters<F>) => {
      calls.push(name);
      clock.turn(CALL_MS);
      return call(...args);
    }) as F;
  const fs: FileSystem = {
    ...realFileSystem,
    openSync: slow('open', realFileSystem.openSync),
    writeSync: slow('write', realFileSystem.writeSync),
    futimesSync: slow('time', realFileSystem.futimesSync),
    fstatSync: slow<FileSystem['fstatSync']>('stat', realFileSystem.fstatSync),
    unlinkSync: slow('remove', realFileSystem.unlinkSync),
  };
  const staging = new Staging(fs, folder, newToken(), [{ kind: 'file', saved: ['a'] }]);
  const entries = [{ kind: 'file', path: ['a'], bytes: BYTES, modifiedUs: 1 }] as const;
  const parts = new PartFiles({ fs, staging, entries, hash: 'sha256' });
  const meter = new EffortMeter(clock, () => 1);
  parts.meter = meter;

  const content = new SlowToHash(BYTES);
  content.clock = clock;
  parts.openRange(0, 0);
  parts.write(content);
  expect(parts.finish(0)?.isFile()).toBe(true);
  parts.remove(0);

  expect(calls).toEqual(['open', 'write', 'time', 'stat', 'remove']);
  const diskMs = calls.length * CALL_MS;
  clock.turn(1_000 - diskMs - HASH_MS);
  expect(meter.effort).toEqual({ disk: diskMs / 1_000, waiting: 0, busy: 1 });
});
