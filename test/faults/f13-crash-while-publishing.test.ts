import { putFile } from '../support/trees.ts';
import { startChild } from './support/child-engines.ts';
import { DyingReceiver } from './support/dying-receiver.ts';
import { STEPS } from './support/failpoints.ts';
import { QUICK, receivedId } from './support/killed.ts';
import type { Trial } from './support/matrix.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import type { Random } from './support/random.ts';

/**
 * If this fails, a crash in the one moment when a file gets its name leaves it there twice, or half, or
 * with a hidden twin that takes up the disk for good.
 */

const KIB = 1024;
/** Nobody has come to the failpoint by then. */
const PATIENCE_MS = 90_000;
/** Tries at each step: most of them in one process, a few with programs that are killed. */
const TRIES = { inOneProcess: 18, killed: 2 } as const;

function stepOf(trial: Trial): string {
  const step = STEPS[trial.turn % STEPS.length] ?? STEPS[0];
  trial.note(step);
  return step;
}

function putThings(trial: Trial, random: Random): string[] {
  const seed = random.int(1, 1_000_000);
  const paths = [
    putFile(trial.path('source', 'letter.txt'), random.int(1, 900 * KIB), seed),
    trial.path('source', 'trip'),
  ];
  putFile(trial.path('source', 'trip', 'sub', 'a.jpg'), random.int(0, 200 * KIB), seed + 1);
  putFile(trial.path('source', 'trip', 'b.jpg'), random.int(1, 3_000 * KIB), seed + 2);
  return paths;
}

promise({
  id: 'F13',
  says: 'a crash at any step of the finish ends, after a restart, in exactly one copy of each thing',
  quick: STEPS.length / 2,
  full: STEPS.length * TRIES.inOneProcess,
  patienceMs: PATIENCE_MS,
  run: async (random, trial) => {
    const ben = await DyingReceiver.open(trial, stepOf(trial));
    const paths = putThings(trial, random);
    const { must, ...may } = sentAs(paths);
    const id = await ben.sender.send(paths, ben.port);
    const senderToo = random.chance(0.25);
    await ben.dead(id);
    const sender = senderToo ? await ben.anotherSender(paths, id) : ben.sender;
    await mustBeRight(ben.directory, { ...may, leftovers: true });

    const receiver = await ben.again();
    const { failed } = await sender.outcome('delivered', id);
    if (failed.count > 0) throw new Error(JSON.stringify(failed));
    await ben.mustHaveReceivedOnce(receiver);
    await mustBeRight(ben.directory, { ...may, must });
    return undefined;
  },
});

promise({
  id: 'F13k',
  says: 'so does a program that is killed at any step of the finish',
  quick: 2,
  full: STEPS.length * TRIES.killed,
  patienceMs: PATIENCE_MS,
  run: async (random, trial) => {
    const step = stepOf(trial);
    const [anna, ben] = await Promise.all([
      startChild(trial, 'anna', { env: QUICK }),
      startChild(trial, 'ben', { env: { ...QUICK, DROPLINE_FAILPOINT: step } }),
    ]);
    const paths = putThings(trial, random);
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
