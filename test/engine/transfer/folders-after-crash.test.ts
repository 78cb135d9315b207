import { expect } from 'vitest';
import { removeAll } from '../../../electron/engine/transfer/staged-removal.ts';
import { atOnce } from '../../../shared/protocol/steps.ts';
import { contentOf, pathsIn } from '../../faults/support/disk-log.ts';
import { parseFailpoint, withFailpoint } from '../../faults/support/failpoints.ts';
import { Random } from '../../faults/support/random.ts';
import { HOME, INBOX, SimDelivery } from '../../faults/support/sim-delivery.ts';
import { SimDisk } from '../../faults/support/sim-disk.ts';
import type { MemoryEntry } from '../../support/memory-tree.ts';
import { bytesOf } from '../../support/memory-tree.ts';
import { posixTest as test } from '../../support/posix-test.ts';

/** If these fail, a folder is shown that was not checked, or one that was delivered is taken away again. */

const CONTENT = bytesOf(3_000, 1);
const TRIP: MemoryEntry[] = [
  { path: ['trip'], content: null },
  { path: ['trip', 'a.bin'], content: CONTENT },
];
const EMPTY: MemoryEntry[] = [{ path: ['empty'], content: null }];

function blankDisk(): SimDisk {
  const disk = new SimDisk();
  disk.fs.mkdirSync(HOME);
  disk.fs.mkdirSync(INBOX);
  return disk;
}

async function deliver(one: SimDelivery): Promise<void> {
  await one.open();
  await one.stream();
  await one.finish();
  await one.close();
}

/** What a person sees. */
function visible(disk: SimDisk): string[] {
  const below = [...pathsIn(disk.image).keys()].filter((path) => path.startsWith(`${INBOX}/`));
  const names = below.map((path) => path.slice(INBOX.length + 1));
  return names.filter((name) => !name.startsWith('.dropline-')).sort();
}

/** Delivers the trip until the computer stops at this step. */
async function crashAt(disk: SimDisk, step: string): Promise<void> {
  const failing = withFailpoint(parseFailpoint(step), () => undefined, disk.fs);
  await expect(deliver(new SimDelivery(failing, TRIP, new Random(1)))).rejects.toThrow();
}

function pathOf(disk: SimDisk, ending: string): string {
  const found = [...pathsIn(disk.image).keys()].find((path) => path.endsWith(ending));
  if (found === undefined) throw new Error(`no ${ending}`);
  return found;
}

test('what is staged gets no name before it was hashed again', async () => {
  const disk = blankDisk();
  await crashAt(disk, 'staged.renameSync:before:1');
  const staged = disk.fs.openSync(pathOf(disk, '/a.bin'), 'r+');
  disk.fs.writeSync(staged, bytesOf(10, 9), 0, 10, 100);
  disk.fs.closeSync(staged);
  const again = new SimDelivery(disk.fs, TRIP, new Random(1));
  await again.takeStock();
  expect(await again.goesOn()).toBe(true);
  expect(visible(disk)).not.toContain('trip/a.bin');
  await again.stream();
  await again.finish();
  await again.close();
  expect(visible(disk)).toEqual(['trip', 'trip/a.bin']);
  const found = pathsIn(disk.image).get(`${INBOX}/trip/a.bin`)!;
  expect(contentOf(found)).toEqual(CONTENT);
});

test('a folder of somebody else under the name that was meant is not called delivered', async () => {
  const disk = blankDisk();
  await crashAt(disk, 'name.mkdirSync:before:1');
  const staged = pathOf(disk, '-folder-0.part');
  atOnce(removeAll(disk.fs, staged));
  disk.fs.mkdirSync(`${INBOX}/trip`);
  disk.fs.closeSync(disk.fs.openSync(`${INBOX}/trip/theirs`, 'wx'));
  const again = new SimDelivery(disk.fs, TRIP, new Random(1));
  await again.takeStock();
  await deliver(again);
  expect(visible(disk)).toEqual(['trip', 'trip (2)', 'trip (2)/a.bin', 'trip/theirs']);
});

test('a delivered folder that is empty stays when its sender asks again', async () => {
  const disk = blankDisk();
  await deliver(new SimDelivery(disk.fs, EMPTY, new Random(1)));
  const late = new SimDelivery(disk.fs, EMPTY, new Random(1));
  await late.takeStock();
  expect(await late.goesOn()).toBe(true);
  await late.finish();
  expect(visible(disk)).toEqual(['empty']);
});

test('a delivered folder that was emptied since stays as it is when its sender asks again', async () => {
  const disk = blankDisk();
  await deliver(new SimDelivery(disk.fs, TRIP, new Random(1)));
  disk.fs.unlinkSync(`${INBOX}/trip/a.bin`);
  const late = new SimDelivery(disk.fs, TRIP, new Random(1));
  await late.takeStock();
  expect(await late.goesOn()).toBe(true);
  await late.stream();
  await late.finish();
  expect(visible(disk)).toEqual(['trip']);
});
