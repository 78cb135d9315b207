import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockHashes, availableHashes, digestOf } from '../../../electron/engine/transfer/hash.ts';
import { FileHashes } from '../../../electron/engine/transfer/file-hashes.ts';
import { blockCount, equalBytes } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import { bytesOf } from '../../support/memory-tree.ts';

const CONTENT = bytesOf(3 * BLOCK_BYTES + 12_345, 5);

/** By the book: the blocks one after the other, each in one piece. */
function plainHash(algorithm: HashAlgorithm, content: Uint8Array): Uint8Array {
  const digest = digestOf(algorithm);
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += BLOCK_BYTES) {
    hashes.push(digest(content.subarray(at, at + BLOCK_BYTES)));
  }
  return digest(new Uint8Array(Buffer.concat(hashes)));
}

const anySize = fc.oneof(
  fc.constantFrom(0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 2 * BLOCK_BYTES),
  fc.nat(CONTENT.length),
);

test('this machine has BLAKE3, and SHA-256 everyone has', () => {
  expect(availableHashes).toEqual(['blake3', 'sha256']);
});

test.each(availableHashes)('%s: content in any pieces has the hash it has in one', (algorithm) => {
  const pieces = fc.array(fc.integer({ min: 1, max: 700_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(anySize, pieces, (size, sizes) => {
      const content = CONTENT.subarray(0, size);
      const hashes = new BlockHashes(algorithm);
      for (let at = 0, n = 0; at < size; n++) {
        const part = content.subarray(at, at + sizes[n % sizes.length]!);
        hashes.update(part);
        at += part.length;
      }
      hashes.flush();
      const hash = hashes.file(blockCount(size));
      expect(hash && equalBytes(hash, plainHash(algorithm, content))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test.each(availableHashes)('%s: the end of a range is told with it, or after it', (algorithm) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: BLOCK_BYTES + 9 }), fc.nat(), (size, cut) => {
      const content = CONTENT.subarray(0, size);
      const hashes = new BlockHashes(algorithm);
      hashes.update(content.subarray(0, cut % size));
      hashes.update(content.subarray(cut % size), true);
      hashes.flush();
      const hash = hashes.file(blockCount(size));
      expect(hash && equalBytes(hash, plainHash(algorithm, content))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('ranges in any order, and blocks known before, make the same hash', () => {
  const digest = digestOf('sha256');
  const blocks = blockCount(CONTENT.length);
  const known = fc.array(fc.boolean(), { minLength: blocks, maxLength: blocks });
  const order = fc.shuffledSubarray([...Array(blocks).keys()], { minLength: blocks });
  fc.assert(
    fc.property(known, order, (isKnown, indexes) => {
      const hashes = new BlockHashes('sha256');
      for (const block of indexes) {
        const content = CONTENT.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
        if (isKnown[block]) {
          hashes.set(block, digest(content));
          continue;
        }
        hashes.seek(block * BLOCK_BYTES);
        hashes.update(content.subarray(0, 1000));
        hashes.update(content.subarray(1000));
        hashes.flush();
      }
      const hash = hashes.file(blocks);
      expect(hash && equalBytes(hash, plainHash('sha256', CONTENT))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('a block that was begun and left by a seek does not count', () => {
  const hashes = new BlockHashes('sha256');
  hashes.update(CONTENT.subarray(0, 500));
  hashes.seek(BLOCK_BYTES);
  hashes.update(CONTENT.subarray(BLOCK_BYTES, 2 * BLOCK_BYTES));
  expect([hashes.has(0), hashes.has(1)]).toEqual([false, true]);
  expect(hashes.file(2)).toBeNull();
});

test('hashes of files are kept by index and can be taken back', () => {
  const hashes = new FileHashes(3);
  hashes.set(2, new Uint8Array(32).fill(7));
  hashes.set(2, new Uint8Array(32).fill(8));
  hashes.set(0, new Uint8Array(32).fill(1));
  expect([...hashes.indexes()]).toEqual([0, 2]);
  expect([hashes.size, hashes.get(2)![0], hashes.get(1)]).toEqual([2, 8, null]);
  hashes.delete(2);
  hashes.delete(2);
  hashes.delete(1);
  expect([hashes.size, hashes.has(2), hashes.has(0)]).toEqual([1, false, true]);
});
