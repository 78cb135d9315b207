import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blockCount } from '../../../shared/protocol/hash-tree.ts';
import {
  BLOCK_BYTES,
  DEAD_AFTER_MS,
  MAX_LANES,
  SEND_WINDOW_BYTES,
  SPREAD_FILE_BYTES,
} from '../../../shared/protocol/limits.ts';
import { LaneWorld, PartInMemory } from '../../support/lane-world.ts';
import { bytesOf } from '../../support/memory-tree.ts';

/** If these fail, a lane that dies or does nothing loses a file, or keeps it waiting, or costs much again. */

const BYTES = SPREAD_FILE_BYTES + 2 * BLOCK_BYTES + 700_007;
const CONTENT = bytesOf(BYTES, 5);

function expectWhole(world: LaneWorld, part: PartInMemory): void {
  expect(world.faults).toEqual([]);
  expect(Buffer.compare(part.content, CONTENT)).toBe(0);
  expect(part.hashes.file(blockCount(BYTES))).toEqual(world.hashes.file(blockCount(BYTES)));
  expect(part.hashes.file(blockCount(BYTES))).not.toBeNull();
}

/** One lane, which carries a block or more that has not been delivered. */
async function oneLane(bytes = BYTES) {
  const part = new PartInMemory(bytes);
  const content = bytes === BYTES ? CONTENT : new Uint8Array(bytes);
  const world = new LaneWorld(content, part);
  const sent = world.send();
  world.openFile();
  await nextTurn();
  world.lanes[0]?.[1].deliver(Infinity);
  for (let n = 0; n < 5; n++) {
    world.news();
    await nextTurn();
  }
  const near = world.lanes[0]?.[0] ?? expect.unreachable();
  return { world, part, sent, near };
}

describe('a lane that its sender has given up', () => {
  async function othersBringAll() {
    const { world, part, sent, near } = await oneLane();
    expect(near.pendingBytes).toBeGreaterThan(BLOCK_BYTES);
    near.giveUp();
    const state = { isOver: false };
    void sent.then(() => (state.isOver = true));
    for (let n = 0; n < 3_000 && !state.isOver; n++) {
      for (const ends of world.lanes.slice(1)) for (const end of ends) end.deliver(Infinity);
      world.deliverSession();
      world.clock.turn(100);
      await nextTurn();
    }
    while (world.deliverSession());
    expectWhole(world, part);
    return { world, part, near };
  }

  test.each([200_000, Infinity])('changes nothing by what it still brings (%d)', async (bytes) => {
    const { world, part, near } = await othersBringAll();
    near.deliver(bytes);
    world.lanes[0]?.[1].lose();
    expectWhole(world, part);
    expect(world.receivedBytes).toBe(BYTES);
    world.stop();
  });

  test('is lost, and not the session, where the file has ended', async () => {
    const { world, near } = await othersBringAll();
    world.endFile();
    near.deliver(Infinity);
    expect(world.faults).toEqual([]);
    expect(world.lanes[0]?.[1].isClosed).toBe(true);
    expect(world.receiver.size).toBe(
      world.lanes.slice(1).filter(([, far]) => !far.isClosed).length,
    );
    world.stop();
  });
});

describe('blocks', () => {
  const bringer = (isSession = false) => {
    const one = { isSession, isOvertaken: false, onOvertaken: () => void (one.isOvertaken = true) };
    return one;
  };
  const older = new Uint8Array(10).fill(1);
  const newer = new Uint8Array(BLOCK_BYTES).fill(2);
  let part: PartInMemory;
  let world: LaneWorld;
  beforeEach(() => {
    part = new PartInMemory(BYTES);
    world = new LaneWorld(CONTENT, part);
    world.openFile();
  });
  afterEach(() => world.stop());

  const expectNewer = (): void => {
    expect(Buffer.compare(part.content.subarray(0, BLOCK_BYTES), newer)).toBe(0);
    expect(world.receivedBytes).toBe(BLOCK_BYTES);
    expect(part.hashes.has(0)).toBe(true);
  };

  test('that another begins are not written on, and whole ones not again', () => {
    const [old, fresh] = [bringer(), bringer()];
    world.blocks.begin(old, 0, BLOCK_BYTES);
    world.blocks.write(old, older);
    world.blocks.begin(fresh, 0, BLOCK_BYTES);
    expect(old.isOvertaken).toBe(true);
    world.blocks.write(fresh, newer);
    world.blocks.write(old, older);
    expectNewer();
    world.blocks.begin(old, 0, BLOCK_BYTES);
    world.blocks.write(old, older);
    expectNewer();
  });

  test('that the session has begun no lane takes from it', () => {
    const [session, lane] = [bringer(true), bringer()];
    world.blocks.begin(session, 0, BLOCK_BYTES);
    world.blocks.begin(lane, 0, BLOCK_BYTES);
    expect([session.isOvertaken, lane.isOvertaken]).toEqual([false, true]);
    world.blocks.write(lane, older);
    world.blocks.write(session, newer);
    expectNewer();
  });

  test.each(['half of one', 'a whole one'])('cannot come without end: %s', (what) => {
    const lane = bringer();
    const bringAll = (): void => {
      for (let n = 0; n < 600; n++) {
        world.blocks.begin(lane, 0, BLOCK_BYTES);
        world.blocks.write(lane, what === 'half of one' ? older : newer);
      }
    };
    expect(bringAll).toThrow('PROTOCOL_VIOLATION');
  });
});

