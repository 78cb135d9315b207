import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FRAME_HEADER_BYTES,
  FRAME_TYPES,
  FrameReader,
  encodeFrame,
} from '../../../shared/protocol/frame.ts';
import { MAX_FRAME_BYTES } from '../../../shared/protocol/limits.ts';

interface Seen {
  readonly reader: FrameReader;
  /** Whole frames in order; neighbouring parts of data are joined. */
  readonly frames: { type: number; payload: number[] }[];
  parts: number;
}

function watch(onFrame?: (reader: FrameReader) => void): Seen {
  const seen: Seen = {
    frames: [],
    parts: 0,
    reader: new FrameReader({
      onFrame: (type, payload) => {
        seen.frames.push({ type, payload: [...payload] });
        onFrame?.(seen.reader);
      },
      onData: (part) => {
        seen.parts++;
        const last = seen.frames.at(-1);
        if (last?.type === FRAME_TYPES.data) last.payload.push(...part);
        else seen.frames.push({ type: FRAME_TYPES.data, payload: [...part] });
      },
    }),
  };
  return seen;
}

const frame = fc.record({
  type: fc.nat(255),
  payload: fc.uint8Array({ minLength: 1, maxLength: 300 }),
});

function joined(frames: readonly { type: number; payload: Uint8Array }[]): Uint8Array {
  return Buffer.concat(frames.map((f) => encodeFrame(f.type, f.payload)));
}

/** What the reader should tell: data frames that follow each other are one run of bytes. */
function told(frames: readonly { type: number; payload: Uint8Array }[]): Seen['frames'] {
  const runs: Seen['frames'] = [];
  for (const { type, payload } of frames) {
    const last = runs.at(-1);
    if (type === FRAME_TYPES.data && last?.type === type) last.payload.push(...payload);
    else runs.push({ type, payload: [...payload] });
  }
  return runs;
}

describe('frames', () => {
  test('come out the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 10 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
        (frames, cuts, flushes) => {
          const bytes = joined(frames);
          const seen = watch();
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const count = cuts[n % cuts.length] ?? 1;
            expect(seen.reader.push(bytes.subarray(at, at + count))).toBe(true);
            if (flushes[n % flushes.length] === true) seen.reader.flushData();
            at += count;
          }
          expect(seen.frames).toEqual(told(frames));
          expect(seen.reader.atBoundary).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('come out the same one byte at a time', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 4 }), (frames) => {
        const seen = watch();
        for (const byte of joined(frames)) seen.reader.push(Uint8Array.of(byte));
        expect(seen.frames).toEqual(told(frames));
      }),
      { numRuns: 100 },
    );
  });

  test('are never told before their last byte has come', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          frame,
          frame.map((f) => ({ ...f, type: FRAME_TYPES.data })),
        ),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (whole, share) => {
          const bytes = encodeFrame(whole.type, whole.payload);
          const kept = Math.floor(bytes.length * share);
          const seen = watch();
          expect(seen.reader.push(bytes.subarray(0, kept))).toBe(true);
          expect(seen.frames).toEqual([]);
          expect(seen.reader.atBoundary).toBe(kept === 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('of data are told in one piece, or as far as they have come to who cannot wait', () => {
    const bytes = encodeFrame(FRAME_TYPES.data, new Uint8Array(1000).fill(7));
    const seen = watch();
    seen.reader.push(bytes.subarray(0, 105));
    expect(seen.parts).toBe(0);
    seen.reader.flushData();
    seen.reader.flushData();
    expect(seen.frames[0]?.payload.length).toBe(100);
    expect(seen.reader.atBoundary).toBe(false);
    for (const [from, to] of [
      [105, 700],
      [700, 1005],
    ])
      seen.reader.push(bytes.subarray(from, to));
    seen.reader.flushData();
    expect(seen.parts).toBe(2);
    expect(seen.frames[0]?.payload).toEqual(Array(1000).fill(7));
  });

  test('may be as long as the limit and not a byte longer', () => {
    const seen = watch();
    expect(seen.reader.push(encodeFrame(99, new Uint8Array(MAX_FRAME_BYTES - 1)))).toBe(true);
    expect(seen.frames[0]?.payload.length).toBe(MAX_FRAME_BYTES - 1);
    expect(seen.reader.push(encodeFrame(99, new Uint8Array(MAX_FRAME_BYTES)))).toBe(false);
    expect(seen.frames).toHaveLength(1);
  });

  test.each([0, MAX_FRAME_BYTES + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])(
    'of length %i are refused on the four bytes of the length, with nothing told or kept',
    (length) => {
      const header = new Uint8Array(4);
      new DataView(header.buffer).setUint32(0, length);
      const seen = watch();
      const before = process.memoryUsage().arrayBuffers;
      expect(seen.reader.push(header.subarray(0, 3))).toBe(true);
      expect(seen.reader.push(header.subarray(3))).toBe(false);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MAX_FRAME_BYTES);
      expect(seen.reader.push(encodeFrame(FRAME_TYPES.ping, new Uint8Array(0)))).toBe(false);
      expect(seen.frames).toEqual([]);
    },
  );

  test('without a payload are told at once, but data without any is refused', () => {
    const seen = watch();
    expect(seen.reader.push(encodeFrame(FRAME_TYPES.ping, new Uint8Array(0)))).toBe(true);
    expect(seen.frames).toEqual([{ type: FRAME_TYPES.ping, payload: [] }]);
    expect(seen.reader.push(encodeFrame(FRAME_TYPES.data, new Uint8Array(0)))).toBe(false);
  });

  test('after the one at which the sink stopped are not told, though they came in the same chunk', () => {
    const seen = watch((reader) => {
      reader.stop();
    });
    const ping = encodeFrame(FRAME_TYPES.ping, new Uint8Array(0));
    expect(seen.reader.push(Buffer.concat([ping, ping]))).toBe(false);
    expect(seen.frames).toHaveLength(1);
  });

  test('arbitrary bytes never make the reader throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }), (chunks) => {
        const seen = watch();
        for (const chunk of chunks) seen.reader.push(chunk);
      }),
      { numRuns: 300 },
    );
  });

  test('have a header of five bytes: length of type and payload, then the type', () => {
    expect([...encodeFrame(7, Uint8Array.of(1, 2))]).toEqual([0, 0, 0, 3, 7, 1, 2]);
    expect(FRAME_HEADER_BYTES).toBe(5);
  });
});
