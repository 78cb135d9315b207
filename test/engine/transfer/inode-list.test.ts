import { expect, test } from 'vitest';
import { InodeList } from '../../../electron/engine/transfer/inode-list.ts';

test('inodes are known again, as large as they may be and whichever sign a system gives them', () => {
  const list = new InodeList();
  const inodes = Array.from({ length: 40 }, (_, n) => 2n ** 64n - 1n - BigInt(n));
  for (const inode of inodes) list.add(inode);
  for (const [index, inode] of inodes.entries()) {
    expect(list.is(index, inode)).toBe(true);
    expect(list.is(index, BigInt.asIntN(64, inode))).toBe(true);
    expect(list.is(index, inode - 1n)).toBe(false);
  }
  list.cutTo(39);
  expect(list.is(39, inodes[39] ?? 0n)).toBe(false);
  list.add(5n);
  expect(list.is(39, 5n)).toBe(true);
});
