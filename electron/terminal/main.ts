#!/usr/bin/env node
import { startThreadAhead } from '../engine/transfer/thread-ahead.ts';

/** What a command is going to want. A word that is no command costs a thread that nobody takes. */
const THREADS: ReadonlyMap<string, string> = new Map([
  ['send', './send-worker.js'],
  ['receive', './receive-worker.js'],
  ['console', './receive-worker.js'],
]);

// fsync waits in this pool: many files may wait for the disk at once. It counts before first use only.
process.env['UV_THREADPOOL_SIZE'] ??= '16';

const thread = process.argv.map((word) => THREADS.get(word)).find((name) => name !== undefined);
if (thread !== undefined) startThreadAhead(new URL(thread, import.meta.url));

// not before: it loads all the rest
const { runLine } = await import('./command-line.ts');
await runLine();
