import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LaneCursor } from '../../../shared/protocol/lane-order.ts';
import { LANE_START, takeLaneData, takeLaneFile } from '../../../shared/protocol/lane-order.ts';
import {
  BLOCK_BYTES,
  MAX_LANE_OFFERS,
  MAX_LANES,
  SPREAD_FILE_BYTES,
} from '../../../shared/protocol/limits.ts';
import type { Entry, Message } from '../../../shared/protocol/messages.ts';
import { createReceiver, stepReceiver } from '../../../shared/protocol/receiver.ts';
import type { ReceiverInput } from '../../../shared/protocol/receiver.ts';
import type { Cursor } from '../../../shared/protocol/stream-order.ts';
import {
  START,
  takeData,
  takeFile,
  takeFileEnd,
  takeSpread,
} from '../../../shared/protocol/stream-order.ts';
import { TRANSFER_ID } from '../../support/memory-tree.ts';

const BIG = SPREAD_FILE_BYTES + 7;
const entries: readonly Entry[] = [
  { kind: 'file', path: ['a'], bytes: BIG },
  { kind: 'file', path: ['b'], bytes: SPREAD_FILE_BYTES - 1 },
  { kind: 'directory', path: ['d'] },
  { kind: 'file', path: ['e'], bytes: SPREAD_FILE_BYTES },
  { kind: 'file', path: ['s'], bytes: BIG },
];
const SKIPPED = 4;
const expected = { entries, published: new Set<number>(), skipped: new Set([SKIPPED]) };
const block = (index: number, offset: number, bytes = BLOCK_BYTES) => ({ index, offset, bytes });
const file = (index: number, offset: number, bytes = BLOCK_BYTES) =>
  ({ type: 'file', ...block(index, offset, bytes) }) as const;
const spread = (index: number, cursor: Cursor = START): Cursor => {
  const next = takeSpread(cursor, index, expected);
  if (!next) throw new Error('cannot be spread');
  return next;
};
const LAST = SPREAD_FILE_BYTES;

describe('a file that is spread', () => {
  test('takes whole blocks in any order and again, and nothing else', () => {
    const place = fc.constantFrom(0, 1, BLOCK_BYTES, 3 * BLOCK_BYTES, LAST, LAST + BLOCK_BYTES);
    const bytes = fc.constantFrom(0, 1, 7, BLOCK_BYTES - 1, BLOCK_BYTES, 2 * BLOCK_BYTES);
    fc.assert(
      fc.property(fc.array(fc.tuple(place, bytes), { maxLength: 30 }), (ranges) => {
        let cursor = spread(0);
        for (const [offset, count] of ranges) {
          const next = takeFile(cursor, file(0, offset, count), expected);
          const isBlock = offset === LAST ? count === 7 : offset < LAST && count === BLOCK_BYTES;
          expect(next !== null).toBe(isBlock && offset % BLOCK_BYTES === 0);
          if (next) cursor = takeData(next, count) ?? cursor;
        }
        expect(takeFileEnd(cursor, 0, true, expected)).toMatchObject({ open: null, lastIndex: 0 });
      }),
    );
  });

  test('is large, wanted, and begins with that', () => {
    for (const index of [1, 2, SKIPPED, 5]) expect(takeSpread(START, index, expected)).toBeNull();
    const begun = takeFile(START, file(0, 0), expected);
    expect(begun && takeSpread(begun, 0, expected)).toBeNull();
    expect(takeSpread(spread(0), 0, expected)).toBeNull();
    const over = takeFileEnd(spread(3), 3, true, expected);
    expect(over && takeSpread(over, 0, expected)).toBeNull();
  });

  test('keeps every other file in order', () => {
    const ended = takeFileEnd(spread(0), 0, true, expected);
    const open = ended && takeFile(ended, file(1, 2 * BLOCK_BYTES), expected);
    const full = open && takeData(open, BLOCK_BYTES);
    expect(full && takeFile(full, file(1, 0), expected)).toBeNull();
  });
});

