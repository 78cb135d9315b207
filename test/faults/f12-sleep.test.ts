import { setTimeout as delay } from 'node:timers/promises';
import { quickClock } from '../support/transfer-pair.ts';
import { putForKill, startBoth } from './support/killed.ts';
import { JumpClock } from './support/jump-clock.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { endOf, openPair, putSelection } from './support/pair.ts';

/** If this fails, a laptop that is closed and opened again has lost what it was sending or receiving. */

const MIB = 1024 * 1024;
/** On a clock that is ten times as fast: two to forty seconds. */
const LONGEST_STOP_MS = 4_000;
const LONGEST_SLEEP_MS = 10 * 3600 * 1000;

promise({
  id: 'F12',
  says: 'a computer that stands still for a while, or both, goes on by itself afterwards',
  quick: 1,
  full: 50,
  onlyOn: 'linux',
  run: async (random, trial) => {
    const { anna, ben, proxy } = await startBoth(trial);
    const { paths, bytes } = putForKill(trial, random);
    const id = await anna.send(paths, proxy.port);
    const ended = anna.until(id, 'delivered');
    ended.catch(() => undefined);
    await Promise.race([proxy.whenForwarded(random.int(1, bytes)), ended]);
    const sleepers = random.pick([[anna], [ben], [anna, ben]]);
    const stopMs = random.int(200, LONGEST_STOP_MS);
    trial.note(`${sleepers.length} for ${stopMs} ms`);
    for (const engine of sleepers) engine.signal('SIGSTOP');
    await delay(stopMs);
    for (const engine of random.shuffled(sleepers)) engine.signal('SIGCONT');
    const { failed } = await ended;
    if (failed.count > 0) throw new Error(JSON.stringify(failed));
    await ben.when(({ transfers }) => transfers.every(({ phase }) => phase === 'delivered'));
    await mustBeRight(ben.directory, sentAs(paths));
    return undefined;
  },
});

promise({
  id: 'F12c',
  says: 'a clock that jumps ahead by seconds or hours costs nothing that was received',
  quick: 8,
  full: 500,
  run: async (random, trial) => {
    const [atSender, atReceiver] = [new JumpClock(quickClock), new JumpClock()];
    const { bench, sender, receiver, proxy } = await openPair(trial, {
      sender: { clock: atSender },
      receiver: { clock: atReceiver },
    });
    const paths = putSelection(bench.path('source'), random, 8 * MIB);
    const id = await sender.send(paths, proxy.port);
    for (let jumps = random.int(1, 4); jumps > 0; jumps--) {
      await Promise.race([
        proxy.whenForwarded(proxy.forwardedBytes + random.int(1, 2 * MIB)),
        sender.event('ended', id),
        delay(50),
      ]);
      const sleepMs = random.pick([random.int(1, 120_000), random.int(1, LONGEST_SLEEP_MS)]);
      trial.note(`${sleepMs} ms`);
      for (const clock of random.pick([[atSender], [atReceiver], [atSender, atReceiver]])) {
        clock.jump(sleepMs);
      }
    }
    const sent = await endOf(sender, id);
    if (sent.kind !== 'delivered') throw new Error(JSON.stringify(sent));
    await receiver.outcome('delivered', id);
    await mustBeRight(receiver.directory, sentAs(paths));
    return undefined;
  },
});
