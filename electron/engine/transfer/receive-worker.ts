import { parentPort } from 'node:worker_threads';
import { realClock, realFileSystem } from './ports.ts';
import { ReceiveHost } from './receive-host.ts';
import type { FromReceiveWorker, ToReceiveWorker } from './worker-messages.ts';

/** The thread that listens, and writes what comes. A socket cannot change threads, so it owns the port. */
const receiver = new ReceiveHost(realFileSystem, realClock, (message: FromReceiveWorker) => {
  parentPort?.postMessage(message);
});

parentPort?.on('message', (message: ToReceiveWorker) => {
  void receiver.handle(message);
});
