import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What this process holds of the system: descriptors, sockets, timers. */

const LONGEST_MS = 3_000;
const LOOK_EVERY_MS = 10;
/** Come and go by themselves. */
const OWN: ReadonlySet<string> = new Set(['Immediate', 'FSReqPromise', 'FSReqCallback']);

function descriptors(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`).replace(/\d+/g, '')];
    } catch {
      return []; // the one that lists them
    }
  });
}

function holdings(): Map<string, number> {
  const counts = new Map<string, number>();
  const resources = process.getActiveResourcesInfo().filter((kind) => !OWN.has(kind));
  for (const kind of [...resources, ...descriptors()]) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function moreThan(before: ReadonlyMap<string, number>): string[] {
  return [...holdings()]
    .filter(([kind, count]) => count > (before.get(kind) ?? 0))
    .map(([kind, count]) => `${kind}: ${count} (before: ${before.get(kind) ?? 0})`);
}

/** Remembers what is held now. The answer waits until there is no more of it, or throws. */
export function holdBaseline(): () => Promise<void> {
  const before = holdings();
  return async () => {
    const last = performance.now() + LONGEST_MS;
    while (moreThan(before).length > 0 && performance.now() < last) await delay(LOOK_EVERY_MS);
    const more = moreThan(before);
    if (more.length > 0) throw new Error(`still held: ${more.join(', ')}`);
  };
}
