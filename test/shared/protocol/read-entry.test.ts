import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  MAX_COMPONENT_BYTES,
  MAX_FILE_BYTES,
  MAX_PATH_DEPTH,
} from '../../../shared/protocol/limits.ts';
import { readEntry } from '../../../shared/protocol/read-entry.ts';

/** If one of these fails, a list of files is taken that is none, or one that is right costs a transfer. */

const path = z.array(z.string().min(1).max(MAX_COMPONENT_BYTES)).min(1).max(MAX_PATH_DEPTH);
const time = z.int().min(0).max(MAX_FILE_BYTES).optional().catch(undefined);
const absent = z.never().optional();
/** The same as a schema. */
const schema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    path,
    bytes: z.int().min(0).max(MAX_FILE_BYTES),
    modifiedUs: time,
    executable: z.boolean().optional(),
    compression: absent,
  }),
  z.object({ kind: z.literal('directory'), path, modifiedUs: time, compression: absent }),
]);

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(-1, 0, 0.5, MAX_FILE_BYTES, MAX_FILE_BYTES + 1, '', 'x', null, true, [], ['a']),
);
const mostly = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: usual, weight: 6 }, { arbitrary: odd, weight: 1 });
const anyEntry = fc.record(
  {
    kind: mostly(fc.constantFrom('file', 'directory')),
    path: mostly(fc.array(mostly(fc.string()), { maxLength: 4 })),
    bytes: mostly(fc.maxSafeNat()),
    modifiedUs: mostly(fc.maxSafeNat()),
    executable: mostly(fc.boolean()),
    compression: odd,
    other: odd,
  },
  { requiredKeys: ['kind', 'path', 'bytes'] },
);

/** Its fields and their order: the key of a list of files hangs on both. */
const written = (value: unknown): string | null => {
  const entry = readEntry(value);
  return entry && JSON.stringify(entry);
};
const bySchema = (value: unknown): string | null => {
  const read = schema.safeParse(value);
  return read.success ? JSON.stringify(read.data) : null;
};

test('an entry is read as its schema reads it', () => {
  fc.assert(
    fc.property(fc.oneof(anyEntry, odd), (value) => {
      expect(written(value)).toBe(bySchema(value));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['the longest name', ['x'.repeat(MAX_COMPONENT_BYTES)], true],
  ['a longer one', ['x'.repeat(MAX_COMPONENT_BYTES + 1)], false],
  ['the deepest path', Array<string>(MAX_PATH_DEPTH).fill('x'), true],
  ['a deeper one', Array<string>(MAX_PATH_DEPTH + 1).fill('x'), false],
  ['no name', [], false],
  ['an empty name', ['a', ''], false],
])('%s: %#', (_what, name, isRead) => {
  for (const kind of ['file', 'directory']) {
    expect(readEntry({ kind, path: name, bytes: 1 }) !== null).toBe(isRead);
  }
});

test('what would garble a file is refused of directories too', () => {
  for (const kind of ['file', 'directory']) {
    expect(readEntry({ kind, path: ['a'], bytes: 1, compression: 'zstd' })).toBeNull();
  }
});
