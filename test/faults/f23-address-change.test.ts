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
  quick: 1,
  full: 20,
  patienceMs: 120_000,
  onlyOn: 'linux',
  run: async (random, trial) => {
    await sendOverCable(trial, random, {}, async ({ b, goesOn }) => {
      const address = `10.77.0.${random.int(3, 250)}/24`;
      await b.run('ip', ['address', 'delete', `${b.address}/24`, 'dev', b.interface]);
      await b.run('ip', ['address', 'add', address, 'dev', b.interface]);
      const movedMs = performance.now();
      const { keptBytes } = await goesOn();
      const tookMs = performance.now() - movedMs;
      trial.note(`${address} with ${keptBytes} after ${tookMs.toFixed()} ms`);
      if (tookMs >= DEAD_AFTER_MS) throw new Error(`found after ${tookMs} ms`);
    });
    return undefined;
  },
});
