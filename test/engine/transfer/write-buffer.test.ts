import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WriteBuffer } from '../../../electron/engine/transfer/write-buffer.ts';

/** If these fail, bytes of a file are lost, doubled or out of order on their way to the disk. */

const KIB = 1024;
const step = fc.oneof(
  fc.record({ add: fc.integer({ min: 0, max: 300 * KIB }) }),
  fc.record({ add: fc.constant(16 * KIB) }),
  fc.constant('flush' as const),
);

/** Byte `n` of the stream: no two places near each other look alike. */
function stretch(from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, n) => ((from + n) * 31) >>> 3);
}

test('what is put is what was added, in order, and little is ever held', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
      let addedBytes = 0;
      let putBytes = 0;
      const buffer = new WriteBuffer((bytes) => {
        expect(Buffer.compare(bytes, stretch(putBytes, bytes.length))).toBe(0);
        putBytes += bytes.length;
      });
      for (const one of steps) {
        if (one === 'flush') buffer.flush();
        else buffer.add(stretch(addedBytes, one.add));
        if (one !== 'flush') addedBytes += one.add;
        expect(putBytes + buffer.heldBytes).toBe(addedBytes);
        expect(buffer.heldBytes).toBeLessThan(256 * KIB);
        if (one === 'flush') expect(buffer.heldBytes).toBe(0);
      }
    }),
    { numRuns: 30 },
  );
});

test('records are gathered: the disk is asked once for many', () => {
  let puts = 0;
  const buffer = new WriteBuffer(() => puts++);
  for (let n = 0; n < 64; n++) buffer.add(new Uint8Array(16 * KIB));
  expect(puts).toBe(4);
});

test('what cannot be put is not put again', () => {
  let puts = 0;
  const buffer = new WriteBuffer(() => {
    puts++;
    throw new Error('full');
  });
  buffer.add(new Uint8Array(10));
  expect(() => buffer.flush()).toThrow('full');
  buffer.flush();
  expect(puts).toBe(1);
});
