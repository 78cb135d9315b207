import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { putFile } from '../support/trees.ts';
import type { Fate, FateOfBytes } from '../support/proxy.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { endOf, openPair, putSelection } from './support/pair.ts';
import type { Random } from './support/random.ts';

/**
 * If this fails, a router that restarts, a bad cable or somebody in the middle ends a transfer for good,
 * or worse: what arrives is not what was sent, and both sides say that it is.
 */

const MIB = 1024 * 1024;
const KINDS = ['cut', 'reset', 'half close', 'flip'] as const;

function fateOfBytes(kind: (typeof KINDS)[number], at: number): FateOfBytes {
  switch (kind) {
    case 'cut':
      return { cutAfterBytes: at };
    case 'reset':
      return { resetAfterBytes: at };
    case 'half close':
      return { halfCloseAfterBytes: at };
    case 'flip':
      return { flipAtByte: at };
  }
}

/** Some near the beginning, where greetings and offers are; the answers are short altogether. */
function randomFate(random: Random, bytes: number): Fate {
  const kind = random.pick(KINDS);
  if (random.chance(0.3)) return { back: fateOfBytes(kind, random.int(1, 6_000)) };
  return fateOfBytes(kind, random.int(1, random.chance(0.3) ? 6_000 : bytes));
}

promise({
  id: 'F05',
  says: 'a wire that breaks or lies costs time at most: what is called delivered is what was sent',
  quick: 20,
  full: 200,
  run: async (random, trial) => {
    const { bench, sender, receiver, proxy } = await openPair(trial);
    const paths = putSelection(bench.path('source'), random, 3 * MIB);
    const expected = sentAs(paths);
    const bytes = Object.values(expected.versions).reduce((n, [v]) => n + (v?.bytes ?? 0), 6_000);
    const fates = Array.from({ length: random.int(1, 3) }, () => randomFate(random, bytes));
    trial.note(JSON.stringify(fates));
    proxy.setFates(...fates);

    const id = await sender.send(paths, proxy.port);
    const sent = await endOf(sender, id);
    if (sent.kind !== 'delivered') {
      const { must: _must, ...may } = expected;
      await mustBeRight(receiver.directory, { ...may, leftovers: true });
      // only somebody who was never reached is not tried again
      const reached = sender.all('waiting', id).length > 0;
      if (reached || sent.failure === null) throw new Error(JSON.stringify(sent));
      if (sent.failure.code === 'INTERNAL') throw new Error(JSON.stringify(sent.failure));
      return undefined;
    }
    const received = await receiver.outcome('delivered', id);
    if (received.failed.count > 0) throw new Error(JSON.stringify(received.failed));
    await mustBeRight(receiver.directory, expected);
    return undefined;
  },
});

promise({
  id: 'F05p',
  says: 'the bare exchange never calls anything verified, and a reset is never the end of a file',
  quick: 8,
  full: 200,
  run: async (random, trial) => {
    const { bench, sender, receiver, proxy } = await openPair(trial, {
      receiver: { mode: 'plain' },
    });
    const bytes = random.int(1, 2 * MIB);
    const path = putFile(bench.path('source', 'scan.bin'), bytes, random.int(1, 1_000_000));
    const kind = random.pick(['cut', 'reset', 'flip'] as const);
    const at = random.int(1, bytes + 8);
    trial.note(`${kind} at ${at} of ${bytes}`);
    proxy.setFates(fateOfBytes(kind, at));

    const id = await sender.send([path], proxy.port, { mode: 'plain' });
    const { outcome: sent } = await sender.event('ended', id);
    const offered = receiver.events.find((event) => event.kind === 'offered');
    if (offered === undefined) return undefined;
    const { outcome: received } = await receiver.event('ended', offered.transferId);
    for (const outcome of [sent, received]) {
      if (outcome.kind === 'delivered' && outcome.verified) throw new Error('called verified');
    }
    if (received.kind !== 'delivered') {
      await mustBeRight(receiver.directory, { versions: {} });
      return undefined;
    }
    const saved = readFileSync(received.savedAs ?? join(receiver.directory, 'scan.bin'));
    const source = readFileSync(path);
    const different = saved.filter((byte, n) => byte !== source[n]).length;
    if (different > (kind === 'flip' ? 1 : 0)) throw new Error(`${different} bytes are others`);
    const complete = saved.length === source.length;
    if (kind === 'reset' && !complete) throw new Error('a reset passed for the end');
    return undefined;
  },
});
