import { parentPort } from 'node:worker_threads';
import { SendHost } from '../../../electron/engine/transfer/send-host.ts';
import type {
  FromSendWorker,
  ToSendWorker,
} from '../../../electron/engine/transfer/worker-messages.ts';
import { clockUnderTest, fileSystemUnderTest } from './faulty-ports.ts';
import { followCalendar } from './wrong-calendar.ts';
import { tellStalls } from './stalls.ts';

/** send-worker.ts, on ports that fail as the environment says. */
followCalendar();
const post = (message: FromSendWorker): void => parentPort?.postMessage(message);
const host = new SendHost(fileSystemUnderTest(), clockUnderTest(), post);

tellStalls('send');
parentPort?.on('message', (message: ToSendWorker) => {
  void host.handle(message);
});
