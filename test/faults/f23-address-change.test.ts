import { DEAD_AFTER_MS } from '../../shared/protocol/limits.ts';
import { promise } from './support/matrix.ts';
import { sendOverCable } from './support/two-hosts.ts';

/**
 * If this fails, somebody walks from one room to the next, their computer has another address there, and
 * what they were receiving stands still until a minute is over, or for ever.
 */

promise({
  id: 'F23',
  says: 'a device that gets another address is found there by its key, before its wire counts as dead',
  quick: 2,
  full: 20,
  patienceMs: 120_000,
  onlyOn: 'linux',
  run: async (random, trial) => {
    await sendOverCable(trial, random, {}, async ({ a, b, goesOn }) => {
      const address = `10.77.0.${random.int(3, 250)}/24`;
      // the one who sends, and the one who receives
      const moved = trial.turn % 2 === 0 ? a : b;
      await moved.run('ip', ['address', 'delete', `${moved.address}/24`, 'dev', moved.interface]);
      await moved.run('ip', ['address', 'add', address, 'dev', moved.interface]);
      const movedMs = performance.now();
      const { keptBytes } = await goesOn();
      const tookMs = performance.now() - movedMs;
      trial.note(`${moved.interface} ${address} with ${keptBytes} after ${tookMs.toFixed()} ms`);
      if (tookMs >= DEAD_AFTER_MS) throw new Error(`found after ${tookMs} ms`);
    });
    return undefined;
  },
});
