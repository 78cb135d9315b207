import { putFile } from '../support/trees.ts';
import { acceptWithout, killAfter, mustNotSendMuchAgain, putForKill } from './support/killed.ts';
import { MOST_SENT_AGAIN_BYTES, receivedId, restartBen, startBoth } from './support/killed.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';

/**
 * If this fails, the receiving computer loses its program in the middle (a crash, a task manager, an
 * update), and the person has to begin a film of 40 GB again; or has half of one under its name.
 */
promise({
  id: 'F01',
  says: 'a receiver that is killed anywhere has nothing wrong, and goes on by itself when it is back',
  quick: 4,
  full: 100,
  run: async (random, trial) => {
    const isChosen = random.chance(0.3);
    const how = isChosen ? ({ engine: { accept: 'ask' } } as const) : {};
    const { anna, ben, proxy } = await startBoth(trial, how);
    proxy.letsLanesAround = random.chance(0.5);
    const { paths, bytes } = putForKill(trial, random);
    const { must, ...may } = sentAs(paths);
    const total = Object.values(may.versions).reduce((n, [v]) => n + (v?.bytes ?? 0), 0);
    const kills = random.chance(0.2) ? 2 : 1;
    // more than may be sent again
    const unwanted = putFile(trial.path('source', 'unwanted'), (kills + 1) * MOST_SENT_AGAIN_BYTES);
    const id = await anna.send(isChosen ? [unwanted, ...paths] : paths, proxy.port);
    const ended = anna.until(id, 'delivered');
    ended.catch(() => undefined);
    let receiver = ben;
    const answer = (): void => {
      if (isChosen) acceptWithout(receiver, 'unwanted').catch(() => undefined); // it was killed
    };
    answer();
    for (let kill = 0; kill < kills; kill++) {
      const afterBytes = random.int(0, bytes);
      trial.note(`lanes: ${proxy.letsLanesAround}; killed after ${afterBytes} bytes`);
      await killAfter(
        receiver,
        afterBytes,
        { proxy, directory: receiver.directory, ended },
        random,
      );
      const told = anna.transfer(id)?.phase === 'delivered' ? must : [];
      await mustBeRight(receiver.directory, { ...may, must: told, leftovers: told.length === 0 });
      receiver = await restartBen(trial, proxy, how);
      // killed before the answer was kept, it asks again
      answer();
    }
    const { sentBytes, failed } = await ended;
    if (failed.count > 0) throw new Error(JSON.stringify(failed));
    mustNotSendMuchAgain(sentBytes, total, kills);
    await receiver.when(({ transfers }) => transfers.every(({ phase }) => phase === 'delivered'));
    receivedId(receiver);
    await mustBeRight(receiver.directory, { ...may, must });
    return undefined;
  },
});
