import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

/**
 * Goes into Dropline by NODE_OPTIONS: measures how long the main thread is busy at a stretch between the
 * first `progress` and `delivered` that it says, and writes that to STALL_PROBE as JSON. A thread beside it
 * that has nothing to do is measured in the same way: whatever holds that one up is the machine.
 */
const RESOLUTION_MS = 1;
const BESIDE = 'idle thread beside';

const isBeside = !isMainThread && workerData === BESIDE;
if (isMainThread && process.env.STALL_PROBE) watchMainThread(process.env.STALL_PROBE);
if (isBeside) watchItself();

function watchMainThread(file) {
  const beside = new Worker(new URL(import.meta.url), { workerData: BESIDE });
  beside.unref();
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const write = process.stdout.write.bind(process.stdout);
  let isOver = false;
  process.stdout.write = (text, ...more) => {
    if (isOver) return write(text, ...more);
    if (String(text).startsWith('{"event":"progress"')) {
      delays.enable();
      beside.postMessage('start');
    }
    if (String(text).startsWith('{"event":"delivered"')) {
      isOver = true;
      delays.disable();
      const mainMs = longestMs(delays);
      // keeps the program until the thread has answered
      beside.ref();
      beside.postMessage('end');
      void once(beside, 'message').then(([besideMs]) => {
        writeFileSync(file, JSON.stringify({ mainMs, besideMs }));
        void beside.terminate();
      });
    }
    return write(text, ...more);
  };
}

function watchItself() {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  parentPort.on('message', (word) => {
    if (word === 'start') delays.enable();
    else parentPort.postMessage(longestMs(delays));
  });
}

function longestMs(delays) {
  delays.disable();
  return Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
}