describe('the order of a lane', () => {
  const now = (cursor: Cursor) => ({ cursor, entries, skipped: expected.skipped });

  test('takes a block of the file that is spread, and waits for one that is still to come', () => {
    expect(takeLaneFile(block(0, 0), now(spread(0)))).toEqual({ left: BLOCK_BYTES });
    expect(takeLaneFile(block(0, LAST, 7), now(spread(0)))).toEqual({ left: 7 });
    expect(takeLaneFile(block(0, 0), now(START))).toBe('later');
    expect(takeLaneFile(block(3, 0), now(spread(0)))).toBe('later');
  });

  test('is over where a block comes of a file that has ended', () => {
    const ended = takeFileEnd(spread(0), 0, true, expected) ?? START;
    expect(takeLaneFile(block(0, 0), now(ended))).toBe('over');
    expect(takeLaneFile(block(0, 0), now(spread(3, ended)))).toBe('over');
  });

  test('takes nothing of a file that is not spread, is small or is not wanted', () => {
    const inOrder = takeFile(START, file(0, 0), expected) ?? START;
    expect(takeLaneFile(block(0, 0), now(inOrder))).toBeNull();
    for (const index of [1, 2, SKIPPED, 5]) {
      expect(takeLaneFile(block(index, 0), now(START))).toBeNull();
    }
  });

  test('takes no range that is no block', () => {
    for (const [offset, bytes] of [
      [1, BLOCK_BYTES],
      [0, 2 * BLOCK_BYTES],
      [0, 1],
      [LAST, 8],
      [LAST + BLOCK_BYTES, 1],
    ] as const) {
      expect(takeLaneFile(block(0, offset, bytes), now(spread(0)))).toBeNull();
    }
  });

  test('takes no data beyond a block or outside one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 9 }), (parts) => {
        let cursor: LaneCursor | null = { left: 20 };
        let taken = 0;
        for (const bytes of parts) {
          const next: LaneCursor | null = takeLaneData(cursor, bytes);
          expect(next !== null).toBe(taken < 20 && taken + bytes <= 20);
          if (next === null) return;
          taken += bytes;
          cursor = next;
        }
        expect(cursor.left).toBe(taken === 20 ? null : 20 - taken);
      }),
    );
    expect(takeLaneData(LANE_START, 1)).toBeNull();
  });
});

describe('a receiver', () => {
  const offer = {
    transferId: TRANSFER_ID,
    items: [{ name: 'a', kind: 'file' as const }],
    itemCount: 1,
    files: 1,
    directories: 0,
    bytes: BIG,
    leftOut: 0,
  };
  const lane = (port = 50_000): Message => ({ type: 'lane', port, token: '0'.repeat(32) });

  /** What it does after its ok. */
  function told(lanes: number | undefined, ...messages: readonly Message[]): string[] {
    const greeting = { name: 'r', platform: 'linux' as const, hashes: ['sha256'] };
    let { state } = createReceiver(lanes === undefined ? greeting : { ...greeting, lanes });
    const hello = { type: 'hello', versions: [1], ...greeting } as const;
    const before = [
      hello,
      { type: 'offer', ...offer },
      { type: 'entries', entries: [entries[0]!] },
    ];
    const inputs: ReceiverInput[] = [
      ...before.map((message) => ({ kind: 'message', message: message as Message }) as const),
      { kind: 'accept', have: [], published: [], skip: [] },
      ...messages.map((message) => ({ kind: 'message', message }) as const),
    ];
    const seen: string[] = [];
    for (const input of inputs) {
      const step = stepReceiver(state, input);
      state = step.state;
      for (const effect of step.effects) {
        seen.push(effect.kind === 'send' ? effect.message.type : effect.kind);
      }
    }
    return seen.slice(seen.indexOf('ok') + 1);
  }

  test('that said so dials lanes at one port, and takes a file in blocks', () => {
    const effects = told(MAX_LANES, lane(), { type: 'spread', index: 0 }, lane());
    expect(effects).toEqual(['lane', 'spread', 'lane']);
  });

  test('that said nothing of lanes takes neither', () => {
    for (const lanes of [undefined, 0]) {
      expect(told(lanes, lane())).toEqual(['error', 'end']);
      expect(told(lanes, { type: 'spread', index: 0 })).toEqual(['error', 'end']);
    }
  });

  test('is not made to try one port after the other, nor to dial without end', () => {
    expect(told(MAX_LANES, lane(), lane(50_001))).toEqual(['lane', 'error', 'end']);
    const offers = Array.from({ length: MAX_LANE_OFFERS + 1 }, () => lane());
    const effects = told(MAX_LANES, ...offers);
    expect(effects.filter((kind) => kind === 'lane')).toHaveLength(MAX_LANE_OFFERS);
    expect(effects.at(-1)).toBe('end');
  });
});
