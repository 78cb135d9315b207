import type { SpawnOptions } from 'node:child_process';
import type { Host } from '../../support/hosts.ts';
import { withTwoHosts } from '../../support/hosts.ts';
import { putFile } from '../../support/trees.ts';
import type { ChildEngine } from './child-engines.ts';
import { startChild } from './child-engines.ts';
import type { FaultsOfEngine } from './faulty-ports.ts';
import type { Trial } from './matrix.ts';
import { mustBeRight, sentAs } from './oracle.ts';
import type { Random } from './random.ts';

/** Whole engines on two hosts that share nothing but a cable, and a transfer that is under way on it. */
export interface OnTheWay {
  readonly a: Host;
  readonly b: Host;
  /** On the first host; sends. */
  readonly anna: ChildEngine;
  /** On the second; receives, by a slow disk, so that there is time for what goes wrong. */
  readonly ben: ChildEngine;
  readonly bytes: number;
  /** When another wire follows the first, or all is there: what ben had kept of the one before. */
  readonly goesOn: () => Promise<{ readonly keptBytes: number }>;
}

const MIB = 1024 * 1024;
const DISK_BYTES_PER_SECOND = 4 * MIB;

/** Sends one file, hands it over somewhere on its way, and waits until all of it is there. */
export async function sendOverCable(
  trial: Trial,
  random: Random,
  env: FaultsOfEngine,
  use: (way: OnTheWay) => Promise<void>,
): Promise<void> {
  const bytes = random.int(24 * MIB, 40 * MIB);
  const path = putFile(trial.path('source', 'film.bin'), bytes, random.int(1, 1_000_000));
  await withTwoHosts(async ({ a, b }) => {
    const slow = { DROPLINE_DISK_BYTES_PER_SECOND: String(DISK_BYTES_PER_SECOND) };
    const [anna, ben] = await Promise.all([
      startOn(trial, a, 'anna', env),
      startOn(trial, b, 'ben', { ...env, ...slow }),
    ]);
    const key = await anna.when(({ peers }) => peers.find(({ id }) => id === ben.id)?.key);
    const id = await anna.send([path], { kind: 'peer', key });
    const atByte = random.int(1, bytes / 2);
    const delivered = anna.until(id, 'delivered');
    const isUnderWay = ben.when(({ transfers }) =>
      transfers.some((t) => t.phase === 'transferring' && t.bytes >= atByte),
    );
    await Promise.race([delivered, isUnderWay]);
    const goesOn = (): Promise<{ readonly keptBytes: number }> =>
      anna.when(({ transfers }) => {
        const { phase, keptBytes = 0 } = transfers.find((t) => t.id === id) ?? {};
        return phase === 'delivered' ? { keptBytes } : keptBytes > 0 && { keptBytes };
      });
    await use({ a, b, anna, ben, bytes, goesOn });
    const { failed } = await delivered;
    if (failed.count > 0) throw new Error(JSON.stringify(failed));
    await ben.when(({ transfers }) => transfers.every(({ phase }) => phase === 'delivered'));
    if (ben.snapshot.transfers.length > 1) throw new Error('offered twice');
    await Promise.all([anna.stop(), ben.stop()]);
  });
  await mustBeRight(trial.path('ben-inbox'), sentAs([path]));
}

function startOn(trial: Trial, host: Host, name: string, env: FaultsOfEngine) {
  const launch = (command: string, args: readonly string[], options: SpawnOptions) =>
    host.spawn(command, args, options);
  return startChild(trial, name, { launch, env, engine: { discovery: true, interface: null } });
}
