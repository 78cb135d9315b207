import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseHash } from '../../../shared/protocol/hash-tree.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';
import { NOT_PAUSED } from '../../../shared/protocol/pause.ts';
import { createReceiver, stepReceiver } from '../../../shared/protocol/receiver.ts';
import { createSender, stepSender } from '../../../shared/protocol/sender.ts';
import { commonVersion } from '../../../shared/protocol/session.ts';
import type { Greeting } from '../../../shared/protocol/session.ts';
import type { MemoryEntry } from '../../support/memory-tree.ts';
import { bytesOf, entriesOfTree, offerOf } from '../../support/memory-tree.ts';
import { chunking, tree } from '../../support/protocol-arbitraries.ts';
import type { WireResult } from '../../support/wire.ts';
import { runSession } from '../../support/wire.ts';

function expectDelivered(result: WireResult, sent: readonly MemoryEntry[]): void {
  expect(result.sender.outcome).toEqual({ kind: 'done' });
  expect(result.receiver.outcome).toEqual({ kind: 'done' });
  const files = sent.filter((entry) => entry.content !== null);
  expect([...result.receiver.files.keys()].sort()).toEqual(
    files.map(({ path }) => path.join('/')).sort(),
  );
  for (const { path, content } of files) {
    expect(
      Buffer.compare(result.receiver.files.get(path.join('/')) ?? EMPTY, content ?? EMPTY),
    ).toBe(0);
  }
  expect([...result.receiver.directories].sort()).toEqual(
    sent.flatMap(({ path, content }) => (content === null ? [path.join('/')] : [])).sort(),
  );
}

const EMPTY = new Uint8Array(0);
const SMALL: readonly MemoryEntry[] = [
  { path: ['a', 'x'], content: bytesOf(3000, 1) },
  { path: ['a', 'empty'], content: EMPTY },
  { path: ['a', 'b'], content: null },
  { path: ['y'], content: bytesOf(100, 2) },
];
const greeting = (hashes: readonly string[]): Greeting => ({
  name: 'n',
  platform: 'linux',
  hashes,
});

