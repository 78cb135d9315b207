import { expect, test } from 'vitest';
import { BlockHashes } from '../../../electron/engine/transfer/hash.ts';
import type { PartFiles } from '../../../electron/engine/transfer/part-files.ts';
import { SpreadBlocks } from '../../../electron/engine/transfer/spread-blocks.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';

/** The blocks of one file, which come by the session and by lanes. */

test('a file of many blocks fails alone where one of them is refused, whoever brings it', () => {
  const refused: number[] = [];
  const written: number[] = [];
  const parts = {
    hashesOf: () => new BlockHashes('sha256'),
    writeAt: (_index: number, bytes: Uint8Array, position: number) => {
      if (position >= BLOCK_BYTES) throw Object.assign(new Error('EFBIG'), { code: 'EFBIG' });
      written.push(bytes.length);
    },
  };
  const nothing = (): void => undefined;
  const isRefused = (index: number): boolean => refused.push(index) > 0;
  const counts = { onBytes: nothing, onStale: nothing, isRefused };
  const blocks = new SpreadBlocks(parts as unknown as PartFiles, 'sha256', counts);
  const [session, lane] = [true, false].map((isSession) => ({ isSession, onOvertaken: nothing }));
  const part = new Uint8Array(10);
  blocks.open(7);
  blocks.begin(session!, 0, BLOCK_BYTES);
  blocks.begin(lane!, BLOCK_BYTES, BLOCK_BYTES);
  blocks.write(session!, part);
  blocks.write(lane!, part);
  blocks.write(lane!, part);
  blocks.write(session!, part);
  blocks.begin(lane!, 2 * BLOCK_BYTES, BLOCK_BYTES);
  blocks.write(lane!, part);
  expect([refused, written, blocks.isOpen]).toEqual([[7], [10], false]);
});
