import { expect, test } from 'vitest';
import { EffortMeter } from '../../../electron/engine/transfer/effort-meter.ts';
import { FrameWriter } from '../../../electron/engine/transfer/frame-writer.ts';
import { digestOf } from '../../../electron/engine/transfer/hash.ts';
import { SMALL_FILE_BYTES, sendSmallFile } from '../../../electron/engine/transfer/small-file.ts';
import type { FileAtHand } from '../../../electron/engine/transfer/source.ts';
import { FRAME_TYPES, encodeFrame } from '../../../shared/protocol/frame.ts';
import { encodeMessage } from '../../../shared/protocol/messages.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { bytesOf } from '../../support/memory-tree.ts';

/** If one of these fails, a small file arrives as another one, or as a mixture of two. */

const digest = digestOf('sha256');

function sending() {
  const written: Uint8Array[] = [];
  const write = (bytes: Uint8Array, taken: () => void): void => {
    written.push(Buffer.from(bytes));
    taken();
  };
  const writer = new FrameWriter({ pendingBytes: 0, write });
  const meter = new EffortMeter(new HandClock(), () => 0);
  return {
    send: (index: number, bytes: number, file: FileAtHand) =>
      sendSmallFile({ index, bytes, file }, writer, digest, meter),
    sent: () => {
      writer.flush();
      return Buffer.concat(written);
    },
  };
}

function holding(content: Uint8Array, checks: readonly bigint[] = [1n]): FileAtHand {
  let checked = 0;
  return {
    stamp: 1n,
    read: (target) => {
      target.set(content.subarray(0, target.length));
      return Math.min(content.length, target.length);
    },
    check: () => checks[checked++ % checks.length] ?? 1n,
    close: () => undefined,
  };
}

/** The frames that the protocol wants of it, one after the other. */
function framesOf(index: number, content: Uint8Array): Uint8Array {
  const bytes = content.length;
  const hash = digest(bytes > 0 ? digest(content) : content);
  const range = [
    encodeMessage({ type: 'file', index, offset: 0, bytes }),
    encodeFrame(FRAME_TYPES.data, content),
  ];
  return Buffer.concat([
    ...(bytes > 0 ? range : []),
    encodeMessage({ type: 'fileEnd', index, hash }),
  ]);
}

test('small files of any size follow one another as the protocol has them', () => {
  const { send, sent } = sending();
  const sizes = [0, 1, 4096, SMALL_FILE_BYTES, 0, 65_000, SMALL_FILE_BYTES, SMALL_FILE_BYTES, 3];
  const contents = sizes.map((bytes, index) => bytesOf(bytes, index + 1));
  contents.forEach((content, index) => {
    expect(send(index, content.length, holding(content))).not.toBeNull();
  });
  const expected = Buffer.concat(contents.map((content, index) => framesOf(index, content)));
  expect(sent().equals(expected)).toBe(true);
});

test('of a file to which something was done meanwhile nothing is sent', () => {
  const { send, sent } = sending();
  const content = bytesOf(100, 1);
  expect(send(0, 100, holding(content, [2n]))).toBeNull();
  expect(send(1, 100, holding(content))).not.toBeNull();
  expect(sent().equals(framesOf(1, content))).toBe(true);
});

test('of a file that has become shorter nothing is sent', () => {
  const { send, sent } = sending();
  expect(() => send(0, 100, holding(bytesOf(99, 1)))).toThrow('SOURCE_CHANGED');
  expect(sent()).toHaveLength(0);
});
