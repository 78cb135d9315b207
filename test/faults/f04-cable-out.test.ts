import { setTimeout as delay } from 'node:timers/promises';
import { DEAD_AFTER_MS } from '../../shared/protocol/limits.ts';
import { promise } from './support/matrix.ts';
import { sendOverCable } from './support/two-hosts.ts';

/** If this fails, a cable that was out for a moment, or for long, leaves a bar that never moves again. */

/** Heartbeats and redials come so much oftener; the system's own timers do not. */
const SPEED = 2;
/** It may have been over before the cable was. */
const CUT_OR_OVER: ReadonlySet<string> = new Set(['interrupted', 'delivered']);
const LONGEST_OUT_MS = 10_000;
/** Whoever waits for a wire that is dead must know by then. */
const NOTICED_AFTER_MS = DEAD_AFTER_MS;
/** A dial that the cut took with it, one wait, and the next dial: at a tenth of this, where there is time. */
const GOES_ON_AFTER_MS = 15_000;

promise({
  id: 'F04',
  says: 'a cable that is out is noticed on both sides, and when it is back all goes on by itself',
  quick: 1,
  full: 20,
  patienceMs: 120_000,
  onlyOn: 'linux',
  run: async (random, trial) => {
    const env = { DROPLINE_CLOCK_SPEED: String(SPEED) };
    // mostly short: what is out for longer than the heartbeat is noticed, and waited for
    const isLong = random.chance(0.3);
    await sendOverCable(trial, random, env, async ({ b, anna, ben, goesOn }) => {
      await b.linkDown();
      const outMs = performance.now();
      if (isLong) {
        const isCut = [anna, ben].map((engine) =>
          engine.when(({ transfers }) => transfers.some(({ phase }) => CUT_OR_OVER.has(phase))),
        );
        await Promise.all(isCut);
        const noticedMs = performance.now() - outMs;
        trial.note(`noticed after ${noticedMs.toFixed()} ms`);
        if (noticedMs > NOTICED_AFTER_MS) throw new Error(`noticed after ${noticedMs} ms`);
      }
      const longestMs = isLong ? LONGEST_OUT_MS / 2 : random.pick([300, 2_000, LONGEST_OUT_MS]);
      await delay(random.int(0, longestMs));
      await b.linkUp();
      const backMs = performance.now();
      trial.note(`out for ${(backMs - outMs).toFixed()} ms`);
      // one that was not noticed goes on over the wire that it had
      await goesOn();
      const tookMs = performance.now() - backMs;
      trial.note(`went on after ${tookMs.toFixed()} ms`);
      if (isLong && tookMs > GOES_ON_AFTER_MS) throw new Error(`went on after ${tookMs} ms`);
    });
    return undefined;
  },
});
