import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../../../shared/protocol/frame.ts';
import { bytesOf } from '../../support/memory-tree.ts';
import { chunking, tree } from '../../support/protocol-arbitraries.ts';
import { SMALL, expectSafe, sessionsHold } from '../../support/sessions-hold.ts';
import type { Fault } from '../../support/wire-faults.ts';
import { mutation, tamperWith } from '../../support/wire-faults.ts';
import { runSession } from '../../support/wire.ts';

describe('a session whose frames were tampered with', () => {
  test('ends on both sides, with whole files or none, wherever one frame was changed', () => {
    fc.assert(
      fc.property(tree, mutation, chunking, (sent, one, chunk) => {
        const sender = { tree: sent, dataFrameBytes: 1000 };
        const result = runSession({ sender, chunk, tamper: tamperWith([one]) });
        expectSafe(result, sent);
        // only what the receiver says can make a sender report a delivery
        if (one.from === 'sender' && result.sender.outcome?.kind === 'done') {
          expect(result.receiver.outcome?.kind).toBe('done');
        }
      }),
      { numRuns: 200 },
    );
  });

  test('ends on both sides, with whole files or none, wherever several frames were changed', () => {
    fc.assert(sessionsHold, { numRuns: 200 });
  });

  test('ends on both sides, with whole files or none, where files are claimed, skipped and held up', () => {
    const stale = { index: 0, hash: new Uint8Array(32) };
    const receiver = {
      published: [{ type: 'published' as const, files: [stale] }],
      skip: [{ index: 3, code: 'FILE_TOO_BIG' as const }],
    };
    const says = [
      { side: 'receiver', step: 5, kind: 'pause' },
      { side: 'sender', step: 6, kind: 'pause' },
      { side: 'receiver', step: 20, kind: 'resume' },
      { side: 'sender', step: 21, kind: 'resume' },
    ] as const;
    const few = mutation.map((one) => ({ ...one, nth: one.nth % 14 }));
    fc.assert(
      fc.property(fc.array(few, { maxLength: 3 }), (several) => {
        const sender = { tree: SMALL, dataFrameBytes: 200 };
        const tamper = tamperWith(several);
        const result = runSession({ sender, receiver, says, chunk: () => 300, tamper });
        expectSafe(result, SMALL);
        if (several.length === 0) expect(result.receiver.outcome).toEqual({ kind: 'done' });
      }),
      { numRuns: 200 },
    );
  });

  test('ends on both sides where frames of another session were spliced in', () => {
    const other: Uint8Array[] = [];
    runSession({
      sender: { tree: [{ path: ['a', 'x'], content: bytesOf(3000, 9) }] },
      tamper: (frame) => {
        other.push(frame.slice());
        return [frame];
      },
    });
    fc.assert(
      fc.property(fc.nat(20), fc.nat(), fc.boolean(), (at, nth, instead) => {
        let count = 0;
        const spliced = other[nth % other.length] ?? new Uint8Array(0);
        const result = runSession({
          sender: { tree: SMALL },
          tamper: (frame) => (count++ !== at ? [frame] : instead ? [spliced] : [spliced, frame]),
        });
        expectSafe(result, SMALL);
      }),
      { numRuns: 200 },
    );
  });

  test('of several blocks never mixes content, whichever frame was changed', () => {
    const large = [{ path: ['l'], content: bytesOf(2 * 1024 * 1024 + 5, 3) }];
    fc.assert(
      fc.property(mutation, (one) => {
        const sender = { tree: large, dataFrameBytes: 128 * 1024 };
        expectSafe(runSession({ sender, tamper: tamperWith([one]) }), large);
      }),
      { numRuns: 60 },
    );
  });

  const garbage = (fill: number): Uint8Array => new Uint8Array(64).fill(fill);
  test.each([
    ['an unknown frame type', encodeFrame(200, garbage(1))],
    ['HTTP', new TextEncoder().encode('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
    ['zeros', garbage(0)],
    ['ones', garbage(255)],
  ])('ends as a violation of the protocol where %s comes in its place', (_what, bytes) => {
    for (const at of [0, 1, 2, 3, 4]) {
      let count = 0;
      const { sender, receiver } = runSession({
        sender: { tree: SMALL },
        tamper: (frame, from) => (from === 'sender' && count++ === at ? [bytes] : [frame]),
      });
      for (const end of [sender, receiver]) {
        expect(end.outcome).toMatchObject({ failure: { code: 'PROTOCOL_VIOLATION' } });
      }
    }
  });

  test.each<[string, number, Fault, string]>([
    ['the offer is missing', 1, { kind: 'drop' }, 'PROTOCOL_VIOLATION'],
    ['the offer comes twice', 1, { kind: 'duplicate' }, 'PROTOCOL_VIOLATION'],
    ['the entries come twice', 2, { kind: 'duplicate' }, 'PROTOCOL_VIOLATION'],
    ['a range is announced twice', 3, { kind: 'duplicate' }, 'PROTOCOL_VIOLATION'],
    ['data is missing', 4, { kind: 'drop' }, 'PROTOCOL_VIOLATION'],
    ['data comes twice', 4, { kind: 'duplicate' }, 'PROTOCOL_VIOLATION'],
    ['the end of a file comes twice', 5, { kind: 'duplicate' }, 'PROTOCOL_VIOLATION'],
    ['the end of a file is missing', 5, { kind: 'drop' }, 'PROTOCOL_VIOLATION'],
    ['one bit of content is wrong', 4, { kind: 'flip', at: 9, bit: 3 }, 'none'],
    ['one bit of a file hash is wrong', 5, { kind: 'flip', at: 9, bit: 3 }, 'HASH_MISMATCH'],
  ])('where %s, both sides know', (_what, nth, fault, code) => {
    const { sender, receiver, stalled } = runSession({
      sender: { tree: SMALL },
      tamper: tamperWith([{ from: 'sender', nth, fault }]),
    });
    expect(stalled).toBe(false);
    if (code === 'none') {
      expect(sender.done).toMatchObject({
        failedCount: 1,
        failed: [{ index: 0, code: 'HASH_MISMATCH' }],
      });
      expect(receiver.files.has('a/x')).toBe(false);
      return;
    }
    for (const end of [sender, receiver]) {
      expect(end.outcome).toMatchObject({ kind: 'failed', failure: { code } });
    }
  });
});
