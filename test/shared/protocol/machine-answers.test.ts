import { describe, expect, test } from 'vitest';
import type { Message, MessageOf } from '../../../shared/protocol/messages.ts';
import { stepReceiver } from '../../../shared/protocol/receiver.ts';
import { stepSender } from '../../../shared/protocol/sender.ts';
import type { SenderInput, SenderState } from '../../../shared/protocol/sender.ts';
import { receiverStates, senderStates } from '../../support/machine-states.ts';

/** What each machine takes from the other side, and what it refuses, where the count does not fit. */

describe('a sender', () => {
  const at = (phase: SenderState['phase']): SenderState => {
    const state = senderStates.findLast((s) => s.phase === phase);
    if (!state) throw new Error(`no state ${phase}`);
    return state;
  };

  test('refuses an ack that goes back or covers more than was sent', () => {
    const ack = (bytes: number): SenderInput => ({
      kind: 'message',
      message: { type: 'ack', bytes, holdUp: null },
    });
    const start = stepSender(at('streaming'), { kind: 'dataSent', bytes: 0 }).state;
    if (start.phase !== 'streaming') throw new Error('not streaming');
    const { sentBytes, ackedBytes } = start;
    expect(stepSender(start, ack(sentBytes)).state).toMatchObject({ ackedBytes: sentBytes });
    expect(stepSender(start, ack(sentBytes + 1)).state.phase).toBe('ended');
    const acked = stepSender(start, ack(sentBytes)).state;
    expect(stepSender(acked, ack(ackedBytes - 1)).state.phase).toBe('ended');
    expect(stepSender(acked, ack(sentBytes)).state).toEqual(acked);
  });

  test('refuses ok while entries are still to be sent, and takes it after', () => {
    const ok: SenderInput = { kind: 'message', message: { type: 'ok' } };
    const waiting = senderStates.find((s) => s.phase === 'waiting') ?? at('waiting');
    expect(waiting).toMatchObject({ listed: false });
    expect(stepSender(waiting, ok).effects.at(-1)).toMatchObject({
      outcome: { failure: { code: 'PROTOCOL_VIOLATION' } },
    });
    const listed = stepSender(waiting, { kind: 'entriesSent' }).state;
    expect(stepSender(listed, ok).state.phase).toBe('streaming');
  });

  const done = { type: 'done', files: 2, bytes: 5000, failedCount: 1 } as const;
  const failed = [{ index: 3, code: 'SOURCE_UNREADABLE' as const }];
  const answer = (change: Partial<MessageOf<'done'>>) =>
    stepSender(at('verifying'), { kind: 'message', message: { ...done, failed, ...change } });

  test('takes a done that accounts for every file', () => {
    expect(answer({}).effects.at(-1)).toEqual({ kind: 'end', outcome: { kind: 'done' } });
    expect(answer({}).effects.map((e) => e.kind)).toEqual(['delivered', 'end']);
  });

  test.each<[string, Partial<MessageOf<'done'>>]>([
    ['claims more files than were offered', { files: 4 }],
    ['claims a file that could not be sent', { files: 3 }],
    ['claims more bytes than were offered', { bytes: 5011 }],
    ['names an entry that was not offered', { failed: [{ index: 4, code: 'DISK_FULL' }] }],
    [
      'names more failures than it counts',
      { failed: [...failed, { index: 0, code: 'DISK_FULL' }] },
    ],
    ['counts more failures than there are entries', { failedCount: 5 }],
    ['leaves a file out', { files: 1 }],
  ])('refuses a done that %s', (_what, change) => {
    expect(answer(change).effects.at(-1)).toMatchObject({
      outcome: { failure: { code: 'PROTOCOL_VIOLATION' } },
    });
  });
});

describe('a sender whose receiver does not want a file', () => {
  const skip: Message = { type: 'skip', code: 'FILE_TOO_BIG', indexes: [0] };
  const hears = (state: SenderState, message: Message): SenderState =>
    stepSender(state, { kind: 'message', message }).state;
  const waiting = senderStates.findLast((s) => s.phase === 'waiting') ?? fail();
  const streaming = hears(hears(waiting, skip), { type: 'ok' });
  const hash = '0'.repeat(64);
  const verifying = stepSender(streaming, { kind: 'allSent', hash, failedFiles: 0 }).state;
  const failed = [{ index: 0, code: 'FILE_TOO_BIG' as const }];
  const done: Message = { type: 'done', files: 2, bytes: 10, failedCount: 1, failed };

  test('takes a done that counts it as failed', () => {
    const { effects } = stepSender(verifying, { kind: 'message', message: done });
    expect(effects.at(-1)).toEqual({ kind: 'end', outcome: { kind: 'done' } });
  });

  test.each([
    ['has it all the same', { files: 3, failedCount: 0, failed: [] }],
    ['has its bytes', { bytes: 11 }],
    ['says nothing of it', { failedCount: 0, failed: [] }],
  ])('refuses a done that %s', (_what, change) => {
    const message: Message = { ...done, ...change };
    expect(stepSender(verifying, { kind: 'message', message }).effects.at(-1)).toMatchObject({
      outcome: { failure: { code: 'PROTOCOL_VIOLATION' } },
    });
  });

  test('is told of it once its stream begins, and hears no more of it after', () => {
    expect(hears(streaming, skip).phase).toBe('ended');
    expect(streaming).toMatchObject({ skipped: { files: 1, bytes: 5000 } });
  });
});

describe('a receiver', () => {
  const verify = { kind: 'message', message: { type: 'verify', hash: '0'.repeat(64) } } as const;

  test('takes verify when every file has ended, and as a violation before', () => {
    const receiving = receiverStates.filter((state) => state.phase === 'receiving');
    for (const state of receiving) {
      if (state.phase !== 'receiving') continue;
      const step = stepReceiver(state, verify);
      if (state.cursor.endedFiles === 3) expect(step.state.phase).toBe('finishing');
      else
        expect(step.effects.at(-1)).toMatchObject({
          outcome: { failure: { code: 'PROTOCOL_VIOLATION' } },
        });
    }
    const seen = receiving.map((s) => (s.phase === 'receiving' ? s.cursor.endedFiles : -1));
    expect(new Set(seen)).toEqual(new Set([0, 1, 2, 3]));
  });

  test('takes verify as a violation in the middle of a file, even if the count fits', () => {
    const state = receiverStates.find((s) => s.phase === 'receiving' && s.cursor.open !== null);
    if (state?.phase !== 'receiving') throw new Error('no open file');
    const counted = { ...state, cursor: { ...state.cursor, endedFiles: 3 } };
    expect(stepReceiver(counted, verify).state.phase).toBe('ended');
  });
});

function fail(): never {
  throw new Error('no such state');
}
