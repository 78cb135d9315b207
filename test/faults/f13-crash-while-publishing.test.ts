import { startChild } from './support/child-engines.ts';
import { STEPS } from './support/failpoints.ts';
import { QUICK, receivedId } from './support/killed.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { putFile } from '../support/trees.ts';

/**
 * If this fails, a crash in the one moment when a file gets its name leaves it there twice, or half, or
 * with a hidden twin that takes up the disk for good.
 */

const KIB = 1024;
/** Nobody has come to the failpoint by then. */
const PATIENCE_MS = 90_000;

promise({
  id: 'F13',
  says: 'a crash at any step of the finish ends, after a restart, in exactly one copy of each thing',
  quick: 4,
  full: STEPS.length * 20,
  patienceMs: PATIENCE_MS,
  run: async (random, trial) => {
    const step = STEPS[trial.turn % STEPS.length] ?? STEPS[0];
    trial.note(step);
    const [anna, ben] = await Promise.all([
      startChild(trial, 'anna', { env: QUICK }),
      startChild(trial, 'ben', { env: { ...QUICK, DROPLINE_FAILPOINT: step } }),
    ]);
    const seed = random.int(1, 1_000_000);
    const paths = [
      putFile(trial.path('source', 'letter.txt'), random.int(1, 900 * KIB), seed),
      trial.path('source', 'trip'),
    ];
    putFile(trial.path('source', 'trip', 'sub', 'a.jpg'), random.int(0, 200 * KIB), seed + 1);
    putFile(trial.path('source', 'trip', 'b.jpg'), random.int(1, 3_000 * KIB), seed + 2);
    const { must, ...may } = sentAs(paths);

    const id = await anna.send(paths, ben.port);
    const { port } = ben;
    const senderToo = random.chance(0.25);
    await ben.ended();
    if (senderToo) await anna.kill();
    if (anna.transfer(id)?.phase === 'delivered') throw new Error('delivered before the crash');
    await mustBeRight(ben.directory, { ...may, leftovers: true });

    const receiver = await startChild(trial, 'ben', { env: QUICK, engine: { port } });
    const sender = senderToo ? await startChild(trial, 'anna', { env: QUICK }) : anna;
    const isKnown = sender.transfer(id) !== undefined;
    const { failed } = await sender.until(
      isKnown ? id : await sender.send(paths, receiver.port),
      'delivered',
    );
    if (failed.count > 0) throw new Error(JSON.stringify(failed));
    await receiver.when(({ transfers }) => transfers.every(({ phase }) => phase === 'delivered'));
    receivedId(receiver);
    await mustBeRight(receiver.directory, { ...may, must });
    return undefined;
  },
});
