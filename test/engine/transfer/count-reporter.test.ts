import { expect, test } from 'vitest';
import type { Counts } from '../../../electron/engine/transfer/count-reporter.ts';
import { CountReporter } from '../../../electron/engine/transfer/count-reporter.ts';
import type { TransferEvent } from '../../../electron/engine/transfer/worker-messages.ts';
import type { PausedBy, TransferId } from '../../../shared/model/transfer.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** What the threads tell of running transfers, and how often. */

const transferId = '0'.repeat(32) as TransferId;

function watched(first: Counts | null) {
  const clock = new HandClock();
  const told: TransferEvent[] = [];
  const reporter = new CountReporter(clock, (event) => told.push(event));
  const state = { now: first };
  reporter.watch(transferId, () => state.now);
  const pauses = (): (PausedBy | null)[] =>
    told.flatMap((event) => (event.kind === 'paused' ? [event.by] : []));
  return { clock, told, reporter, state, pauses };
}
const counts = (bytes: number, paused: PausedBy | null): Counts => ({
  bytes,
  files: 0,
  limitedBy: null,
  paused,
});

test('a peer that stops and goes on without end is told of ten times a second at most', () => {
  const { clock, state, pauses } = watched(counts(0, null));
  for (let n = 0; n < 10_000; n++) {
    state.now = counts(0, n % 2 === 0 ? 'peer' : null);
    if (n % 10 === 0) clock.turn(1);
  }
  clock.turn(100);
  expect(pauses().length).toBeLessThanOrEqual(11);
});

test('a pause is told after the counts that led to it, once, and so is its end', () => {
  const { clock, told, state } = watched(counts(5, 'us'));
  clock.turn(1000);
  state.now = counts(5, null);
  clock.turn(1000);
  expect(told).toEqual([
    { kind: 'counts', counts: [{ transferId, bytes: 5, files: 0, limitedBy: null }] },
    { kind: 'paused', transferId, by: 'us' },
    { kind: 'paused', transferId, by: null },
  ]);
});

test('a pause that outlasts a new beginning is told again, right after it', () => {
  const { clock, told, reporter } = watched(counts(5, 'peer'));
  clock.turn(100);
  told.splice(0);
  const started: TransferEvent = { kind: 'started', transferId, keptBytes: 5 };
  reporter.emit(started);
  expect(told).toEqual([started, { kind: 'paused', transferId, by: 'peer' }]);
});

test('what is not known is not told, and nothing once it is forgotten', () => {
  const { clock, told, reporter, state } = watched(null);
  clock.turn(1000);
  expect(told).toEqual([]);
  state.now = counts(1, 'us');
  reporter.forget(transferId);
  clock.turn(1000);
  expect(told).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('what it waits for is told when it changes, though nothing moves', () => {
  const { clock, told, state } = watched(counts(5, null));
  clock.turn(100);
  told.splice(0);
  state.now = { ...counts(5, null), limitedBy: 'theirDisk' };
  clock.turn(1000);
  expect(told).toEqual([
    { kind: 'counts', counts: [{ transferId, bytes: 5, files: 0, limitedBy: 'theirDisk' }] },
  ]);
});
