import { expect } from 'vitest';
import { JournalShelf } from '../../../electron/engine/transfer/journal-shelf.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { contentOf, pathsIn } from '../../faults/support/disk-log.ts';
import { Random } from '../../faults/support/random.ts';
import { HOME, INBOX, SimDelivery, deliveriesOn } from '../../faults/support/sim-delivery.ts';
import { SimDisk } from '../../faults/support/sim-disk.ts';
import type { MemoryEntry } from '../../support/memory-tree.ts';
import { TRANSFER_ID, bytesOf } from '../../support/memory-tree.ts';
import { posixTest as test } from '../../support/posix-test.ts';

/** If these fail, one sender hears "Delivered" of what another one sent, or keeps everybody else waiting. */

const [OTHER, THIRD] = ['1', '2'].map((digit) => digit.repeat(32)) as [TransferId, TransferId];
const TREE: MemoryEntry[] = [
  { path: ['a.bin'], content: bytesOf(3_000, 1) },
  { path: ['b.bin'], content: bytesOf(5_000, 2) },
];

function blankDisk(): SimDisk {
  const disk = new SimDisk();
  disk.fs.mkdirSync(HOME);
  disk.fs.mkdirSync(INBOX);
  return disk;
}

function inboxOf(disk: SimDisk): Map<string, number> {
  const found = [...pathsIn(disk.image)].filter(([path]) => path.startsWith(`${INBOX}/`));
  return new Map(
    found.map(([path, inode]) => [path.slice(INBOX.length + 1), contentOf(inode).length]),
  );
}

/** A delivery whose wire was cut, known by its journal alone. */
async function interrupted(disk: SimDisk): Promise<void> {
  const first = new SimDelivery(disk.fs, TREE, new Random(1));
  await first.open();
  await first.stream(1);
  await first.close();
}

test('of two offers of one list at the same time one goes on, and the other is a new one', async () => {
  const disk = blankDisk();
  await interrupted(disk);
  const deliveries = deliveriesOn(disk.fs);
  await deliveries.takeStock();
  const two = [OTHER, THIRD].map(
    (transferId) => new SimDelivery(disk.fs, TREE, new Random(2), { transferId, deliveries }),
  );
  const wentOn = await Promise.all(two.map((one) => one.open()));
  expect(wentOn.sort()).toEqual([false, true]);
  for (const one of two) {
    await one.stream();
    await one.finish();
    await one.keep();
  }
  expect(inboxOf(disk)).toEqual(
    new Map([
      ['a.bin', 3_000],
      ['a (2).bin', 3_000],
      ['b.bin', 5_000],
      ['b (2).bin', 5_000],
    ]),
  );
});

test('a new version and the same one at once do not take the same files over', async () => {
  const disk = blankDisk();
  await interrupted(disk);
  const deliveries = deliveriesOn(disk.fs);
  await deliveries.takeStock();
  const changed = [TREE[0]!, { path: ['b.bin'], content: bytesOf(6_000, 3) }];
  const anew = new SimDelivery(disk.fs, changed, new Random(2), { transferId: OTHER, deliveries });
  const same = new SimDelivery(disk.fs, TREE, new Random(2), { transferId: THIRD, deliveries });
  await Promise.all([same.open(), anew.open()]);
  for (const one of [anew, same]) {
    await one.stream();
    await one.finish();
    await one.keep();
  }
  const sizes = [...inboxOf(disk)].filter(([name]) => name.startsWith('b'));
  expect(sizes.map(([, bytes]) => bytes).sort()).toEqual([5_000, 6_000]);
  const receipts = [...pathsIn(disk.image).keys()].filter((path) => path.includes('/receipts/'));
  expect(receipts.length).toBe(2);
});

test('the first id of what goes on under another one is not free meanwhile', async () => {
  const disk = blankDisk();
  await interrupted(disk);
  const deliveries = deliveriesOn(disk.fs);
  await deliveries.takeStock();
  const again = new SimDelivery(disk.fs, TREE, new Random(2), { transferId: OTHER, deliveries });
  await again.open();
  expect(deliveries.isUnderWay(TRANSFER_ID)).toBe(true);
  expect(deliveries.ownerOf(TRANSFER_ID)).not.toBe(null);
  await again.keep();
  expect(deliveries.isUnderWay(TRANSFER_ID)).toBe(false);
  expect(deliveries.ownerOf(TRANSFER_ID)).not.toBe(null);
  await again.open();
  await again.stream();
  await again.finish();
  await again.keep();
  expect(inboxOf(disk).size).toBe(2);
});

test('whose a receipt is costs one look at its begin, however long it is', async () => {
  const disk = blankDisk();
  const many = Array.from({ length: 3_000 }, (_, n) => ({
    path: ['folder', `file ${n} with a name that takes up its room`],
    content: new Uint8Array(0),
  }));
  const one = new SimDelivery(disk.fs, many, new Random(1));
  await one.open();
  await one.stream();
  await one.finish();
  await one.close();
  const read: number[] = [];
  const fs = {
    ...disk.fs,
    readSync: ((...args: Parameters<FileSystem['readSync']>) => {
      read.push(disk.fs.readSync(...args));
      return read.at(-1);
    }) as FileSystem['readSync'],
  };
  expect(deliveriesOn(fs).ownerOf(TRANSFER_ID)).not.toBe(null);
  expect(read).toEqual([64 * 1024]);
});

test('a list that is not the receipt’s has no more of it read', async () => {
  const disk = blankDisk();
  const one = new SimDelivery(disk.fs, TREE, new Random(1));
  await one.open();
  await one.stream();
  await one.finish();
  await one.close();
  const shelf = new JournalShelf(disk.fs, HOME);
  const receipt = shelf.receiptOf(TRANSFER_ID);
  const fd = disk.fs.openSync(receipt, 'a');
  disk.fs.writeSync(fd, `${'x'.repeat(200_000)}\n`);
  disk.fs.closeSync(fd);
  let readBytes = 0;
  const fs = {
    ...disk.fs,
    readSync: ((...args: Parameters<FileSystem['readSync']>) => {
      const count = disk.fs.readSync(...args);
      readBytes += count;
      return count;
    }) as FileSystem['readSync'],
  };
  const other = new SimDelivery(fs, TREE.slice(0, 1), new Random(1));
  expect(await other.goesOn()).toBe(false);
  expect(readBytes).toBe(64 * 1024);
});
