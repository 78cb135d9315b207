import fs from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { realClock, realFileSystem } from './ports.ts';
import { ReceiveHost } from './receive-host.ts';
import type { FromReceiveWorker, ToReceiveWorker } from './worker-messages.ts';

/** The thread that listens, and writes what comes. A socket cannot change threads, so it owns the port. */
const disk = { ...realFileSystem, fsyncAtOnce: fs.fsyncSync };
const receiver = new ReceiveHost(disk, realClock, (message: FromReceiveWorker) => {
  parentPort?.postMessage(message);
});

parentPort?.on('message', (message: ToReceiveWorker) => {
  void receiver.handle(message);
});
