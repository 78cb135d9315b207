import { beforeEach, expect } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import { contentOf, pathsIn } from '../../faults/support/disk-log.ts';
import { parseFailpoint, withFailpoint } from '../../faults/support/failpoints.ts';
import { Random } from '../../faults/support/random.ts';
import { HOME, INBOX, SimDelivery } from '../../faults/support/sim-delivery.ts';
import { SimDisk } from '../../faults/support/sim-disk.ts';
import type { MemoryEntry } from '../../support/memory-tree.ts';
import { bytesOf } from '../../support/memory-tree.ts';
import { posixTest as test } from '../../support/posix-test.ts';

/** If these fail, one folder that was closed between two runs costs a person all that came with it. */

const OLD = bytesOf(2_000, 8);
const TRIP: MemoryEntry[] = [
  { path: ['trip'], content: null },
  { path: ['trip', 'a.bin'], content: bytesOf(3_000, 1) },
  { path: ['trip', 'b.bin'], content: bytesOf(2_000, 2) },
  { path: ['other.bin'], content: bytesOf(1_000, 3) },
];
const REPLACE = { existing: { forAll: 'replace', items: {} } } as const;

let disk: SimDisk;

beforeEach(() => {
  disk = new SimDisk();
  disk.fs.mkdirSync(HOME);
  disk.fs.mkdirSync(INBOX);
});

/** It has lost all its permissions: nothing below it can be looked at, opened or made. */
function closed(fs: FileSystem, folder: string): FileSystem {
  const isClosed = (path: unknown): boolean =>
    typeof path === 'string' && path.startsWith(`${folder}/`);
  const wrapped = Object.entries(fs).map(([name, call]: [string, unknown]) => {
    if (typeof call !== 'function' || !name.endsWith('Sync')) return [name, call] as const;
    const run = (...args: unknown[]): unknown => {
      const isLook = (name === 'accessSync' || name === 'readdirSync') && args[0] === folder;
      const isRefused = isLook || args.some(isClosed);
      if (isRefused) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      return (call as (...all: unknown[]) => unknown)(...args);
    };
    return [name, run] as const;
  });
  return Object.fromEntries(wrapped) as unknown as FileSystem;
}

/** Below the inbox: paths, and the content of each file. */
function found(): Map<string, Uint8Array | null> {
  const below = [...pathsIn(disk.image)].filter(([path]) => path.startsWith(`${INBOX}/`));
  return new Map(
    below.map(([path, inode]) => [
      path.slice(INBOX.length + 1),
      inode.kind === 'file' ? contentOf(inode) : null,
    ]),
  );
}

/** Begins it, until the computer stops at this step. */
async function crashAt(step: string, options: typeof REPLACE | object): Promise<void> {
  const failing = withFailpoint(parseFailpoint(step), () => undefined, disk.fs);
  const first = new SimDelivery(failing, TRIP, new Random(1), options);
  const run = async (): Promise<void> => {
    await first.open();
    await first.stream();
    await first.finish();
    await first.close();
  };
  await expect(run()).rejects.toThrow();
}

/** Ends it while nobody may look into the folder. Answers what failed. */
async function goOnClosed(options: typeof REPLACE | object): Promise<readonly FileProblem[]> {
  const fs = closed(disk.fs, `${INBOX}/trip`);
  const again = new SimDelivery(fs, TRIP, new Random(1), options);
  await again.takeStock();
  expect(await again.goesOn()).toBe(true);
  await again.stream();
  await again.finish();
  const { failed } = again.report;
  await again.close();
  return failed;
}

test.each([
  'name.renameSync:before:1',
  'name.renameSync:after:1',
  'name.linkSync:before:1',
  'name.linkSync:after:1',
  'part.unlinkSync:after:1',
  'journal.writeSync(publishing):after:1',
  'journal.writeSync(published):after:1',
])('what is in it fails by itself, and the rest arrives: after a crash at %s', async (step) => {
  disk.fs.mkdirSync(`${INBOX}/trip`);
  const old = disk.fs.openSync(`${INBOX}/trip/b.bin`, 'wx');
  disk.fs.writeSync(old, OLD, 0, OLD.length, 0);
  disk.fs.closeSync(old);

  await crashAt(step, REPLACE);
  const failed = await goOnClosed(REPLACE);
  expect(failed.length).toBeGreaterThan(0);
  for (const { index, code } of failed) {
    expect([TRIP[index]!.path[0], code]).toEqual(['trip', 'NO_PERMISSION']);
  }
  const files = found();
  expect(files.get('other.bin')).toEqual(TRIP[3]!.content);
  // what was there before is there still, or is kept
  const contents = [...files.values()].filter((content) => content !== null);
  expect(contents.some((content) => Buffer.compare(content, OLD) === 0)).toBe(true);
});

test('a folder that had its name already is closed: what came with it comes once more', async () => {
  await crashAt('name.renameSync:after:1', {});
  expect(await goOnClosed({})).toEqual([]);
  const files = found();
  expect(files.get('other.bin')).toEqual(TRIP[3]!.content);
  expect(files.get('trip (2)/a.bin')).toEqual(TRIP[1]!.content);
});
