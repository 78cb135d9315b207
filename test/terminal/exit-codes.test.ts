import { expect, test } from 'vitest';
import {
  EXIT,
  exitCodeFor,
  exitCodeForAll,
  exitCodeOf,
} from '../../electron/terminal/exit-codes.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { TransferPhase } from '../../shared/model/transfer.ts';
import { delivered, sending, transfer } from '../support/shown-transfers.ts';

/** If these fail, a script goes on as if all had arrived, or tries again what it should not. */

const oneFailed = { count: 1, examples: [] };
const failed = (code: ErrorCode): TransferPhase => ({
  phase: 'failed',
  finishedAtMs: 1,
  failure: { code, details: {} },
});

test.each<[string, TransferPhase, number]>([
  ['all of it is there', delivered, EXIT.delivered],
  ['nobody has checked it', { ...delivered, verified: false }, EXIT.delivered],
  ['one file did not make it', { ...delivered, failed: oneFailed }, EXIT.other],
  ['the other side said no', { phase: 'declined', finishedAtMs: 1 }, EXIT.declined],
  ['it was stopped here', { phase: 'cancelled', finishedAtMs: 1, by: 'us' }, EXIT.interrupted],
  ['it was stopped there', { phase: 'cancelled', finishedAtMs: 1, by: 'peer' }, EXIT.other],
  ['the wire stayed away', failed('PEER_GONE'), EXIT.interrupted],
  ['there is no room', failed('DISK_FULL'), EXIT.noRoom],
  ['it is somebody else', failed('IDENTITY_MISMATCH'), EXIT.identity],
])('where %s', (_what, phase, code) => {
  expect(exitCodeFor(transfer(phase))).toBe(code);
});

test('what has not ended is not delivered', () => {
  expect(exitCodeFor(sending)).toBe(EXIT.other);
});

test('a failure that has no number of its own is another one', () => {
  expect(exitCodeOf('INTERNAL')).toBe(EXIT.other);
});

test('of several one that did not arrive decides, wherever it stands', () => {
  const [whole, declined] = [transfer(delivered), transfer({ phase: 'declined', finishedAtMs: 1 })];
  expect(exitCodeForAll([whole, whole])).toBe(EXIT.delivered);
  expect(exitCodeForAll([whole, declined])).toBe(EXIT.declined);
  expect(exitCodeForAll([declined, whole])).toBe(EXIT.declined);
});
