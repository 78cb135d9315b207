import { afterEach, expect, test } from 'vitest';
import { Patience } from '../../../electron/engine/transfer/patience.ts';
import type { Clock } from '../../../electron/engine/transfer/ports.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import { REDIAL_MS } from '../../../electron/engine/transfer/send-job.ts';
import { HandClock } from '../../support/hand-clock.ts';
import type { HangingReceiver } from '../../support/hanging-receiver.ts';
import { hangingReceiver } from '../../support/hanging-receiver.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/** How long a wire that is cut is dialled again, and what counts as getting on. */

const MIB = 1024 * 1024;
const bench = new Bench();
let receiver: HangingReceiver | null = null;
afterEach(async () => {
  await bench.remove();
  await receiver?.stop();
});

/** Each wait before a dial is over at once, and has taken its time. */
function clockOfWaits(): Clock {
  let waitedMs = 0;
  return {
    ...realClock,
    nowMs: () => waitedMs,
    after: (ms, run) => {
      if (ms !== REDIAL_MS) return realClock.after(ms, run);
      waitedMs += REDIAL_MS;
      return realClock.after(0, run);
    },
  };
}

test('it is over after its time, begins anew with what was never there before, and not with less', () => {
  const clock = new HandClock();
  const patience = new Patience(clock, 10);
  expect(patience.isOver).toBe(false);
  clock.turn(9);
  patience.has(5);
  expect(patience.isOver).toBe(false);
  clock.turn(9);
  patience.has(5);
  expect(patience.isOver).toBe(false);
  clock.turn(1);
  expect(patience.isOver).toBe(true);
  patience.beginAnew();
  patience.has(1);
  expect(patience.isOver).toBe(false);
  clock.turn(10);
  patience.renew();
  expect(patience.isOver).toBe(false);
});

test('a receiver that takes the same bytes again and hangs up is not dialled for ever, one that gets on is', async () => {
  const tries = 12;
  // a little more each time at first, then the same again and again
  receiver = await hangingReceiver((nth) => Math.min(nth, tries) * 1000);
  const sender = await bench.sender({ clock: clockOfWaits() });
  const path = putFile(bench.path('film.bin'), MIB);
  const id = await sender.send([path], receiver.port, { retryForMs: 4 * REDIAL_MS });
  const { failure } = await sender.outcome('failed', id);
  expect(failure).toMatchObject({ code: 'INTERRUPTED', details: { reason: 'PEER_GONE' } });
  expect(receiver.count).toBeGreaterThan(tries);
  expect(receiver.count).toBeLessThanOrEqual(tries + 5);
});
