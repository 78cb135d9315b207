import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is still in use once all garbage is collected: objects, and the buffers beside them. */
export function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let n = 0; n < 3; n++) gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
