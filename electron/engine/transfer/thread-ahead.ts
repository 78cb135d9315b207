import { Worker } from 'node:worker_threads';

/**
 * What the threads make is gone at once: frames, entries, chunks of the socket. A small nursery gives it
 * back often and for little. A larger one fills so slowly that the content, which is not in it, makes V8
 * look through everything instead: 30 times for each GiB, a fifth of all that the receiver does.
 */
const MAX_YOUNG_MIB = 1;

/**
 * Far beyond what the lists of all sessions may take. From 2 GiB on V8 lets four times what is in use pile up
 * before it clears away what is not, and below that twice: of 99,000 files that is 25 MiB, for no more work.
 */
const MAX_OLD_MIB = 2_000;

/** By the address of what it runs. */
const ahead = new Map<string, Worker>();

/**
 * Before there is an engine that could want it: a thread loads for as long as the main thread does, and a
 * second core has nothing else to do then. Nothing waits for it; it ends with the process if nobody takes
 * it.
 */
export function startThreadAhead(url: URL): void {
  const worker = newThread(url);
  worker.unref();
  const forget = (): void => void ahead.delete(url.href);
  // whoever wants it then starts another, and hears what is wrong with that
  worker.once('error', forget).once('exit', forget);
  ahead.set(url.href, worker);
}

/** The one that was started ahead, where there is one. */
export function startThread(url: URL): Worker {
  const worker = ahead.get(url.href);
  if (!worker) return newThread(url);
  ahead.delete(url.href);
  worker.removeAllListeners();
  worker.ref();
  return worker;
}

function newThread(url: URL): Worker {
  const maxYoungGenerationSizeMb = MAX_YOUNG_MIB;
  const maxOldGenerationSizeMb = MAX_OLD_MIB;
  return new Worker(url, { resourceLimits: { maxYoungGenerationSizeMb, maxOldGenerationSizeMb } });
}
