import { setTimeout as delay } from 'node:timers/promises';
import type { TransferId } from '../../shared/model/transfer.ts';
import type { TestReceiver, TestSender } from '../support/transfer-pair.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { endOf, openPair, putSelection } from './support/pair.ts';
import { StopWatch } from './support/stalls.ts';

/**
 * If this fails, somebody presses "cancel" and the bar goes on; or it stands, and a hidden file of 40 GB
 * stays on the disk; or two people who press "pause" and "go on" in turn wait for each other for ever.
 */

const MIB = 1024 * 1024;
/** On both ends, on a machine that has time. */
const FELT_AFTER_MS = 1_000;

type Side = TestSender | TestReceiver;

function tell(side: Side, kind: 'pause' | 'resume' | 'cancel', id: TransferId): Promise<void> {
  return side.host.handle({ kind, transferId: id });
}

promise({
  id: 'F14',
  says: 'a cancel at any moment is felt on both sides within a second, and leaves nothing',
  quick: 16,
  full: 500,
  run: async (random, trial) => {
    const { bench, sender, receiver, proxy } = await openPair(trial);
    const paths = putSelection(bench.path('source'), random, 8 * MIB);
    const { must: _must, ...may } = sentAs(paths);
    const id = await sender.send(paths, proxy.port);
    const by = random.pick([sender, receiver]);
    const storm = random.int(0, 6);
    const begun = proxy.whenForwarded(random.int(1, 3 * MIB));
    if (random.chance(0.8)) await Promise.race([begun, sender.event('ended', id)]);
    for (let n = 0; n < storm; n++) {
      void tell(random.pick([sender, receiver]), random.pick(['pause', 'resume'] as const), id);
      await delay(random.int(0, 5));
    }
    await delay(random.int(0, 30));
    trial.note(`by the ${by === sender ? 'sender' : 'receiver'} after ${storm} pauses`);
    const watch = new StopWatch();
    void tell(by, 'cancel', id);
    const isOffered = receiver.all('offered', id).length > 0;
    // a receiver that has heard of nothing has nothing to cancel
    if (by === receiver && !isOffered) {
      await tell(sender, 'resume', id);
      await tell(receiver, 'resume', id);
      await endOf(sender, id);
      watch.ms();
      return undefined;
    }
    const sent = await endOf(sender, id);
    const received = receiver.all('offered', id).length > 0 ? await endOf(receiver, id) : null;
    const tookMs = watch.ms();
    if (tookMs > FELT_AFTER_MS) throw new Error(`felt after ${tookMs} ms`);
    for (const end of [sent, received]) {
      if (end !== null && !['cancelled', 'delivered'].includes(end.kind)) {
        throw new Error(JSON.stringify(end));
      }
    }
    if (sent.kind === 'delivered' && received?.kind !== 'delivered') throw new Error('not there');
    await receiver.tidy();
    await mustBeRight(receiver.directory, may);
    return undefined;
  },
});

promise({
  id: 'F14p',
  says: 'whatever two people pause and resume, in the end it goes on and arrives',
  quick: 8,
  full: 500,
  run: async (random, trial) => {
    const { bench, sender, receiver, proxy } = await openPair(trial);
    const paths = putSelection(bench.path('source'), random, 8 * MIB);
    const id = await sender.send(paths, proxy.port);
    await receiver.event('started', id);
    const storm = random.int(1, 20);
    for (let n = 0; n < storm; n++) {
      void tell(random.pick([sender, receiver]), random.pick(['pause', 'resume'] as const), id);
      if (random.chance(0.1)) proxy.cut();
      if (random.chance(0.7)) await delay(random.int(0, 15));
    }
    await tell(sender, 'resume', id);
    await tell(receiver, 'resume', id);
    const sent = await endOf(sender, id);
    if (sent.kind !== 'delivered') throw new Error(JSON.stringify(sent));
    await receiver.outcome('delivered', id);
    await mustBeRight(receiver.directory, sentAs(paths));
    return undefined;
  },
});