describe('a session', () => {
  test('delivers the same files, however the wire cuts the bytes', () => {
    fc.assert(
      fc.property(
        tree,
        chunking,
        fc.integer({ min: 1, max: 3000 }),
        (sent, chunk, dataFrameBytes) => {
          expectDelivered(runSession({ sender: { tree: sent, dataFrameBytes }, chunk }), sent);
        },
      ),
      { numRuns: 120 },
    );
  });

  test('delivers the same one byte at a time', () => {
    expectDelivered(runSession({ sender: { tree: SMALL }, chunk: () => 1 }), SMALL);
  });

  test('delivers files of several blocks and more than the window', () => {
    const large = [
      { path: ['large'], content: bytesOf(9 * 1024 * 1024 + 1, 3) },
      { path: ['exactly two blocks'], content: bytesOf(2 * 1024 * 1024, 4) },
    ];
    const result = runSession({
      sender: { tree: large, dataFrameBytes: 256 * 1024 },
      chunk: () => 300_000,
    });
    expectDelivered(result, large);
    expect(result.sender.done).toMatchObject({ files: 2, bytes: 11 * 1024 * 1024 + 1 });
  });

  test('says by name which files did not come, and delivers the others', () => {
    fc.assert(
      fc.property(tree, fc.nat(), chunking, (sent, n, chunk) => {
        const files = sent.flatMap((entry, at) => (entry.content === null ? [] : [at]));
        fc.pre(files.length > 0);
        const bad = files[n % files.length] ?? 0;
        const result = runSession({ sender: { tree: sent, unreadable: new Set([bad]) }, chunk });
        expectDelivered(
          result,
          sent.filter((_, at) => at !== bad),
        );
        expect(result.sender.done).toMatchObject({
          files: files.length - 1,
          failedCount: 1,
          failed: [{ index: bad, code: 'SOURCE_UNREADABLE' }],
        });
      }),
      { numRuns: 100 },
    );
  });

  test('that is declined sends no content and ends on both sides with the reason', () => {
    const result = runSession({ sender: { tree: SMALL }, receiver: { judge: () => 'DECLINED' } });
    expect(result.sender.outcome).toEqual({ kind: 'declined', code: 'DECLINED' });
    expect(result.receiver.outcome).toEqual({ kind: 'declined', code: 'DECLINED' });
    expect(result.sender.sentBytes.size).toBe(0);
    expect(result.receiver.writes).toEqual([]);
  });

  test('that is cut anywhere ends on both sides and leaves no file', () => {
    const whole = runSession({ sender: { tree: SMALL } }).wireBytes;
    fc.assert(
      fc.property(fc.nat(whole - 1), chunking, (cutAfterBytes, chunk) => {
        const { sender, receiver } = runSession({ sender: { tree: SMALL }, chunk, cutAfterBytes });
        expect(sender.outcome?.kind).not.toBeNull();
        if (receiver.outcome?.kind === 'done') expect(receiver.files.size).toBe(3);
        else expect(receiver.files.size).toBe(0);
        if (sender.outcome?.kind === 'done') expect(receiver.outcome?.kind).toBe('done');
      }),
      { numRuns: 120 },
    );
  });

  test('that one side cancels at any step ends on both sides', () => {
    const side = fc.constantFrom('sender' as const, 'receiver' as const);
    fc.assert(
      fc.property(side, fc.nat(60), chunking, (by, step, chunk) => {
        const result = runSession({
          sender: { tree: SMALL },
          chunk,
          says: [{ side: by, step, kind: 'cancel' }],
        });
        const other = by === 'sender' ? 'receiver' : 'sender';
        const ours = result[by].outcome;
        expect(result.stalled).toBe(false);
        if (ours?.kind === 'done') expectDelivered(result, SMALL);
        else {
          expect(ours).toEqual({ kind: 'cancelled', by: 'us' });
          // before the greeting there is nothing to say but the end of the wire
          const theirs = result[other].outcome;
          if (theirs?.kind === 'failed') expect(theirs.failure.code).toBe('PEER_GONE');
          else if (theirs?.kind !== 'done')
            expect(theirs).toEqual({ kind: 'cancelled', by: 'peer' });
        }
      }),
      { numRuns: 120 },
    );
  });

  const side = fc.constantFrom('sender' as const, 'receiver' as const);
  const said = fc.record({
    side,
    step: fc.nat(40),
    kind: fc.constantFrom('pause' as const, 'resume' as const),
  });

  test('that stands and goes on any number of times delivers the same files', () => {
    const goesOn = (['sender', 'receiver'] as const).map(
      (side) => ({ side, step: 60, kind: 'resume' }) as const,
    );
    fc.assert(
      fc.property(tree, chunking, fc.array(said, { maxLength: 12 }), (sent, chunk, says) => {
        const sender = { tree: sent, dataFrameBytes: 1000 };
        const result = runSession({ sender, chunk, says: [...says, ...goesOn] });
        expectDelivered(result, sent);
        for (const end of [result.sender, result.receiver]) {
          expect(end.pauses.at(-1) ?? NOT_PAUSED).toMatchObject(NOT_PAUSED);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('that either side has stopped carries nothing more until that side lets it go on', () => {
    const large = [{ path: ['large'], content: bytesOf(14 * 1024 * 1024, 3) }];
    const wire = {
      sender: { tree: large, dataFrameBytes: 256 * 1024 },
      chunk: () => 300_000,
    };
    const writtenBytes = ({ receiver }: WireResult): number =>
      receiver.writes.reduce((sum, { bytes }) => sum + bytes, 0);
    fc.assert(
      fc.property(side, fc.integer({ min: 4, max: 10 }), (by, step) => {
        const other = by === 'sender' ? 'receiver' : 'sender';
        const stops = [
          { side: by, step, kind: 'pause' },
          // what the other side says takes nothing back
          { side: other, step: step + 3, kind: 'pause' },
          { side: other, step: step + 6, kind: 'resume' },
        ] as const;
        const stands = runSession({ ...wire, says: stops });
        expect(stands.stalled).toBe(true);
        expect(writtenBytes(stands)).toBeLessThan(14 * 1024 * 1024);
        expect(stands[by].pauses.at(-1)).toMatchObject({ byUs: true, byPeer: false });
        expect(stands[other].pauses.at(-1)).toMatchObject({ byUs: false, byPeer: true });
        const says = [...stops, { side: by, step: 80, kind: 'resume' } as const];
        expectDelivered(runSession({ ...wire, says }), large);
      }),
      { numRuns: 8 },
    );
  });

  test('that stands can be cancelled from both sides', () => {
    fc.assert(
      fc.property(side, side, fc.nat(30), (by, ends, step) => {
        const result = runSession({
          sender: { tree: SMALL, dataFrameBytes: 100 },
          chunk: () => 100,
          says: [
            { side: by, step, kind: 'pause' },
            { side: ends, step: 60, kind: 'cancel' },
          ],
        });
        expect(result.stalled).toBe(false);
        const ours = result[ends].outcome;
        if (ours?.kind === 'done') expectDelivered(result, SMALL);
        else {
          expect(ours).toEqual({ kind: 'cancelled', by: 'us' });
          const theirs = result[ends === 'sender' ? 'receiver' : 'sender'].outcome;
          expect(theirs).toEqual({ kind: 'cancelled', by: 'peer' });
        }
      }),
      { numRuns: 80 },
    );
  });

  test('has not one byte from the dialling side before the other has greeted it', () => {
    const entries = entriesOfTree(SMALL);
    const start = createSender(greeting(['sha256']), offerOf(entries), entries);
    for (const input of [
      { kind: 'cancel' },
      { kind: 'fault', code: 'INTERRUPTED' },
      { kind: 'closed', code: 'PEER_GONE' },
      { kind: 'pause' },
      { kind: 'resume' },
      { kind: 'dataSent', bytes: 1 },
      { kind: 'entriesSent' },
      { kind: 'allSent', hash: '0'.repeat(64), failedFiles: 0 },
    ] as const) {
      expect(stepSender(start, input).effects.filter((e) => e.kind === 'send')).toEqual([]);
    }
  });
});

describe('negotiation', () => {
  test('takes the best hash of the sender that the receiver has too, the same on both sides', () => {
    const lists = fc.subarray(['blake3', 'sha256', 'md5', 'crc32'], { minLength: 0 });
    fc.assert(
      fc.property(lists, lists, (ours, theirs) => {
        const known = ours.filter((h) => h === 'blake3' || h === 'sha256');
        expect(chooseHash(known, theirs)).toBe(known.find((h) => theirs.includes(h)) ?? null);
      }),
      { numRuns: 100 },
    );
    expect(chooseHash(['blake3', 'sha256'], ['sha256', 'blake3'])).toBe('blake3');
  });

  test('ends with VERSION_UNSUPPORTED where there is no common hash', () => {
    const result = runSession({
      sender: { tree: SMALL, greeting: greeting(['blake3']) },
      receiver: { greeting: greeting(['sha256']) },
    });
    for (const end of [result.sender, result.receiver]) {
      expect(end.outcome).toMatchObject({ failure: { code: 'VERSION_UNSUPPORTED' } });
    }
  });

  test('ends with VERSION_UNSUPPORTED where there is no common version, and says so to the peer', () => {
    const message: MessageOf<'hello'> = {
      type: 'hello',
      versions: [999],
      name: 'x',
      platform: 'linux',
      hashes: ['sha256'],
    };
    const input = { kind: 'message', message } as const;
    const entries = entriesOfTree(SMALL);
    const steps = [
      stepSender(createSender(greeting(['sha256']), offerOf(entries), entries), input),
      stepReceiver(createReceiver(greeting(['sha256'])).state, input),
    ];
    for (const { effects } of steps) {
      expect(effects).toEqual([
        { kind: 'send', message: { type: 'error', code: 'VERSION_UNSUPPORTED' } },
        {
          kind: 'end',
          outcome: { kind: 'failed', failure: { code: 'VERSION_UNSUPPORTED', details: {} } },
        },
      ]);
    }
  });

  test('takes the highest version of both, whatever their order', () => {
    expect(commonVersion([999, 1])).toBe(1);
    expect(commonVersion([0, 2, 999])).toBeNull();
    expect(commonVersion([])).toBeNull();
  });
});
