import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DroplineError } from '../../../shared/errors.ts';
import { blockCount } from '../../../shared/protocol/hash-tree.ts';
import {
  BLOCK_BYTES,
  MAX_LANE_OFFERS,
  MAX_LANES,
  SPREAD_FILE_BYTES,
} from '../../../shared/protocol/limits.ts';
import { LaneWorld, PartInMemory } from '../../support/lane-world.ts';
import { bytesOf } from '../../support/memory-tree.ts';

/** The last block is short, and comes in several frames. */
const REST_BYTES = 700_007;
const BYTES = SPREAD_FILE_BYTES + 2 * BLOCK_BYTES + REST_BYTES;
const CONTENT = bytesOf(BYTES, 5);
const BLOCKS = blockCount(BYTES);

type Act =
  | { readonly kind: 'deliver' | 'answer'; readonly lane: number; readonly bytes: number }
  | { readonly kind: 'cut' | 'giveUp'; readonly lane: number }
  | { readonly kind: 'session' | 'open' | 'wait' | 'still' };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('deliver' as const, 'answer' as const),
      lane: fc.nat(12),
      bytes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.nat(3 * BLOCK_BYTES)),
    }),
    weight: 12,
  },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('cut' as const, 'giveUp' as const),
      lane: fc.nat(12),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('session' as const, 'open' as const, 'wait' as const, 'still' as const),
    }),
    weight: 4,
  },
);

async function perform(world: LaneWorld, acts: readonly Act[]): Promise<void> {
  let isOpen = false;
  for (const one of acts) {
    const lane =
      'lane' in one ? world.lanes[one.lane % Math.max(1, world.lanes.length)] : undefined;
    if (one.kind === 'deliver') lane?.[0].deliver(one.bytes);
    if (one.kind === 'answer') lane?.[1].deliver(one.bytes);
    if (one.kind === 'cut') for (const end of lane ?? []) end.lose();
    if (one.kind === 'giveUp') lane?.[0].giveUp();
    if (one.kind === 'wait') world.clock.turn(500);
    if (one.kind === 'still') world.standsStill = !world.standsStill;
    // what the session brings comes after its word that the file begins
    if (one.kind === 'open' || one.kind === 'session') {
      if (!isOpen) world.openFile();
      isOpen = true;
      if (one.kind === 'session') world.deliverSession();
    }
    world.news();
    await nextTurn();
  }
  world.standsStill = false;
  world.news(); // as whoever lets a transfer go on says it
}

function expectWhole(world: LaneWorld, part: PartInMemory): void {
  expect(world.faults).toEqual([]);
  expect(Buffer.compare(part.content, CONTENT)).toBe(0);
  expect(part.hashes.file(BLOCKS)).toEqual(world.hashes.file(BLOCKS));
  expect(part.hashes.file(BLOCKS)).not.toBeNull();
}

