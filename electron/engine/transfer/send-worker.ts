import { parentPort } from 'node:worker_threads';
import { realClock, realFileSystem } from './ports.ts';
import { SendHost } from './send-host.ts';
import { ThumbnailThread } from './thumbnail-thread.ts';
import { ThumbnailTurns } from './thumbnail-turns.ts';
import type { FromSendWorker, ToSendWorker } from './worker-messages.ts';

/** The thread that dials out, reads, hashes and sends. */
const workers = new URL('./', import.meta.url);
const thumbnails = new ThumbnailTurns(new ThumbnailThread(realClock, workers));
const host = new SendHost(
  realFileSystem,
  realClock,
  (message: FromSendWorker) => {
    parentPort?.postMessage(message);
  },
  () => thumbnails.open(),
);

parentPort?.on('message', (message: ToSendWorker) => {
  void host.handle(message);
});
