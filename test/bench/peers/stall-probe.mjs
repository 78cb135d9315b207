import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/**
 * Goes into Dropline by NODE_OPTIONS: measures how long the main thread is busy at a stretch between the
 * first `progress` and `delivered` that it says, and writes that to STALL_PROBE.
 */
const RESOLUTION_MS = 1;

if (isMainThread && process.env.STALL_PROBE) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text, ...more) => {
    if (String(text).startsWith('{"event":"progress"')) delays.enable();
    if (String(text).startsWith('{"event":"delivered"')) {
      delays.disable();
      const longestMs = Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
      writeFileSync(process.env.STALL_PROBE, String(longestMs));
    }
    return write(text, ...more);
  };
}
