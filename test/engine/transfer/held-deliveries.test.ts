import { expect, test } from 'vitest';
import type { Delivery } from '../../../electron/engine/transfer/destination.ts';
import { HeldDeliveries } from '../../../electron/engine/transfer/held-deliveries.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { HandClock } from '../../support/hand-clock.ts';

const idOf = (n: number): TransferId => String(n) as TransferId;

function keep(held: HeldDeliveries, n: number, entries: number, finished = true): void {
  const options = { entries: { length: entries } };
  const names = { peerId: 'a' as PeerId, entriesKey: '', itemNames: [], directory: '/' };
  const delivery = { finished, options } as unknown as Delivery;
  held.keep({ transferId: idOf(n), journalId: idOf(n), ...names, delivery });
}

const isHeld = (held: HeldDeliveries, n: number): boolean => held.get(idOf(n)) !== null;

test('of what is done the latest few are held', () => {
  const held = new HeldDeliveries(new HandClock());
  for (let n = 0; n < 60; n++) keep(held, n, 1);
  expect(isHeld(held, 9)).toBe(false);
  expect(isHeld(held, 10)).toBe(true);
});

test('of what is done the lists of a hundred thousand files are not held', () => {
  const held = new HeldDeliveries(new HandClock());
  keep(held, 1, 6_000);
  keep(held, 2, 4_000);
  expect([1, 2].map((n) => isHeld(held, n))).toEqual([true, true]);
  keep(held, 3, 1);
  expect([1, 2, 3].map((n) => isHeld(held, n))).toEqual([false, true, true]);
  keep(held, 4, 99_000);
  expect([2, 3, 4].map((n) => isHeld(held, n))).toEqual([true, true, false]);
  keep(held, 5, 99_000, false);
  expect(isHeld(held, 5)).toBe(true);
});
