import { expect, test } from 'vitest';
import type { Effort, HoldUp } from '../../../shared/model/limit.ts';
import { holdUpOf, limitOf } from '../../../shared/model/limit.ts';

/** If one of these fails, a person buys a network cable where their disk is slow. */

const idle: Effort = { disk: 0, waiting: 0, busy: 0.1 };
const onDisk: Effort = { disk: 0.7, waiting: 0.1, busy: 1 };
const atWork: Effort = { disk: 0.3, waiting: 0.1, busy: 0.95 };
const nearlyAsQuick: Effort = { disk: 0.2, waiting: 0.3, busy: 0.7 };
const waiting: Effort = { disk: 0.1, waiting: 0.8, busy: 0.2 };

test('a receiver is held up by its disk first, then by its processor, or waits for what comes', () => {
  expect([onDisk, atWork, idle].map(holdUpOf)).toEqual(['disk', 'computer', null]);
});

test.each<[Effort, HoldUp, ReturnType<typeof limitOf>]>([
  [onDisk, 'disk', 'ourDisk'],
  [atWork, 'disk', 'ourComputer'],
  [waiting, 'disk', 'theirDisk'],
  [waiting, 'computer', 'theirComputer'],
  [nearlyAsQuick, 'computer', 'theirComputer'],
  [nearlyAsQuick, 'disk', 'theirDisk'],
  [nearlyAsQuick, null, null],
  [waiting, null, 'network'],
  [idle, null, null],
])('of a sender with %o whose receiver is held up by %s the limit is %s', (own, peer, limit) => {
  expect(limitOf(own, peer)).toBe(limit);
});
