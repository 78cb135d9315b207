import { readdirSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, threadId } from 'node:worker_threads';

/**
 * Goes into every thread of a program by NODE_OPTIONS, and keeps in SOAK_PROBE.<thread> what the thread has in
 * its hands. Its own timer keeps nothing alive and is not counted. The heap is what is left after a whole
 * collection: garbage that waits for one says nothing.
 */
const EVERY_MS = 5000;
/** Requests that come and go, and not what a program forgot. */
const PASSING = /Req|^(?:WriteWrap|ShutdownWrap|TCPConnectWrap)$/;
const file = process.env.SOAK_PROBE;

if (file) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  setInterval(() => {
    collect();
    const active = process.getActiveResourcesInfo();
    const resources = active.filter((kind) => !PASSING.test(kind)).length;
    const { rss, heapUsed } = process.memoryUsage();
    const whole = isMainThread && {
      residentBytes: rss,
      descriptors: readdirSync('/proc/self/fd').length,
    };
    writeFileSync(
      `${file}.${threadId}`,
      JSON.stringify({ resources, heapBytes: heapUsed, ...whole }),
    );
  }, EVERY_MS).unref();
}