describe('a file by lanes', () => {
  test('is whole whatever comes when, and however lanes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 120 }), async (acts) => {
        const part = new PartInMemory(BYTES);
        const world = new LaneWorld(CONTENT, part);
        const sent = world.send();
        await perform(world, acts);
        await world.finish(sent);
        expectWhole(world, part);
        expect(world.receivedBytes).toBe(BYTES);
        expect(world.sender.unfinished).toBe(0);
        world.stop();
        expect(world.clock.pending).toBe(0);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  test('goes on in a later session with what is right on the disk, holes or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 80 }), async (acts) => {
        const part = new PartInMemory(BYTES);
        const first = new LaneWorld(CONTENT, part);
        void first.send();
        await perform(first, acts);
        first.stop();
        const keep = part.lookThrough(CONTENT);
        const second = new LaneWorld(CONTENT, part);
        second.hashes.update(CONTENT, true);
        await second.finish(second.send(keep));
        expectWhole(second, part);
        const missing = keep.flatMap((isKept, n) =>
          isKept ? [] : [Math.min(BLOCK_BYTES, BYTES - n * BLOCK_BYTES)],
        );
        const missingBytes = missing.reduce((sum, bytes) => sum + bytes, 0);
        expect(second.receivedBytes).toBe(missingBytes);
        expect(second.staleBytes).toBe(missingBytes); // it had claimed all, holes too
        second.stop();
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  test('goes by the session where no lane can be had', async () => {
    const part = new PartInMemory(BYTES);
    const world = new LaneWorld(CONTENT, part);
    world.isBlocked = true;
    await world.finish(world.send());
    expectWhole(world, part);
    expect(world.sessionBytes).toBe(BYTES);
    world.stop();
  });

  test('goes by the session where every lane is cut at once, and no more are offered in the end', async () => {
    const part = new PartInMemory(BYTES);
    const world = new LaneWorld(CONTENT, part);
    world.limitedBy = null;
    const sent = world.send();
    world.openFile();
    for (let n = 0; n < 2 * MAX_LANE_OFFERS; n++) {
      for (const ends of world.lanes) for (const end of ends) end.deliver(1_000);
      await nextTurn();
      for (const [near] of world.lanes) near.deliver(1_000);
      world.clock.turn(100);
      for (const [, far] of world.lanes) far.deliver(Infinity); // it has brought something
      for (const ends of world.lanes) for (const end of ends) end.lose();
      world.clock.turn(500);
      await nextTurn();
    }
    expect(world.lanes).toHaveLength(MAX_LANE_OFFERS);
    for (const ends of world.lanes) for (const end of ends) end.lose();
    await world.finish(sent);
    expectWhole(world, part);
    expect(world.lanes).toHaveLength(MAX_LANE_OFFERS);
    world.stop();
  });

  test('goes by as many lanes as the network calls for, and by one where it does not', async () => {
    for (const [limitedBy, lanes] of [
      ['network', MAX_LANES],
      [null, 1],
    ] as const) {
      const part = new PartInMemory(BYTES);
      const world = new LaneWorld(CONTENT, part);
      world.limitedBy = limitedBy;
      const sent = world.send();
      await perform(world, [
        { kind: 'open' },
        ...Array.from({ length: 4 }, () => [
          { kind: 'deliver', lane: 0, bytes: 1000 } as const,
          { kind: 'answer', lane: 0, bytes: 1000 } as const,
          { kind: 'wait' } as const,
        ]).flat(),
      ]);
      expect(world.lanes).toHaveLength(lanes);
      await world.finish(sent);
      expectWhole(world, part);
      world.stop();
    }
  });

  test('that cannot be read to its end leaves nothing on its way', async () => {
    const part = new PartInMemory(BYTES);
    const world = new LaneWorld(CONTENT, part);
    let reads = 0;
    const sent = world.send([], (target, offset) => {
      if (++reads > 30) throw new DroplineError('SOURCE_UNREADABLE');
      target.set(CONTENT.subarray(offset, offset + target.length));
      return target.length;
    });
    await expect(world.finish(sent)).rejects.toThrow('SOURCE_UNREADABLE');
    expect(world.sender.unfinished).toBe(0);
    expect(world.faults).toEqual([]);
    world.stop();
  });

  test('goes no faster by lanes than a person lets it', async () => {
    const part = new PartInMemory(BYTES);
    const world = new LaneWorld(CONTENT, part);
    const bytesPerSecond = 4 * BLOCK_BYTES;
    world.pacer.set(bytesPerSecond);
    const sent = world.send();
    world.openFile();
    for (let ms = 100; ms <= 3_000; ms += 100) {
      world.clock.turn(100);
      for (let n = 0; n < 20; n++) {
        for (const ends of world.lanes) for (const end of ends) end.deliver(Infinity);
        world.news();
        await nextTurn();
      }
      // blocks by the session, before there is a lane, are not paced by this test
      const byLanes = world.receivedBytes - world.sessionBytes;
      expect(byLanes).toBeLessThanOrEqual((bytesPerSecond * (ms + 100)) / 1_000);
    }
    expect(world.receivedBytes).toBeGreaterThan(2 * bytesPerSecond);
    world.pacer.set(null);
    await world.finish(sent);
    expectWhole(world, part);
    world.stop();
  });

  test('stands still on lanes too', async () => {
    const part = new PartInMemory(BYTES);
    const world = new LaneWorld(CONTENT, part);
    world.standsStill = true;
    const sent = world.send();
    world.openFile();
    const allOut = (): void => {
      for (const ends of world.lanes) for (const end of ends) end.deliver(Infinity);
    };
    for (let n = 0; n < 50; n++) {
      world.clock.turn(100);
      allOut();
      world.news();
      await nextTurn();
    }
    expect(world.lanes.length).toBeGreaterThan(0);
    expect(world.receivedBytes).toBe(0);
    world.standsStill = false;
    world.news();
    await world.finish(sent);
    expectWhole(world, part);
    world.stop();
  });
});
