import { startChild } from './support/child-engines.ts';
import { QUICK, killAfter, mustNotSendMuchAgain, putForKill } from './support/killed.ts';
import { startBoth } from './support/killed.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';

/**
 * If this fails, somebody who sends closes the wrong window, or their program dies, and the other side
 * waits before a bar that never moves; or everything begins anew.
 */

/** The end of the process is the end of its sockets: nothing has to be waited for. */
const SHOWN_AFTER_MS = 1_000;

promise({
  id: 'F02',
  says: 'a sender that is killed is shown as interrupted, and goes on by itself when it is back',
  quick: 3,
  full: 100,
  run: async (random, trial) => {
    const { anna, ben, proxy } = await startBoth(trial);
    proxy.letsLanesAround = random.chance(0.5);
    const { paths, bytes } = putForKill(trial, random);
    const { must, ...may } = sentAs(paths);
    const total = Object.values(may.versions).reduce((n, [v]) => n + (v?.bytes ?? 0), 0);
    const id = await anna.send(paths, proxy.port);
    const afterBytes = random.int(0, bytes);
    trial.note(`lanes: ${proxy.letsLanesAround}; killed after ${afterBytes} of ${bytes} bytes`);
    const ended = anna.until(id, 'delivered');
    await killAfter(anna, afterBytes, { proxy, directory: ben.directory, ended }, random);
    const killedMs = performance.now();
    const before = anna.transfer(id);
    const shown = await ben.when(({ transfers }) =>
      transfers.every(({ phase }) => !['transferring', 'finishing', 'waiting'].includes(phase))
        ? { transfer: transfers[0], afterMs: performance.now() - killedMs }
        : null,
    );
    if (shown.afterMs > SHOWN_AFTER_MS) throw new Error(`shown after ${shown.afterMs} ms`);
    await mustBeRight(ben.directory, { ...may, leftovers: true });

    const again = await startChild(trial, 'anna', { env: QUICK });
    const isKnown = again.transfer(id) !== undefined && before?.phase !== 'delivered';
    if (!isKnown && shown.transfer?.phase === 'interrupted' && before?.phase === 'transferring') {
      throw new Error(`forgotten: ${JSON.stringify(before)}`);
    }
    if (shown.transfer?.phase !== 'delivered' || isKnown) {
      // who had not begun to send sends again
      const next = isKnown ? id : await again.send(paths, proxy.port);
      const { sentBytes, failed } = await again.until(next, 'delivered');
      if (failed.count > 0) throw new Error(JSON.stringify(failed));
      mustNotSendMuchAgain(sentBytes, total, 1);
    }
    await ben.when(({ transfers }) => transfers.every(({ phase }) => phase === 'delivered'));
    await mustBeRight(ben.directory, { ...may, must });
    return undefined;
  },
});
