import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockHashes, digestOf } from '../../../electron/engine/transfer/hash.ts';
import { equalBytes } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import { bytesOf } from '../../support/memory-tree.ts';
import { usedBytes } from '../../support/used-bytes.ts';

/** The hashes of a file's blocks beside a map of them. */

const digest = digestOf('blake3');
const CONTENT = bytesOf(BLOCK_BYTES, 3);
/** Around the first block, and around the ends of pages; one lies beyond 32 bits. */
const block = fc.oneof(
  fc.nat(4),
  fc.integer({ min: 1021, max: 1027 }),
  fc.integer({ min: 2045, max: 2051 }),
  fc.constant(2 ** 33 - 1),
);
const content = fc.nat(255);

type Act = (own: BlockHashes, model: Map<number, Uint8Array>) => void;

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(block, content).map(([at, byte]): Act => (own, model) => {
    own.set(at, hashOf(byte));
    model.set(at, hashOf(byte));
  }),
  block.map((at): Act => (own, model) => {
    own.unset(at);
    model.delete(at);
  }),
  // as a sender reads it: in pieces, the last block short or whole
  fc
    .tuple(block, fc.integer({ min: 1, max: BLOCK_BYTES }), fc.nat())
    .map(([at, bytes, cut]): Act => (own, model) => {
      own.seek(at * BLOCK_BYTES);
      own.update(CONTENT.subarray(0, cut % bytes));
      own.update(CONTENT.subarray(cut % bytes, bytes));
      own.flush();
      model.set(at, digest(CONTENT.subarray(0, bytes)));
    }),
  fc.tuple(fc.nat(1100), fc.nat(1100)).map(([from, count]): Act => (own, model) => {
    for (let at = from; at < from + count; at++) {
      own.set(at, hashOf(at));
      model.set(at, hashOf(at));
    }
  }),
);

function hashOf(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte).fill(byte >> 8, 16);
}

test('answer as a map of them does', () => {
  const looked = [...Array(6).keys(), 1023, 1024, 1025, 2047, 2048, 2 ** 33 - 1, 2 ** 33 + 1024];
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 12 }), fc.nat(2200), (all, some) => {
      const own = new BlockHashes('blake3');
      const model = new Map<number, Uint8Array>();
      for (const act of all) act(own, model);
      const wrong = [...model.keys(), ...looked].filter((at) => {
        return own.has(at) !== model.has(at) || !isSame(own.at(at), model.get(at) ?? null);
      });
      expect(wrong).toEqual([]);
      for (const count of [0, 1, 2, 3, 1024, 1025, 2048, some]) {
        const whole = Array.from({ length: count }, (_, at) => model.get(at));
        const isWhole = whole.every((hash) => hash !== undefined);
        const joined = isWhole ? digest(Buffer.concat(whole)) : null;
        expect(isSame(own.file(count), joined)).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a, b);
}

test('of a hundred gigabytes cost fifty bytes each at most', () => {
  const blocks = 100_000;
  const before = usedBytes();
  const hashes = new BlockHashes('blake3');
  for (let at = 0; at < blocks; at++) {
    hashes.seek(at * BLOCK_BYTES);
    hashes.update(CONTENT.subarray(0, 1000), true);
  }
  expect(hashes.file(blocks)).not.toBeNull();
  expect((usedBytes() - before) / blocks).toBeLessThan(50);
});

test('one that lies far off costs no more than a few that are near', () => {
  const before = usedBytes();
  const hashes = new BlockHashes('blake3');
  hashes.set(2 ** 33 - 1, hashOf(1));
  expect([hashes.has(2 ** 33 - 1), hashes.has(2 ** 33 - 2)]).toEqual([true, false]);
  expect(usedBytes() - before).toBeLessThan(256 * 1024);
});
