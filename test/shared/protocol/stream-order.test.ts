import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import type { Cursor } from '../../../shared/protocol/stream-order.ts';
import { START, takeData, takeFile, takeFileEnd } from '../../../shared/protocol/stream-order.ts';

const entries: readonly Entry[] = [
  { kind: 'file', path: ['a'], bytes: 3 * BLOCK_BYTES + 7 },
  { kind: 'directory', path: ['d'] },
  { kind: 'file', path: ['e'], bytes: 0 },
  { kind: 'file', path: ['p'], bytes: 10 },
  { kind: 'file', path: ['z'], bytes: BLOCK_BYTES },
  { kind: 'file', path: ['s'], bytes: BLOCK_BYTES },
];
const PUBLISHED = 3;
const SKIPPED = 5;
const expected = { entries, published: new Set([PUBLISHED]), skipped: new Set([SKIPPED]) };
const file = (index: number, offset: number, bytes: number) =>
  ({ type: 'file', index, offset, bytes }) as const;

type Move =
  | {
      readonly kind: 'file';
      readonly index: number;
      readonly offset: number;
      readonly bytes: number;
    }
  | { readonly kind: 'data'; readonly bytes: number }
  | { readonly kind: 'end'; readonly index: number; readonly whole: boolean };

const MIB = BLOCK_BYTES;
const place = fc.constantFrom(0, 1, 7, 10, MIB - 1, MIB, 2 * MIB, 3 * MIB, MIB + 7, 3 * MIB + 7);
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant('file' as const), index: fc.nat(6), offset: place, bytes: place }),
  fc.record({ kind: fc.constant('data' as const), bytes: place }),
  fc.record({ kind: fc.constant('end' as const), index: fc.nat(6), whole: fc.boolean() }),
);

function take(cursor: Cursor, next: Move): Cursor | null {
  switch (next.kind) {
    case 'file':
      return takeFile(cursor, file(next.index, next.offset, next.bytes), expected);
    case 'data':
      return takeData(cursor, next.bytes);
    case 'end':
      return takeFileEnd(cursor, next.index, next.whole, expected);
  }
}

describe('the order of a stream', () => {
  test('never lets a byte land twice, outside a file, or where nothing was asked for', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        let cursor = START;
        const ended: number[] = [];
        const reached = new Map<number, number>();
        for (const next of moves) {
          const { open } = cursor;
          const after = take(cursor, next);
          // what breaks the order ends the session; here the next move is tried instead
          if (after === null) continue;
          cursor = after;
          if (next.kind === 'data') {
            const entry = entries[open?.index ?? -1];
            expect(entry?.kind).toBe('file');
            if (open === null || entry?.kind !== 'file') return;
            expect(open.index).not.toBe(SKIPPED);
            expect(open.offset).toBeGreaterThanOrEqual(reached.get(open.index) ?? 0);
            expect(open.offset + next.bytes).toBeLessThanOrEqual(entry.bytes);
            reached.set(open.index, open.offset + next.bytes);
          } else if (next.kind === 'end') ended.push(next.index);
          else {
            expect(next.offset % BLOCK_BYTES).toBe(0);
            const end = next.offset + next.bytes;
            const entry = entries[next.index];
            expect(end % BLOCK_BYTES === 0 || (entry?.kind === 'file' && end === entry.bytes)).toBe(
              true,
            );
          }
        }
        expect(ended).toEqual([...new Set(ended)].sort((a, b) => a - b));
        expect(ended).not.toContain(SKIPPED);
        expect(cursor.endedFiles).toBe(ended.filter((index) => index !== PUBLISHED).length);
      }),
      { numRuns: 300 },
    );
  });

  test('takes whole files, skipped blocks, empty files and failures', () => {
    const steps: Move[] = [
      { kind: 'file', index: 0, offset: MIB, bytes: MIB },
      { kind: 'data', bytes: MIB - 1 },
      { kind: 'data', bytes: 1 },
      { kind: 'file', index: 0, offset: 3 * MIB, bytes: 7 },
      { kind: 'data', bytes: 7 },
      { kind: 'end', index: 0, whole: true },
      { kind: 'end', index: 2, whole: true },
      { kind: 'file', index: 4, offset: 0, bytes: MIB },
      { kind: 'data', bytes: 9 },
      { kind: 'end', index: 4, whole: false },
    ];
    let cursor: Cursor | null = START;
    for (const step of steps) {
      cursor = cursor && take(cursor, step);
      expect(cursor).not.toBeNull();
    }
    expect(cursor).toMatchObject({ open: null, lastIndex: 4, endedFiles: 3 });
  });

  test('does not let a file end as whole in the middle of a range', () => {
    const open = takeFile(START, file(0, 0, MIB), expected);
    expect(open && takeFileEnd(open, 0, true, expected)).toBeNull();
    expect(open && takeFileEnd(open, 0, false, expected)).not.toBeNull();
    expect(open && takeFileEnd(open, 4, false, expected)).toBeNull();
  });

  test('takes a published file that comes anew, and does not count it among those that must', () => {
    const open = takeFile(START, file(PUBLISHED, 0, 10), expected);
    const full = open && takeData(open, 10);
    expect(full && takeFileEnd(full, PUBLISHED, true, expected)).toEqual({
      open: null,
      lastIndex: PUBLISHED,
      endedFiles: 0,
    });
    expect(takeFileEnd(START, PUBLISHED, false, expected)).toMatchObject({ endedFiles: 0 });
  });

  test('does not take a directory, a skipped file or one that is not there', () => {
    for (const index of [1, SKIPPED, 6, -1]) {
      expect(takeFile(START, file(index, 0, 1), expected)).toBeNull();
      expect(takeFileEnd(START, index, true, expected)).toBeNull();
      expect(takeFileEnd(START, index, false, expected)).toBeNull();
    }
  });
});
