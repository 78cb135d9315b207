import { expect, test } from 'vitest';
import { EffortMeter } from '../../../electron/engine/transfer/effort-meter.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** If one of these fails, what is said to hold a transfer up is not what does. */

function meter(busy = 0.25) {
  const clock = new HandClock();
  const effort = new EffortMeter(clock, () => busy);
  const spend = (kind: 'disk' | 'waiting', ms: number): void => {
    effort.begin(kind);
    clock.turn(ms);
    effort.end(kind);
  };
  return { clock, effort, spend };
}

test('nothing is told in the first moments, then what they were spent on', () => {
  const { clock, effort, spend } = meter();
  spend('disk', 300);
  clock.turn(99);
  expect(effort.effort).toEqual({ disk: 0, waiting: 0, busy: 0 });
  spend('waiting', 100);
  clock.turn(1);
  expect(effort.effort).toEqual({ disk: 0.6, waiting: 0.2, busy: 0.25 });
});

test('what was told stands for a second, so that it does not flicker', () => {
  const { clock, effort, spend } = meter();
  spend('disk', 400);
  expect(effort.effort.disk).toBe(1);
  clock.turn(999);
  expect(effort.effort.disk).toBe(1);
  clock.turn(1);
  expect(effort.effort.disk).toBe(0.5);
});

test('what lasts longer than a second counts while it lasts, each millisecond once', () => {
  const { clock, effort } = meter();
  effort.begin('waiting');
  clock.turn(1000);
  expect(effort.effort.waiting).toBe(1);
  clock.turn(500);
  effort.end('waiting');
  clock.turn(500);
  expect(effort.effort.waiting).toBe(0.75); // half of this second, and of the one before it all
});

test('one within another counts once, and one that fails ends', () => {
  const { clock, effort } = meter();
  effort.begin('disk');
  const fails = (): never => {
    clock.turn(400);
    throw new Error('EIO');
  };
  expect(() => effort.disk(fails)).toThrow('EIO');
  effort.end('disk');
  clock.turn(600);
  expect(effort.effort.disk).toBe(0.4);
});

test('a hold that is said again counts once', () => {
  const { clock, effort } = meter();
  for (const isHeld of [true, true, false, false]) {
    effort.hold(isHeld);
    clock.turn(100);
  }
  clock.turn(600);
  expect(effort.effort.disk).toBe(0.2);
});

test('the thread that it runs in is idle or busy by what Node says', async () => {
  const clock = new HandClock();
  const effort = new EffortMeter(clock);
  const untilMs = performance.now() + 20;
  while (performance.now() < untilMs); // busy
  await new Promise((resolve) => setTimeout(resolve, 0));
  clock.turn(1000);
  expect(effort.effort.busy).toBeGreaterThan(0);
  expect(effort.effort.busy).toBeLessThanOrEqual(1);
});

test('what was before it begins anew counts no more', () => {
  const { clock, effort, spend } = meter();
  clock.turn(5_000);
  spend('waiting', 5_000);
  expect(effort.effort.waiting).toBe(0.5);
  effort.begin('disk');
  clock.turn(100);
  effort.restart();
  expect(effort.effort).toEqual({ disk: 0, waiting: 0, busy: 0 });
  clock.turn(300);
  effort.end('disk');
  clock.turn(100);
  expect(effort.effort).toEqual({ disk: 0.75, waiting: 0, busy: 0.25 });
});
