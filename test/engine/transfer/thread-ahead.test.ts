import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { startThread, startThreadAhead } from '../../../electron/engine/transfer/thread-ahead.ts';

/** Threads that are started before anybody wants them. */

const script = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
const ECHO = script(
  "import { parentPort } from 'node:worker_threads'; parentPort.on('message', (m) => parentPort.postMessage(m));",
);
const BROKEN = script("throw new Error('broken');");

const threads: Worker[] = [];
const opened = (): Promise<Worker> =>
  new Promise((resolve) => {
    process.once('worker', resolve);
  });
const take = (url: URL): Worker => {
  const worker = startThread(url);
  threads.push(worker);
  return worker;
};

afterEach(async () => {
  await Promise.all(threads.splice(0).map((worker) => worker.terminate()));
});

it('the one that was started ahead is taken, by the first who wants it', async () => {
  const created = opened();
  startThreadAhead(ECHO);
  const ahead = await created;
  const first = take(ECHO);
  expect(first).toBe(ahead);
  first.postMessage('hello');
  expect(await once(first, 'message')).toEqual(['hello']);
  expect(take(ECHO)).not.toBe(ahead);
});

it('what is not in use any more is not let pile up as where there is memory for all', () => {
  expect(take(ECHO).resourceLimits?.maxOldGenerationSizeMb).toBeLessThan(2_048);
});

it('another is started where it is another that is wanted', () => {
  startThreadAhead(ECHO);
  const other = take(BROKEN);
  other.on('error', () => undefined);
  expect(other).not.toBe(take(ECHO));
});

/** If this fails, a thread that could not start leaves whoever takes it waiting for good. */
it('one that broke ahead is forgotten, and who wants it is told what is wrong', async () => {
  const created = opened();
  startThreadAhead(BROKEN);
  await once(await created, 'exit').catch(() => undefined);
  const [error] = (await once(take(BROKEN), 'error')) as [Error];
  expect(error.message).toBe('broken');
});
