import fc from 'fast-check';
import { FRAME_TYPES, FrameReader, encodeFrame } from '../../shared/protocol/frame.ts';
import { MAX_FRAME_BYTES } from '../../shared/protocol/limits.ts';
import { fuzz } from '../support/fuzz.ts';

/**
 * Any split of the bytes gives the same frames; any truncation gives none more; a length that is not
 * allowed is an error before anything is kept for it.
 */

const TYPES = Object.values(FRAME_TYPES).filter((type) => type !== FRAME_TYPES.data);
const WRONG_LENGTHS = [0, MAX_FRAME_BYTES + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const LENGTH_BYTES = 4;

const frame = fc.record({
  type: fc.constantFrom(...TYPES),
  payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => [...bytes]),
});

function read(chunks: readonly Uint8Array[]): {
  frames: string[];
  isGood: boolean;
  atEnd: boolean;
} {
  const frames: string[] = [];
  const reader = new FrameReader({
    onFrame: (type, payload) => frames.push(`${type} ${Buffer.from(payload).toString('hex')}`),
    onData: () => undefined,
  });
  const isGood = chunks.every((chunk) => reader.push(chunk));
  return { frames, isGood, atEnd: reader.atBoundary };
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

fuzz(
  'frame-codec',
  fc.property(
    fc.array(frame, { maxLength: 8 }),
    fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40 }),
    fc.nat(),
    fc.constantFrom(...WRONG_LENGTHS),
    (made, sizes, cut, length) => {
      const bytes = Buffer.concat(
        made.map(({ type, payload }) => encodeFrame(type, Uint8Array.from(payload))),
      );
      const wanted = made.map(
        ({ type, payload }) => `${type} ${Buffer.from(payload).toString('hex')}`,
      );
      const chunks: Uint8Array[] = [];
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = sizes[n % sizes.length] ?? 1;
        chunks.push(Uint8Array.from(bytes.subarray(at, at + size)));
        at += size;
      }
      const whole = read(chunks);
      must(whole.isGood && whole.atEnd, 'what was encoded is not read');
      must(whole.frames.join() === wanted.join(), 'other frames come out');

      const short = bytes.subarray(0, bytes.length === 0 ? 0 : cut % bytes.length);
      const part = read([short]);
      must(part.isGood, 'what is cut off is called wrong');
      must(wanted.join().startsWith(part.frames.join()), 'a part is read as a frame');
      must(part.frames.length < wanted.length || wanted.length === 0, 'nothing is missing');

      const head = Buffer.alloc(LENGTH_BYTES + 1, FRAME_TYPES.hello);
      head.writeUInt32BE(length);
      const before = process.memoryUsage().arrayBuffers;
      const wrong = read([bytes, head]);
      must(!wrong.isGood, `a length of ${length} is taken`);
      must(wrong.frames.join() === wanted.join(), 'frames before it are lost');
      must(process.memoryUsage().arrayBuffers - before < MAX_FRAME_BYTES, 'it is kept for');
    },
  ),
);
