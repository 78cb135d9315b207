import { expect, test } from 'vitest';
import { SentStates } from '../../../electron/engine/transfer/sent-states.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';

/** If these fail, a file is called checked that is not there, or skipped that was sent. */

const done = (failedCount: number, ...indexes: readonly number[]): MessageOf<'done'> => ({
  type: 'done',
  files: 3 - failedCount,
  bytes: 0,
  failedCount,
  failed: indexes.map((index) => ({ index, code: 'DISK_ERROR' })),
});

function sent(): SentStates {
  const states = new SentStates(3);
  for (const index of [0, 1, 2]) states.sent(index);
  return states;
}

const all = (states: SentStates): string[] => [0, 1, 2].map((index) => states.state(index));

test('nothing is called checked where a failure is counted and not named', () => {
  const states = sent();
  states.ended(done(2, 1));
  expect(all(states)).toEqual(['sent', 'failed', 'sent']);
});

test('the others are checked where each failure is named', () => {
  const states = sent();
  states.ended(done(1, 1));
  expect(all(states)).toEqual(['checked', 'failed', 'checked']);
  expect(states.code(1)).toBe('DISK_ERROR');
});

test('what an earlier connection has sent is not called skipped when the other side has it', () => {
  const states = new SentStates(3);
  states.sent(0);
  states.ended(null);
  states.there(0);
  states.there(1);
  expect(all(states)).toEqual(['sent', 'skipped', 'waiting']);
  states.sent(2);
  states.ended(done(0));
  expect(all(states)).toEqual(['checked', 'skipped', 'checked']);
});
