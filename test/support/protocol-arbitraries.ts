import fc from 'fast-check';
import { ERROR_CODES } from '../../shared/errors.ts';
import { CONTENTS } from '../../shared/model/content.ts';
import { PLATFORMS } from '../../shared/model/peer.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { FRAME_TYPES } from '../../shared/protocol/frame.ts';
import { toHex } from '../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES, LANE_TOKEN_BYTES, MIN_LANE_PORT } from '../../shared/protocol/limits.ts';
import { toWireCode } from '../../shared/protocol/messages.ts';
import type { Entry, Message } from '../../shared/protocol/messages.ts';
import { anyText } from './any-text.ts';
import type { MemoryEntry } from './memory-tree.ts';
import { bytesOf } from './memory-tree.ts';

/** Generators for everything that crosses the wire. Indexes stay small so that many of them hit. */

export const wireCode = fc.constantFrom(...new Set(ERROR_CODES.map(toWireCode)));
const index = fc.oneof(fc.nat(6), fc.constantFrom(0xffffffff, 0x7fffffff, 0x80000000));
const size = fc.oneof(
  fc.nat(64),
  fc.constantFrom(BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
);
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hex = (bytes: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex);
const anyString = (maxLength: number) => anyText({ maxLength });
const path = fc.array(anyText({ minLength: 1, maxLength: 8 }), {
  minLength: 1,
  maxLength: 4,
});

export const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('file' as const),
      path,
      bytes: size,
      modifiedUs: size,
      executable: fc.boolean(),
    },
    { requiredKeys: ['kind', 'path', 'bytes'] },
  ),
  fc.record(
    { kind: fc.constant('directory' as const), path, modifiedUs: size },
    { requiredKeys: ['kind', 'path'] },
  ),
);

export const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record(
    {
      type: fc.constant('hello' as const),
      versions: fc.array(fc.oneof(fc.constant(1), fc.nat(65535)), { minLength: 1, maxLength: 4 }),
      name: anyString(20),
      platform: fc.constantFrom(...PLATFORMS),
      hashes: fc.array(fc.oneof(fc.constantFrom('sha256', 'blake3'), anyString(8)), {
        maxLength: 4,
      }),
      lanes: fc.nat(65535),
      failures: fc.boolean(),
      thumbnails: fc.nat(65535),
    },
    { requiredKeys: ['type', 'versions', 'name', 'platform', 'hashes'] },
  ),
  fc.record(
    {
      type: fc.constant('offer' as const),
      transferId: hex(16).map((digits) => digits as TransferId),
      items: fc.array(
        fc.record({
          name: anyString(8),
          kind: fc.constantFrom('file' as const, 'folder' as const),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      itemCount: fc.integer({ min: 1, max: 9 }),
      files: size,
      directories: size,
      bytes: size,
      leftOut: size,
      content: fc.constantFrom(...CONTENTS),
    },
    {
      requiredKeys: [
        'type',
        'transferId',
        'items',
        'itemCount',
        'files',
        'directories',
        'bytes',
        'leftOut',
      ],
    },
  ),
  fc.record({
    type: fc.constant('entries' as const),
    entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
  }),
  fc.record({
    type: fc.constant('have' as const),
    index,
    firstBlock: index,
    hashes: fc
      .integer({ min: 1, max: 4 })
      .chain((n) => fc.uint8Array({ minLength: n * 32, maxLength: n * 32 })),
  }),
  fc.record({
    type: fc.constant('published' as const),
    files: fc.array(fc.record({ index, hash }), { minLength: 1, maxLength: 4 }),
  }),
  fc.constant({ type: 'ok' as const }),
  fc.record({ type: fc.constant('decline' as const), code: wireCode }),
  fc.record({ type: fc.constant('file' as const), index, offset: size, bytes: size }),
  fc.record({ type: fc.constant('fileEnd' as const), index, hash }),
  fc.record({ type: fc.constant('fileFailed' as const), index, code: wireCode }),
  fc.record({
    type: fc.constant('verify' as const),
    hash: hex(32),
  }),
  fc.record({
    type: fc.constant('done' as const),
    files: size,
    bytes: size,
    failedCount: fc.nat(5),
    failed: fc.array(fc.record({ index, code: wireCode }), { maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant('ack' as const),
    bytes: size,
    holdUp: fc.constantFrom(null, 'disk' as const, 'computer' as const),
  }),
  fc.constant({ type: 'ping' as const }),
  fc.constant({ type: 'cancel' as const }),
  fc.record({ type: fc.constant('error' as const), code: wireCode }),
  fc.constant({ type: 'pause' as const }),
  fc.constant({ type: 'resume' as const }),
  fc.record({
    type: fc.constant('skip' as const),
    code: wireCode,
    indexes: fc.array(index, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant('lane' as const),
    port: fc.integer({ min: MIN_LANE_PORT, max: 65535 }),
    token: hex(LANE_TOKEN_BYTES),
  }),
  fc.record({ type: fc.constant('spread' as const), index }),
  fc.record({
    type: fc.constant('failed' as const),
    code: wireCode,
    indexes: fc.array(index, { minLength: 1, maxLength: 4 }),
  }),
  fc.constant({ type: 'thumbnails' as const }),
  fc.record({
    type: fc.constant('thumbnail' as const),
    index,
    jpeg: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  }),
);

/** A tree with distinct paths: a few directories, empty and small files, in any order. */
export const tree: fc.Arbitrary<readonly MemoryEntry[]> = fc
  .array(
    fc.record({
      folder: fc.constantFrom('', 'a', 'b/c'),
      bytes: fc.oneof(fc.constant(0), fc.nat(5000), fc.constant(null)),
      seed: fc.nat(1000),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((drafts) =>
    drafts.map(({ folder, bytes, seed }, n) => ({
      path: [...folder.split('/').filter(Boolean), `entry ${n}`],
      content: bytes === null ? null : bytesOf(bytes, seed),
    })),
  );

/** Cuts any number of bytes into parts, in a way that shrinks to whole ones. */
export const chunking: fc.Arbitrary<(available: number) => number> = fc
  .array(
    fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20_000 })),
    {
      maxLength: 40,
    },
  )
  .map((counts) => {
    let at = 0;
    return (available: number) => {
      const count = counts[at++ % Math.max(1, counts.length)] ?? available;
      // however small the parts are, a session of a thousand steps is enough to show it
      return Math.min(available, at > 1000 ? available : count);
    };
  });

export const FRAME_TYPE_NUMBERS: readonly number[] = Object.values(FRAME_TYPES);
