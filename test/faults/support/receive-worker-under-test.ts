import { parentPort } from 'node:worker_threads';
import { ReceiveHost } from '../../../electron/engine/transfer/receive-host.ts';
import type {
  FromReceiveWorker,
  ToReceiveWorker,
} from '../../../electron/engine/transfer/worker-messages.ts';
import { clockUnderTest, fileSystemUnderTest } from './faulty-ports.ts';
import { followCalendar } from './wrong-calendar.ts';
import { tellStalls } from './stalls.ts';

/** receive-worker.ts, on ports that fail as the environment says. */
followCalendar();
const post = (message: FromReceiveWorker): void => parentPort?.postMessage(message);
const host = new ReceiveHost(fileSystemUnderTest(), clockUnderTest(), post);

tellStalls('receive');
parentPort?.on('message', (message: ToReceiveWorker) => {
  void host.handle(message);
});
