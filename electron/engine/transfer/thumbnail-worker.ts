import { parentPort } from 'node:worker_threads';
import { makeThumbnail } from './make-thumbnail.ts';

/** The thread that decodes pictures. Where its decoder gives up it dies, and another one goes on. */
parentPort?.on('message', (picture: Uint8Array<ArrayBuffer>) => {
  parentPort?.postMessage(makeThumbnail(picture));
});
