import type { Entry } from '../../../shared/protocol/messages.ts';
import type { FileSystem } from './ports.ts';
import type { Staging } from './staging.ts';
import type { SyncQueue } from './sync-queue.ts';
import { attempt } from './system-errors.ts';

/** A file system that cannot hold this time still holds the file. */
export function setFileTime(fs: FileSystem, fd: number, entry: Entry | undefined): void {
  if (entry?.modifiedUs === undefined) return;
  const seconds = secondsOf(entry.modifiedUs);
  attempt(() => {
    fs.futimesSync(fd, seconds, seconds);
  });
}

/**
 * Gives every staged directory its time and makes its names durable, deepest first: writing into a
 * directory changes its time. `mustGoOn` throws where nobody wants it any more. Throws DISK_ERROR.
 */
export async function finishDirectories(
  fs: FileSystem,
  staging: Staging,
  entries: readonly Entry[],
  syncs: SyncQueue,
  mustGoOn: () => void,
): Promise<void> {
  const times = new Map<string, number>();
  entries.forEach((entry, index) => {
    if (entry.kind === 'directory' && entry.modifiedUs !== undefined) {
      times.set(staging.pathOf(index), entry.modifiedUs);
    }
  });
  for (const path of staging.directories) {
    mustGoOn();
    const modifiedUs = times.get(path);
    if (modifiedUs !== undefined) {
      const seconds = secondsOf(modifiedUs);
      attempt(() => {
        fs.utimesSync(path, seconds, seconds);
      });
    }
    await syncs.directory(path);
  }
  await syncs.settled();
  mustGoOn();
}

/** A quarter of a microsecond more: what the system cuts off must not reach the next lower one. */
function secondsOf(modifiedUs: number): number {
  return (modifiedUs + 0.25) / 1e6;
}
