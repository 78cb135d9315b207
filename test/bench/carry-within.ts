import type { Place } from './place.ts';
import type { Program } from './programs.ts';

const LEAST_MS = 5 * 60_000;
const FILE_MS = 10;
const BYTES_PER_MS = 10_000;

/** Far beyond what the slowest contender needs on a slow disk: who is not done by then hangs. */
export function limitMsOf(bytes: number, files: number): number {
  return LEAST_MS + files * FILE_MS + bytes / BYTES_PER_MS;
}

/** Where it fails, or is not done in time, all that it has started at that place is ended. */
export async function carryWithin<T>(
  limitMs: number,
  place: Place,
  carry: (place: Place) => Promise<T>,
): Promise<T> {
  const started: Program[] = [];
  const late = new Error(`not done in ${(limitMs / 1000).toFixed(0)} s`);
  let isLate = false;
  const keep = (start: Place['startServer']): Place['startServer'] => {
    return (...words) => {
      if (isLate) throw late;
      const program = start(...words);
      started.push(program);
      return program;
    };
  };
  let onLate: () => void = () => undefined;
  const tooLate = new Promise<never>((_, reject) => (onLate = () => reject(late)));
  const timer = setTimeout(() => {
    isLate = true;
    onLate();
  }, limitMs);
  const kept: Place = {
    address: place.address,
    startServer: keep((...words) => place.startServer(...words)),
    startClient: keep((...words) => place.startClient(...words)),
  };
  try {
    return await Promise.race([carry(kept), tooLate]);
  } catch (error) {
    // nothing of it is counted any more
    for (const program of started) program.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
