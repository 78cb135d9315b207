import fs from 'node:fs';
import { join } from 'node:path';
import type { FileSystem, FileSystemCalls } from '../../electron/engine/transfer/ports.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { errno } from './support/sim-disk.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import type { Pair } from './support/pair.ts';
import { openPair, putSelection } from './support/pair.ts';
import { Random } from './support/random.ts';

/**
 * If this fails, a stick that is pulled out, a folder without permission or a disk with a bad place ends
 * the whole program, or a person reads "internal error" and cannot go on.
 */

const MIB = 1024 * 1024;

/** What each side asks of its disk. */
const OPERATIONS = {
  receiver: [
    'closeSync',
    'fstatSync',
    'fsync',
    'futimesSync',
    'linkSync',
    'lstatSync',
    'lutimesSync',
    'mkdirSync',
    'openSync',
    'readdirSync',
    'renameSync',
    'statfsSync',
    'unlinkSync',
    'writeSync',
  ],
  sender: [
    'accessSync',
    'closeSync',
    'fstatSync',
    'lstatSync',
    'openSync',
    'opendirSync',
    'readSync',
    'realpathSync',
    'statSync',
  ],
} as const satisfies Record<string, readonly (keyof FileSystemCalls)[]>;

const ERRNOS = ['EACCES', 'EROFS', 'EMFILE', 'EIO', 'ENOSPC', 'ENOENT', 'ENODEV'] as const;

type Side = keyof typeof OPERATIONS;

interface Case {
  readonly side: Side;
  readonly operation: keyof FileSystemCalls;
  readonly code: string;
}

/** In an order in which neighbours are different. */
const CASES: readonly Case[] = new Random(8).shuffled(
  (['receiver', 'sender'] as const).flatMap((side) =>
    OPERATIONS[side].flatMap((operation) => ERRNOS.map((code) => ({ side, operation, code }))),
  ),
);

/** Fails from the nth call on, as often as it says; counts only while it is armed. */
class FailingDisk {
  readonly fs: FileSystem;
  armed = false;
  #calls = 0;

  constructor({ operation, code }: Case, nth: number, times: number) {
    const real = fs[operation] as (...args: unknown[]) => unknown;
    const call = (...args: unknown[]): unknown => {
      const fails = this.armed && ++this.#calls >= nth && this.#calls < nth + times;
      if (!fails) return real(...args);
      if (operation !== 'fsync') {
        // a descriptor is gone whatever close says
        if (operation === 'closeSync') real(...args);
        throw errno(code, String(args[0]));
      }
      (args[1] as (error: Error) => void)(errno(code, String(args[0])));
      return undefined;
    };
    this.fs = { ...fs, [operation]: call };
  }
}

/** Resolves when the transfer has come to a stand on either side. */
async function standstill({ sender, receiver }: Pair, id: TransferId): Promise<void> {
  await Promise.race([
    sender.event('ended', id),
    receiver.event('ended', id),
    receiver.event('interrupted', id),
  ]);
}

function empty(directory: string): void {
  for (const name of fs.readdirSync(directory)) {
    if (!name.startsWith('.')) fs.rmSync(join(directory, name), { recursive: true });
  }
}

promise({
  id: 'F08',
  says: 'a disk that fails is named in words, costs one transfer at most, and then it can be sent',
  quick: 30,
  full: CASES.length,
  run: async (random, trial) => {
    const one = CASES[trial.turn % CASES.length] as Case;
    const nth = random.chance(0.5) ? 1 : random.int(1, 12);
    const times = random.chance(0.5) ? 1 : Infinity;
    trial.note(`${one.side} ${one.operation} ${one.code}, call ${nth}, ${times} times`);
    const disk = new FailingDisk(one, nth, times);
    const pair = await openPair(trial, {
      [one.side]: { fs: disk.fs },
    });
    const { bench, sender, receiver } = pair;
    const paths = putSelection(bench.path('source'), random, 2 * MIB);
    const expected = sentAs(paths);
    // files that cannot be read, or cannot have their names, are left out, and named
    const failsAlone = one.side === 'sender' || ['EACCES', 'ENOENT'].includes(one.code);
    const whole = failsAlone ? {} : expected.whole;
    const may = { ...expected, must: [], whole };

    disk.armed = true;
    const id = await sender.send(paths, receiver.port);
    await standstill(pair, id);
    await mustBeRight(receiver.directory, { ...may, leftovers: true });
    disk.armed = false;

    const { outcome } = await sender.event('ended', id);
    if (outcome.kind === 'failed') {
      if (outcome.failure.code === 'INTERNAL') throw new Error(JSON.stringify(outcome.failure));
    } else if (outcome.kind !== 'delivered') throw new Error(JSON.stringify(outcome));
    const leftOut = sender.all('prepared', id)[0]?.leftOut.count ?? 0;
    if (outcome.kind === 'delivered') await receiver.outcome('delivered', id);
    if (outcome.kind !== 'delivered' || outcome.failed.count + leftOut > 0) {
      if (outcome.kind === 'delivered') empty(receiver.directory);
      const again = await sender.send(paths, receiver.port);
      const { failed } = await sender.outcome('delivered', again);
      if (failed.count > 0) throw new Error(`the second time too: ${JSON.stringify(failed)}`);
      await receiver.outcome('delivered', again);
    }
    // what had its name before it failed keeps it
    await mustBeRight(receiver.directory, { ...expected, numbered: true });
    return undefined;
  },
});
