import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LimitedBy } from '../../shared/model/limit.ts';
import { Proxy } from '../support/proxy.ts';
import { putFile } from '../support/trees.ts';
import type { ChildEngine } from './support/child-engines.ts';
import { startChild } from './support/child-engines.ts';
import { mustNotSendMuchAgain } from './support/killed.ts';
import type { Trial } from './support/matrix.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import type { Random } from './support/random.ts';

/**
 * If this fails, whoever sends to a slow stick or an old disk sees the program take more and more memory
 * until the system ends it; or a receiver that is only slow is taken for dead, again and again.
 */

const MIB = 1024 * 1024;
const MOST_GROWTH_BYTES = 64 * MIB;
/** The window, and what the frames take that its bytes are in. */
const MOST_AHEAD_BYTES = 10 * MIB;
const LOOK_EVERY_MS = 10;

interface Slow {
  readonly fileBytes: number;
  readonly bytesPerSecond: number;
  readonly cuts: number;
}

/** What the receiver has on its disk, by whatever name. */
function writtenIn(directory: string): number {
  const names = readdirSync(directory);
  return names.reduce((bytes, name) => {
    const stat = statSync(join(directory, name), { throwIfNoEntry: false });
    return Math.max(bytes, stat?.size ?? 0);
  }, 0);
}

/** Throws where it never says so before the end. */
async function says(child: ChildEngine, limitedBy: LimitedBy, ended: Promise<unknown>) {
  const said = child.when(({ transfers }) =>
    transfers.some((one) => one.phase === 'transferring' && one.limitedBy === limitedBy),
  );
  said.catch(() => undefined);
  const over = ended.then(() => 'over');
  if ((await Promise.race([said, over])) === 'over') throw new Error(`never said ${limitedBy}`);
}

/** Sends a file to a disk that is slower than the wire. */
async function sendToSlowDisk(trial: Trial, random: Random, slow: Slow): Promise<void> {
  const { fileBytes, bytesPerSecond, cuts } = slow;
  const env = { DROPLINE_DISK_BYTES_PER_SECOND: String(bytesPerSecond) };
  const [anna, ben] = await Promise.all([
    startChild(trial, 'anna'),
    startChild(trial, 'ben', { env }),
  ]);
  const proxy = await Proxy.open(ben.port);
  // only its window holds the sender back
  proxy.takesAll = cuts === 0;
  trial.atEnd(() => proxy.stop());
  const path = putFile(trial.path('source', 'film.bin'), fileBytes, random.int(1, 1_000_000));
  let mostAheadBytes = 0;
  const looking = setInterval(() => {
    const { forwardedBytes } = proxy; // first: what is written meanwhile is not ahead
    mostAheadBytes = Math.max(mostAheadBytes, forwardedBytes - writtenIn(ben.directory));
  }, LOOK_EVERY_MS);
  trial.atEnd(async () => clearInterval(looking));
  const id = await anna.send([path], proxy.port);
  const ended = anna.until(id, 'delivered');
  ended.catch(() => undefined);
  const limits: Promise<unknown>[] =
    cuts > 0 ? [] : [says(anna, 'theirDisk', ended), says(ben, 'ourDisk', ended)];
  // what both need in any case is there by now
  await Promise.race([proxy.whenForwarded(fileBytes / 8), ended]);
  const before = [anna, ben].map(({ rssBytes }) => rssBytes);
  for (let cut = 1; cut <= cuts; cut++) {
    await Promise.race([proxy.whenForwarded((fileBytes * (1 + cut)) / (cuts + 2)), ended]);
    proxy.cut();
  }
  const { sentBytes, failed } = await ended;
  if (failed.count > 0) throw new Error(JSON.stringify(failed));
  const growths = [anna, ben].map(({ peakBytes }, n) => peakBytes - (before[n] ?? 0));
  trial.note(`grew by ${growths.join(' and ')}, ${mostAheadBytes} ahead`);
  if (growths.some((bytes) => bytes >= MOST_GROWTH_BYTES)) throw new Error('too much memory');
  if (cuts === 0 && mostAheadBytes > MOST_AHEAD_BYTES) throw new Error('the sender did not wait');
  await Promise.all(limits);
  // a wire that was not cut was never taken for dead
  if (proxy.count > 1 + cuts) throw new Error(`dialled ${proxy.count} times`);
  mustNotSendMuchAgain(sentBytes, fileBytes, cuts);
  await ben.when(({ transfers }) => transfers.every(({ phase }) => phase === 'delivered'));
  await mustBeRight(ben.directory, sentAs([path]));
}

promise({
  id: 'F06',
  says: 'a slow disk slows its sender down, and neither takes more memory for it',
  quick: 1,
  full: 10,
  patienceMs: 180_000,
  onlyOn: 'linux',
  run: async (random, trial) => {
    // the few tries of every day are short: an end that keeps all that comes shows it by then
    const isShort = process.env['VITEST'] !== undefined;
    const fileBytes = (isShort ? 96 : 256) * MIB + random.int(0, 16 * MIB);
    const bytesPerSecond = random.int(24 * MIB, 32 * MIB);
    await sendToSlowDisk(trial, random, { fileBytes, bytesPerSecond, cuts: 0 });
    return undefined;
  },
});

promise({
  id: 'F06c',
  says: 'a slow disk whose wire is cut goes on where it was',
  quick: 1,
  full: 3,
  patienceMs: 180_000,
  onlyOn: 'linux',
  run: async (random, trial) => {
    const bytesPerSecond = random.int(16 * MIB, 24 * MIB);
    await sendToSlowDisk(trial, random, { fileBytes: 32 * MIB, bytesPerSecond, cuts: 2 });
    return undefined;
  },
});
