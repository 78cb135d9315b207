import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunningDigest } from '../../../shared/protocol/hash-tree.ts';
import {
  blockCount,
  equalBytes,
  fileHash,
  toHex,
  transferHashSteps,
} from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import { atOnce } from '../../../shared/protocol/steps.ts';
import { blockHashes, bytesOf, contentHash, sha256 } from '../../support/memory-tree.ts';
import { transferHash } from '../../support/transfer-hash.ts';

const hex = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

function running(): RunningDigest {
  const hash = createHash('sha256');
  return { update: (bytes) => hash.update(bytes), finish: () => hash.digest() };
}

describe('hashes', () => {
  test('of a file are the hash of its block hashes, and of an empty one that of nothing', () => {
    const content = bytesOf(2 * BLOCK_BYTES + 1);
    const blocks = [
      content.subarray(0, BLOCK_BYTES),
      content.subarray(BLOCK_BYTES, -1),
      content.subarray(-1),
    ];
    expect(toHex(contentHash(content))).toBe(hex(...blocks.map((b) => sha256(b))));
    expect(toHex(contentHash(new Uint8Array(0)))).toBe(hex());
    expect(toHex(fileHash(sha256(bytesOf(5)), sha256))).toBe(hex(sha256(bytesOf(5))));
    expect(blockHashes(content)).toHaveLength(96);
  });

  test('of a transfer do not depend on the order of its files', () => {
    const files = fc.uniqueArray(
      fc.record({
        path: fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), {
          minLength: 1,
        }),
        hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      }),
      { selector: ({ path }) => path.join('/'), maxLength: 8 },
    );
    fc.assert(
      fc.property(files, (all) => {
        const one = transferHash(all, sha256);
        expect(equalBytes(one, transferHash([...all].reverse(), sha256))).toBe(true);
        const rows = all
          .map(({ path, hash }) => ({ name: Buffer.from(path.join('/')), hash }))
          .sort((a, b) => Buffer.compare(a.name, b.name));
        expect(toHex(one)).toBe(hex(...rows.flatMap(({ name, hash }) => [name, '\0', hash])));
      }),
      { numRuns: 100 },
    );
  });

  test('of a transfer are sorted by bytes and not by UTF-16 units', () => {
    const hash = new Uint8Array(32);
    const names = ['\u{1f600}', '\uffee', 'Z', 'a', 'a/b', 'a.b'];
    const sorted = ['Z', 'a', 'a.b', 'a/b', '\uffee', '\u{1f600}'];
    const files = names.map((name) => ({ path: name.split('/'), hash }));
    expect(toHex(transferHash(files, sha256))).toBe(hex(...sorted.flatMap((n) => [n, '\0', hash])));
    expect(toHex(transferHash([], sha256))).toBe(hex());
  });

  test('of a transfer of thousands of files are those of all of it at once', () => {
    const names = Array.from(
      { length: 3_000 },
      (_, n) => `folder ${n % 7}/${'é'.repeat(n % 50)}${n}`,
    );
    names.push('a name that is longer than what is hashed at once'.repeat(2_000));
    const files = names.map((name) => ({ path: name.split('/'), hash: sha256(Buffer.from(name)) }));
    const rows = [...files].sort((a, b) =>
      Buffer.compare(Buffer.from(a.path.join('/')), Buffer.from(b.path.join('/'))),
    );
    const whole = hex(...rows.flatMap(({ path, hash }) => [path.join('/'), '\0', hash]));
    expect(toHex(atOnce(transferHashSteps(files, running())))).toBe(whole);
    expect(toHex(transferHash(files, sha256))).toBe(whole);
  });

  test('of a transfer differ where a name, a content or the number of files does', () => {
    const a = { path: ['a'], hash: sha256(bytesOf(1)) };
    const hashes = [
      [a],
      [{ ...a, path: ['b'] }],
      [{ ...a, hash: sha256(bytesOf(2)) }],
      [a, { ...a, path: ['b'] }],
      [],
    ].map((files) => toHex(transferHash(files, sha256)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test.each([
    [0, 0],
    [1, 1],
    [BLOCK_BYTES, 1],
    [BLOCK_BYTES + 1, 2],
    [Number.MAX_SAFE_INTEGER, 2 ** 33],
  ])('count the blocks of %i bytes as %i', (bytes, blocks) => {
    expect(blockCount(bytes)).toBe(blocks);
  });
});
