import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DroplineError } from '../../../shared/errors.ts';
import { encodeLane } from '../../../shared/protocol/lane-messages.ts';
import { FRAME_TYPES, encodeFrame } from '../../../shared/protocol/frame.ts';
import { BLOCK_BYTES, SPREAD_FILE_BYTES } from '../../../shared/protocol/limits.ts';
import { LaneWorld, PartInMemory } from '../../support/lane-world.ts';
import { bytesOf } from '../../support/memory-tree.ts';

/** If these fail, a peer that breaks the rules of lanes is believed, or keeps us busy for ever. */

/** The last block is short, and comes in several frames. */
const REST_BYTES = 700_007;
const BYTES = SPREAD_FILE_BYTES + 2 * BLOCK_BYTES + REST_BYTES;
const CONTENT = bytesOf(BYTES, 5);

describe('a lane that lies', () => {
  const join = async (): Promise<LaneWorld> => {
    const world = new LaneWorld(CONTENT, new PartInMemory(BYTES));
    world.standsStill = true; // the honest sender says nothing
    void world.send();
    world.openFile();
    await nextTurn();
    for (const ends of world.lanes) for (const end of ends) end.deliver(Infinity);
    expect(world.lanes).toHaveLength(1);
    return world;
  };
  const file = (offset: number, bytes: number, index = 0) =>
    encodeLane({ type: 'file', index, offset, bytes });
  const data = (bytes: number) => encodeFrame(FRAME_TYPES.data, new Uint8Array(bytes));
  const lies: Record<string, readonly Uint8Array[]> = {
    'data outside a block': [data(1)],
    'more than a block': [file(0, BLOCK_BYTES), data(BLOCK_BYTES - 1), data(2)],
    'no whole block': [file(0, BLOCK_BYTES - 1)],
    'a block beyond the file': [file(20 * BLOCK_BYTES, BLOCK_BYTES)],
    'a file that is not offered': [file(0, BLOCK_BYTES, 1)],
    'an acknowledgement': [encodeLane({ type: 'ack', bytes: 0, holdUp: null })],
    'a second join': [encodeLane({ type: 'join', token: '0'.repeat(32) })],
    'what is no frame': [new Uint8Array(9).fill(255)],
    'a message of sessions': [encodeFrame(FRAME_TYPES.verify, new Uint8Array(0))],
  };

  test.each(Object.entries(lies))('by %s ends the session', async (_name, frames) => {
    const world = await join();
    for (const frame of frames) world.lanes[0]?.[0].write(frame);
    world.lanes[0]?.[0].deliver(Infinity);
    expect(world.faults).toEqual(['violation']);
    expect(world.lanes[0]?.[1].isClosed).toBe(true);
    world.stop();
  });

  test('by the same block without end ends the session', async () => {
    const world = await join();
    const end = world.lanes[0]?.[0];
    for (let n = 0; n < 600 && world.faults.length === 0; n++) {
      for (const frame of [file(SPREAD_FILE_BYTES + 2 * BLOCK_BYTES, REST_BYTES), data(REST_BYTES)])
        end?.write(frame);
      end?.deliver(Infinity);
    }
    expect(world.faults).toEqual([new DroplineError('PROTOCOL_VIOLATION')]);
    world.stop();
  });

  test('by acknowledging what was not sent ends the session', async () => {
    const world = await join();
    world.lanes[0]?.[1].send({ type: 'ack', bytes: 1, holdUp: null });
    world.lanes[0]?.[1].deliver(Infinity);
    expect(world.faults).toEqual(['sender: violation']);
    world.stop();
  });
});
