import { expect, test } from 'vitest';
import { FrameWriter } from '../../../electron/engine/transfer/frame-writer.ts';
import { FRAME_TYPES, FrameReader } from '../../../shared/protocol/frame.ts';
import { DATA_FRAME_BYTES } from '../../../shared/protocol/limits.ts';

/** What goes out, as the other side reads it. */
function wire() {
  const dataBytes: number[] = [];
  const types: number[] = [];
  const reader = new FrameReader({
    onFrame: (type) => types.push(type),
    // a write holds whole frames
    onData: (part) => dataBytes.push(part.length),
  });
  const write = (bytes: Uint8Array, taken: () => void): void => {
    reader.push(bytes);
    taken();
  };
  const writer = new FrameWriter({ pendingBytes: 0, write });
  return { writer, dataBytes, types };
}

test('a data frame is never larger than the limit, however much is wanted and wherever it begins', () => {
  for (const messages of [0, 1, 40]) {
    const { writer, dataBytes, types } = wire();
    for (let n = 0; n < messages; n++) writer.message({ type: 'ping' });
    for (let n = 0; n < 5; n++) {
      const room = writer.reserveData(10 * DATA_FRAME_BYTES);
      expect(room.length).toBeLessThanOrEqual(DATA_FRAME_BYTES);
      writer.commitData(room.length);
    }
    writer.flush();
    expect(types.filter((type) => type === FRAME_TYPES.ping)).toHaveLength(messages);
    expect(Math.max(...dataBytes)).toBe(DATA_FRAME_BYTES);
  }
});
