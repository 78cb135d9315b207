import { spawn } from 'node:child_process';
import { openSync, closeSync, mkdirSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../shared/errors.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import type { Launch } from '../support/command.ts';
import { Proxy } from '../support/proxy.ts';
import { putFile } from '../support/trees.ts';
import { startChild } from './support/child-engines.ts';
import type { FullAt } from './support/full-disk.ts';
import { FULL_AT, FullDisk } from './support/full-disk.ts';
import { QUICK, mustNotSendMuchAgain } from './support/killed.ts';
import type { Trial } from './support/matrix.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import type { Pair } from './support/pair.ts';
import { openPair, putSelection } from './support/pair.ts';
import type { Random } from './support/random.ts';

/**
 * If this fails, a film of 40 GB that did not fit is begun again after somebody has made room; or nobody
 * learns how much room it takes; or a computer with a full disk reads all that it has, over and over.
 */

const MIB = 1024 * 1024;
/** A look takes no more than the journal. */
const MOST_READ_BYTES = 256 * 1024;

/** Somebody presses "try now" whenever the sender waits for room. */
async function tryAtOnce({ sender }: Pair, id: TransferId): Promise<never> {
  for (let nth = 1; ; nth++) {
    await sender.event('interrupted', id, nth);
    await sender.say('resume', id);
  }
}

function mustBeFull({ code, details }: Failure): void {
  if (code !== 'DISK_FULL') throw new Error(`${code}: ${JSON.stringify(details)}`);
}

function mustNameTheNeed(failure: Failure, leastBytes: number): void {
  mustBeFull(failure);
  const { bytes, freeBytes } = failure.details;
  const isNamed = typeof bytes === 'number' && typeof freeBytes === 'number';
  if (!isNamed || bytes < leastBytes || bytes <= freeBytes) {
    throw new Error(`does not say what it needs: ${JSON.stringify(failure)}`);
  }
}

function bytesOf({ versions }: ReturnType<typeof sentAs>): number {
  return Object.values(versions).reduce((n, [version]) => n + (version?.bytes ?? 0), 0);
}

/** Resolves when the disk has been met so often; false: all was there before. */
async function metFull({ sender, receiver }: Pair, id: TransferId, times: number) {
  const arrived = receiver.event('ended', id).then(() => false);
  const met = receiver.event('interrupted', id, times).then(() => true);
  const isMet = await Promise.race([met, arrived]);
  if (!isMet) return false;
  for (const side of [sender, receiver]) {
    for (const { failure } of side.all('interrupted', id)) mustBeFull(failure);
  }
  return true;
}

async function refusedBefore(pair: Pair, paths: readonly string[]): Promise<void> {
  const { sender, receiver, proxy } = pair;
  const id = await sender.send(paths, proxy.port);
  mustBeFull((await sender.outcome('failed', id)).failure);
  mustNameTheNeed((await receiver.outcome('failed', id)).failure, bytesOf(sentAs(paths)));
  const left = [receiver.directory, join(receiver.home, 'journal')].flatMap((path) =>
    readdirSync(path),
  );
  if (left.length > 0) throw new Error(`left: ${left.join()}`);
}

/** The disk is full until it was met a few times. */
async function pausedUntilThereIsRoom(
  pair: Pair,
  disk: FullDisk,
  at: FullAt,
  paths: readonly string[],
  random: Random,
): Promise<void> {
  const { sender, receiver, proxy } = pair;
  const expected = sentAs(paths);
  const looks = random.int(1, 5);
  const id = await sender.send(paths, proxy.port);
  void tryAtOnce(pair, id);
  await receiver.event('started', id);
  const some = proxy.whenForwarded(random.int(1, 4 * MIB));
  if (at === 'middle') await Promise.race([some, receiver.event('ended', id)]);
  disk.full = true;
  if (await metFull(pair, id, looks)) {
    if (disk.open.size > 0) throw new Error(`${disk.open.size} files stay open`);
    await mustBeRight(receiver.directory, { ...expected, must: [], leftovers: true });
    if (at === 'middle' && disk.freeBytes !== null) {
      for (const { failure } of receiver.all('interrupted', id)) mustNameTheNeed(failure, 1);
      if (disk.readBytes > MOST_READ_BYTES) throw new Error(`${disk.readBytes} bytes read again`);
    }
  }
  disk.full = false;
  const { failed, sentBytes } = await sender.outcome('delivered', id);
  if (failed.count > 0) throw new Error(JSON.stringify(failed));
  await receiver.outcome('delivered', id);
  const cuts = receiver.all('started', id).length - 1;
  if (at === 'middle') mustNotSendMuchAgain(sentBytes, bytesOf(expected), cuts);
}

promise({
  id: 'F07',
  says: 'a disk that is full refuses at once or lets it wait, and with room all of it arrives',
  quick: 8,
  full: FULL_AT.length * 25,
  run: async (random, trial) => {
    const at = FULL_AT[trial.turn % FULL_AT.length]!;
    const disk = new FullDisk(at);
    if (at !== 'before' && random.chance(0.3)) disk.freeBytes = null;
    disk.left = random.pick([0, random.int(1, MIB)]);
    trial.note(`${at}, tells ${disk.freeBytes}, ${disk.left} still fit`);
    const pair = await openPair(trial, { receiver: { fs: disk.fs } });
    const { bench, sender, receiver, proxy } = pair;
    const folder = bench.path('source');
    const paths = [
      ...putSelection(folder, random, MIB),
      putFile(join(folder, 'film.bin'), random.int(6 * MIB, 12 * MIB), random.int(1, 1_000_000)),
    ];
    if (at === 'before') {
      disk.full = true;
      await refusedBefore(pair, paths);
      disk.full = false;
      await sender.outcome('delivered', await sender.send(paths, proxy.port));
    } else await pausedUntilThereIsRoom(pair, disk, at, paths, random);
    await mustBeRight(receiver.directory, sentAs(paths));
    return undefined;
  },
});

const TMPFS_BYTES = 8 * MIB;

/** Starts a program that sees a small disk of its own there. */
function onSmallDisk(directory: string): Launch {
  const mounted = 'mount -t tmpfs -o "size=$0" tmpfs "$1" && shift && exec "$@"';
  const inside = ['-Urm', 'sh', '-c', mounted, String(TMPFS_BYTES), directory];
  return (command, args, options) => spawn('unshare', [...inside, command, ...args], options);
}

/** Takes all the room there is. */
function fill(path: string): void {
  const fd = openSync(path, 'w');
  try {
    for (;;) writeSync(fd, Buffer.alloc(64 * 1024, 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(fd);
  }
}

/** Why it stands still; null: it does not. */
function failureOf(transfers: readonly Transfer[], wanted: TransferId): Failure | null {
  const own = transfers.find(({ id }) => id === wanted);
  return own?.phase === 'interrupted' ? own.failure : null;
}

async function startOnSmallDisk(trial: Trial) {
  const directory = trial.path('ben-inbox');
  mkdirSync(directory);
  const launch = onSmallDisk(directory);
  const env = { ...QUICK, DROPLINE_DISK_BYTES_PER_SECOND: String(6 * MIB) };
  const ben = await startChild(trial, 'ben', { launch, env });
  return { ben, inbox: join(`/proc/${ben.pid}/root`, directory) };
}

promise({
  id: 'F07r',
  says: 'a small disk that somebody else fills is no end: with room it goes on by itself',
  quick: 1,
  full: 25,
  onlyOn: 'linux',
  run: async (random, trial) => {
    const anna = await startChild(trial, 'anna', { env: QUICK });
    const { ben, inbox } = await startOnSmallDisk(trial);
    const proxy = await Proxy.open(ben.port);
    trial.atEnd(() => proxy.stop());
    const put = (name: string, bytes: number): string =>
      putFile(trial.path('source', name), bytes, random.int(1, 1_000_000));

    const tooBig = await anna.send([put('long film.bin', TMPFS_BYTES)], proxy.port);
    mustBeFull((await anna.until(tooBig, 'failed')).failure);
    mustNameTheNeed((await ben.until(tooBig, 'failed')).failure, TMPFS_BYTES);
    if (readdirSync(inbox).length > 0) throw new Error('something was left');

    const path = put('film.bin', random.int(4 * MIB, 7 * MIB));
    const sentBefore = proxy.forwardedBytes;
    const id = await anna.send([path], proxy.port);
    await proxy.whenForwarded(sentBefore + random.int(1, 2 * MIB));
    fill(join(inbox, 'of somebody else'));
    // a wire that breaks first, on a slow computer, is dialled again and meets the full disk then
    await anna.when(({ transfers }) => failureOf(transfers, id)?.code === 'DISK_FULL');
    await ben.when(({ transfers }) => failureOf(transfers, id)?.details['bytes'] !== undefined);
    rmSync(join(inbox, 'of somebody else'));
    const { failed } = await anna.until(id, 'delivered');
    if (failed.count > 0) throw new Error(JSON.stringify(failed));
    await ben.until(id, 'delivered');
    await mustBeRight(inbox, sentAs([path]));
    return undefined;
  },
});
