import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { Proxy } from '../../support/proxy.ts';
import { putFile } from '../../support/trees.ts';
import type { ChildEngine, ChildOptions } from './child-engines.ts';
import { startChild } from './child-engines.ts';
import type { Trial } from './matrix.ts';
import { putSelection } from './pair.ts';
import type { Random } from './random.ts';

/** Two whole engines on loopback, to be killed in the middle of what they do. */

const MIB = 1024 * 1024;
/** The window and one block: what may be on its way when an engine dies. */
export const MOST_SENT_AGAIN_BYTES = 9 * MIB;
/** From the byte that is seen on the wire to the kill. */
const LATEST_KILL_MS = 8;
/** At files that grow. */
const LOOK_EVERY_MS = 2;

/** Redials, heartbeats and looks for a peer come ten times as often; nothing else changes. */
export const QUICK = { DROPLINE_CLOCK_SPEED: '10' };

export interface Engines {
  readonly anna: ChildEngine;
  readonly ben: ChildEngine;
  readonly proxy: Proxy;
}

export async function startBoth(trial: Trial, more: ChildOptions = {}): Promise<Engines> {
  const [anna, ben] = await Promise.all([
    startChild(trial, 'anna', { env: QUICK }),
    startChild(trial, 'ben', { env: QUICK, ...more }),
  ]);
  const proxy = await Proxy.open(ben.port);
  trial.atEnd(() => proxy.stop());
  return { anna, ben, proxy };
}

/** Ben again, at another port, behind the same wire. */
export async function restartBen(
  trial: Trial,
  proxy: Proxy,
  more: ChildOptions = {},
): Promise<ChildEngine> {
  proxy.refuse(true);
  const ben = await startChild(trial, 'ben', { env: QUICK, ...more });
  proxy.retarget(ben.port);
  proxy.refuse(false);
  return ben;
}

/** Mostly one large file, now and then many things. */
export function putForKill(trial: Trial, random: Random): { paths: string[]; bytes: number } {
  if (random.chance(0.3)) {
    const paths = putSelection(trial.path('source'), random, 6 * MIB);
    return { paths, bytes: 6 * MIB };
  }
  const bytes = random.int(10 * MIB, 32 * MIB);
  const path = putFile(trial.path('source', 'film.bin'), bytes, random.int(1, 1_000_000));
  return { paths: [path], bytes };
}

/** A person who says yes to the first offer that comes, but does not want the top thing of that name. */
export async function acceptWithout(ben: ChildEngine, name: string): Promise<void> {
  const { id } = await ben.when(({ transfers }) =>
    transfers.find(({ phase }) => phase === 'offered'),
  );
  const choice = [{ path: [name], wanted: false }];
  await ben.command('answer', { transferId: id, accept: true, folderId: null, choice });
}

/** How far a transfer is: by its wire, or where lanes go around that by what its receiver has written. */
export interface Course {
  readonly proxy: Proxy;
  readonly directory: string;
  readonly ended: Promise<unknown>;
}

/** Kills so many bytes later, and a moment. A transfer that ends before is killed at its end. */
export async function killAfter(
  engine: ChildEngine,
  bytes: number,
  { proxy, directory, ended }: Course,
  random: Random,
): Promise<void> {
  const laterMs = random.int(0, LATEST_KILL_MS);
  const isOver = ended.catch(() => undefined);
  if (proxy.letsLanesAround) await whenWritten(directory, bytes, isOver);
  else await Promise.race([proxy.whenForwarded(proxy.forwardedBytes + bytes), isOver]);
  await delay(laterMs);
  await engine.kill();
}

async function whenWritten(
  directory: string,
  bytes: number,
  over: Promise<unknown>,
): Promise<void> {
  const state = { isOver: false };
  void over.then(() => (state.isOver = true));
  while (!state.isOver && bytesBelow(directory) < bytes) await delay(LOOK_EVERY_MS);
}

function bytesBelow(directory: string): number {
  const paths = readdirSync(directory, { recursive: true }) as string[];
  return paths.reduce((sum, path) => {
    const stat = statSync(join(directory, path), { throwIfNoEntry: false }); // it may just get its name
    return sum + (stat?.isFile() === true ? stat.size : 0);
  }, 0);
}

/** What went over the wire although the other side had it already. */
export function mustNotSendMuchAgain(sentBytes: number, totalBytes: number, kills: number): void {
  const again = sentBytes - totalBytes;
  if (again > kills * MOST_SENT_AGAIN_BYTES) throw new Error(`${again} bytes were sent again`);
}

/** The one transfer that came to this engine, in whatever life of it. */
export function receivedId(engine: ChildEngine): TransferId | null {
  const received = engine.snapshot.transfers.filter((t) => t.direction === 'receive');
  if (received.length > 1) throw new Error(`received twice: ${JSON.stringify(received)}`);
  return received[0]?.id ?? null;
}
