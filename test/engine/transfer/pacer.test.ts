import { expect, test } from 'vitest';
import { LEAST_BYTES, Pacer } from '../../../electron/engine/transfer/pacer.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** A person who limits sending has the rest of the network for other things, whatever is sent. */

const MB = 1_000_000;

/** Sends whatever it may for that long; how much that was. */
function sendFor(pacer: Pacer, clock: HandClock, ms: number): number {
  let sent = 0;
  const go = (): void => {
    for (let room = pacer.roomBytes; room > 0; room = pacer.roomBytes) {
      const part = Math.min(room, 256 * 1024);
      pacer.spend(part);
      sent += part;
    }
    pacer.onRoom(go);
  };
  go();
  for (let at = 0; at < ms; at += 1) clock.turn(1);
  return sent;
}

test.each([LEAST_BYTES, 100_000, MB, 50 * MB])('at most %d bytes go in a second', (limit) => {
  const clock = new HandClock();
  const pacer = new Pacer(clock);
  pacer.set(limit);
  const sent = sendFor(pacer, clock, 10_000);
  // what was saved up before, and what is not yet worth a frame
  expect(sent).toBeLessThanOrEqual(10 * limit + limit / 10 + LEAST_BYTES);
  expect(sent).toBeGreaterThanOrEqual(10 * limit - limit / 10 - LEAST_BYTES);
  pacer.stop();
  expect(clock.pending).toBe(0);
});

test('without a limit nothing waits', () => {
  expect(new Pacer(new HandClock()).roomBytes).toBe(Infinity);
});

test('several share one limit', () => {
  const clock = new HandClock();
  const pacer = new Pacer(clock);
  pacer.set(MB);
  const before = sendFor(pacer, clock, 0);
  const both = sendFor(pacer, clock, 1_000) + before;
  expect(both).toBeLessThanOrEqual(1.1 * MB + LEAST_BYTES);
  pacer.stop();
});

test('a limit that is lifted or changed counts at once for what waits', () => {
  const clock = new HandClock();
  const pacer = new Pacer(clock);
  pacer.set(LEAST_BYTES);
  let woken = 0;
  const wake = (): void => {
    woken += 1;
  };
  pacer.onRoom(wake);
  pacer.set(null);
  expect(woken).toBe(1);
  expect(pacer.roomBytes).toBe(Infinity);
  pacer.set(MB);
  expect(pacer.roomBytes).toBe(0);
  pacer.onRoom(wake);
  clock.turn(20);
  expect(woken).toBe(2);
  // a long rest saves up no more than a moment's worth
  clock.turn(60_000);
  expect(pacer.roomBytes).toBe(MB / 10);
});

test('a limit that is set after much was sent without one lets something through at once', () => {
  const clock = new HandClock();
  const pacer = new Pacer(clock);
  pacer.spend(1_000 * MB);
  pacer.set(MB);
  clock.turn(100);
  expect(pacer.roomBytes).toBeGreaterThan(0);
  expect(pacer.roomBytes).toBeLessThanOrEqual(MB / 10);
});

test('a lower limit gives out nothing of what was saved up under a higher one', () => {
  const clock = new HandClock();
  const pacer = new Pacer(clock);
  pacer.set(50 * MB);
  clock.turn(1_000);
  pacer.set(MB);
  expect(pacer.roomBytes).toBe(MB / 10);
});