describe('lanes that bring nothing', () => {
  test('are lost, and all goes by the session', async () => {
    const { world, part, sent, near } = await oneLane();
    world.limitedBy = null;
    const state = { isOver: false };
    void sent.then(() => (state.isOver = true));
    for (let n = 0; n < 400 && !state.isOver; n++) {
      world.deliverSession();
      world.clock.turn(100);
      await nextTurn();
    }
    while (world.deliverSession());
    expectWhole(world, part);
    expect(near.isClosed).toBe(true);
    expect(world.lanes).toHaveLength(1);
    world.stop();
  });

  test('are waited for where the session has not brought yet what was sent before', async () => {
    const { world, part, sent, near } = await oneLane();
    world.limitedBy = null;
    world.smallFileBytes = 1;
    const turn = async (ms: number): Promise<void> => {
      for (let at = 0; at < ms; at += 500) {
        world.clock.turn(500);
        await nextTurn();
      }
    };
    await turn(10 * DEAD_AFTER_MS);
    expect(near.isClosed).toBe(false);
    world.smallFileBytes = 0;
    while (world.deliverSession());
    await turn(2 * DEAD_AFTER_MS);
    expect(near.isClosed).toBe(true);
    await world.finish(sent);
    expectWhole(world, part);
    world.stop();
  });

  test('are not offered while the offer would come too late, behind what went before', async () => {
    const part = new PartInMemory(BYTES);
    const world = new LaneWorld(CONTENT, part);
    world.smallFileBytes = SEND_WINDOW_BYTES;
    const sent = world.send();
    for (let n = 0; n < 40; n++) {
      world.clock.turn(500);
      await nextTurn();
    }
    expect(world.lanes).toHaveLength(0);
    world.smallFileBytes = 0;
    await world.finish(sent);
    expectWhole(world, part);
    expect(world.lanes.length).toBeGreaterThan(0);
    expect(world.sessionBytes).toBeLessThan(BYTES / 2);
    world.stop();
  });

  test('are not opened when it is over', async () => {
    const world = new LaneWorld(CONTENT, new PartInMemory(BYTES));
    world.stop();
    void world.send();
    await nextTurn();
    expect(world.hasPort).toBe(false);
  });
});

test('what holds a receiver up is as lanes heard it while a file goes by them, and never later', async () => {
  const { world, sent } = await oneLane();
  world.lanes[0]?.[1].send({ type: 'ack', bytes: 0, holdUp: 'computer' });
  world.lanes[0]?.[1].deliver(Infinity);
  expect(world.sender.holdUpOr('disk')).toBe('computer');
  await world.finish(sent);
  expect(world.sender.size).toBeGreaterThan(0);
  expect(world.sender.holdUpOr('disk')).toBe('disk');
  expect(world.sender.holdUpOr(null)).toBeNull();
  world.stop();
});

/** What is sent and is in no block that the receiver has whole. */
function againBytes(world: LaneWorld, part: PartInMemory, bytes: number): number {
  const whole = Array.from({ length: blockCount(bytes) }, (_, block) => part.hashes.has(block));
  return world.sentBytes - whole.filter(Boolean).length * BLOCK_BYTES;
}

test('lanes that go one after the other, as those of a receiver that dies, take no blocks with them', async () => {
  const bytes = 96 * BLOCK_BYTES;
  const { world, part, sent } = await oneLane(bytes);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await nextTurn();
  };
  for (let n = 0; n < 200 && world.lanes.length < MAX_LANES; n++) {
    for (const [near, far] of world.lanes) {
      near.deliver(60_000);
      far.deliver(Infinity);
    }
    world.deliverSession();
    world.clock.turn(100);
    await settle();
  }
  expect(world.lanes).toHaveLength(MAX_LANES);
  for (let n = 0; n < 10; n++) {
    for (const [near, far] of world.lanes) {
      near.deliver(300_000);
      far.deliver(Infinity);
    }
    world.clock.turn(100);
    await settle();
  }
  for (const [near] of world.lanes) {
    near.lose();
    await settle();
  }
  expect(againBytes(world, part, bytes)).toBeGreaterThan(BLOCK_BYTES);
  expect(againBytes(world, part, bytes)).toBeLessThanOrEqual(SEND_WINDOW_BYTES + BLOCK_BYTES);
  await world.finish(sent);
  expect(part.hashes.file(blockCount(bytes))).not.toBeNull();
  world.stop();
  expect(world.clock.pending).toBe(0);
});

test('a receiver that dies gets no more again than without lanes, however many there are', async () => {
  const bytes = 96 * BLOCK_BYTES;
  const { world, part, sent } = await oneLane(bytes);
  const state = { isOver: false };
  void sent.then(() => (state.isOver = true));
  let mostAgain = 0;
  let mostLanes = 0;
  for (let n = 0; n < 3_000 && !state.isOver; n++) {
    // starved at first; then the network gets better, and each lane brings something else
    for (const [at, [near, far]] of world.lanes.entries()) {
      near.deliver(world.lanes.length < MAX_LANES ? 60_000 : (at + 1) * 150_000);
      far.deliver(Infinity);
    }
    world.deliverSession();
    world.clock.turn(100);
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    mostAgain = Math.max(mostAgain, againBytes(world, part, bytes));
    mostLanes = Math.max(mostLanes, world.lanes.filter(([near]) => !near.isClosed).length);
  }
  expect(state.isOver).toBe(true);
  expect(mostLanes).toBe(MAX_LANES);
  expect(mostAgain).toBeLessThanOrEqual(SEND_WINDOW_BYTES + BLOCK_BYTES);
  world.stop();
});
