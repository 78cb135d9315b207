import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';
import { MAX_ENTRIES } from '../../shared/protocol/limits.ts';
import { startChild } from './support/child-engines.ts';
import type { Trial } from './support/matrix.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { endOf, openPair } from './support/pair.ts';
import type { Random } from './support/random.ts';

/**
 * If this fails, somebody sends their pictures of ten years, and one of a hundred thousand is missing; or
 * everything else stands while they are counted.
 */

const MOST_BYTES = 40;
/** Of a machine that has other things to do: what is seen is told, and is far below. */
const LONGEST_STALL_MS = 1_000;

/** Tiny files, in one folder or in many, of so many entries altogether. */
function putMany(root: string, entries: number, random: Random): string {
  const isFlat = random.chance(0.3);
  mkdirSync(root, { recursive: true });
  let left = entries - 1;
  for (let folder = 0; left > 0; folder++) {
    const within = isFlat ? root : join(root, `f${folder % 40}`, `g${folder}`);
    left -= isFlat ? 0 : newFolders(root, within, folder);
    const files = Math.min(left, isFlat ? left : random.int(0, 200));
    for (let n = 0; n < files; n++) {
      const content = `${folder} ${n} `.padEnd(random.int(1, MOST_BYTES), 'x');
      writeFileSync(join(within, `${n}-${folder}.txt`), random.chance(0.02) ? '' : content);
    }
    left -= files;
  }
  return root;
}

/** Answers how many. */
function newFolders(root: string, path: string, nth: number): number {
  if (nth < 40) mkdirSync(join(root, `f${nth}`));
  mkdirSync(path);
  return nth < 40 ? 2 : 1;
}

function stallsIn(folder: string): string {
  const longest = readdirSync(folder).map((thread) => {
    const ms = Number(readFileSync(join(folder, thread), 'utf8'));
    if (ms > LONGEST_STALL_MS) throw new Error(`${thread} did nothing else for ${ms} ms`);
    return `${thread} ${ms} ms`;
  });
  return longest.join(', ');
}

promise({
  id: 'F17',
  says: 'thousands of tiny files arrive, each whole and each once',
  quick: 1,
  full: 20,
  run: async (random, trial) => {
    // the disk of this machine is not what is tried
    const fsync = ((_fd: number, done: (error: null) => void) =>
      setImmediate(done, null)) as unknown as FileSystem['fsync'];
    const { bench, sender, receiver } = await openPair(trial, { receiver: { fs: { fsync } } });
    const entries = random.int(2_000, 4_000);
    const folder = putMany(bench.path('source', 'many'), entries, random);
    const id = await sender.send([folder], receiver.port);
    const sent = await endOf(sender, id);
    if (sent.kind !== 'delivered' || sent.failed.length > 0) throw new Error(JSON.stringify(sent));
    await receiver.outcome('delivered', id);
    await mustBeRight(receiver.directory, sentAs([folder]));
    return undefined;
  },
});

/** Its threads tell how long they did nothing else. */
async function startTold(trial: Trial, name: string) {
  const stalls = trial.path(`${name}-stalls`);
  mkdirSync(stalls);
  return { engine: await startChild(trial, name, { env: { DROPLINE_STALLS: stalls } }), stalls };
}

promise({
  id: 'F17c',
  says: 'a hundred thousand files arrive, and nothing stands still meanwhile',
  quick: 0,
  full: 4,
  patienceMs: 8 * 60_000,
  run: async (random, trial) => {
    const folder = putMany(trial.path('many'), MAX_ENTRIES, random);
    const [anna, ben] = await Promise.all([startTold(trial, 'anna'), startTold(trial, 'ben')]);
    const startMs = performance.now();
    const id = await anna.engine.send([folder], ben.engine.port);
    const { failed } = await anna.engine.until(id, 'delivered');
    if (failed.count > 0) throw new Error(JSON.stringify(failed));
    await ben.engine.when(({ transfers }) => transfers.every((t) => t.phase === 'delivered'));
    const tookS = Math.round((performance.now() - startMs) / 1_000);
    await mustBeRight(ben.engine.directory, sentAs([folder]));
    const told = `anna: ${stallsIn(anna.stalls)}; ben: ${stallsIn(ben.stalls)}`;
    console.log(`F17c, seed ${trial.turn}: ${tookS} s; the longest stalls: ${told}`);
    return undefined;
  },
});
