import { join } from 'node:path';
import type { Entries } from '../../../shared/protocol/messages.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { setDirectoryTime } from './modified-times.ts';
import type { MergedFolders } from './merged-folders.ts';
import type { FileSystem } from './ports.ts';
import type { Staging } from './staging.ts';
import type { SyncQueue } from './sync-queue.ts';
import { diskError } from './system-errors.ts';

/**
 * Gives every staged directory its time and makes its names durable, deepest first: writing into a
 * directory changes its time. `mustGoOn` throws where nobody wants it any more. Throws DISK_ERROR.
 */
export async function finishDirectories(
  fs: FileSystem,
  staging: Staging,
  entries: Entries,
  syncs: SyncQueue,
  mustGoOn: () => void,
): Promise<void> {
  const times = new Map<string, number>();
  for (const [index, { kind, modifiedUs }] of entries.entries()) {
    if (kind === 'directory' && modifiedUs !== undefined) {
      times.set(staging.pathOf(index), modifiedUs);
    }
  }
  for (const path of staging.directories) {
    mustGoOn();
    const modifiedUs = times.get(path);
    if (modifiedUs !== undefined) setDirectoryTime(fs, path, modifiedUs);
    await syncs.directory(path);
  }
  await syncs.settled();
  mustGoOn();
}

/**
 * Makes what is still missing of the folders that files went into one by one, and every name in them
 * durable. Those that were there before keep their times, which new names have changed already. `isRefused`:
 * what the disk says concerns that folder alone. Throws DISK_FULL, NO_PERMISSION, DISK_ERROR.
 */
export async function finishMerged(
  { fs, directory, entries, saved }: DeliveryOptions,
  staging: Staging,
  folders: MergedFolders,
  syncs: SyncQueue,
  isRefused: (below: readonly string[], error: unknown) => boolean,
): Promise<void> {
  const merged = staging.mergedDirectories;
  if (merged.length === 0) return;
  const times = new Map<string, number>();
  for (const [index, { kind, modifiedUs }] of entries.entries()) {
    if (kind === 'directory' && modifiedUs !== undefined) {
      times.set(join(directory, ...(saved.at(index) ?? [])), modifiedUs);
    }
  }
  const paths: string[] = [];
  for (const below of merged) {
    try {
      paths.push(folders.make(below));
    } catch (error) {
      // what is below it meets the same
      if (!isRefused(below, error)) throw diskError(error, below.join('/'));
    }
  }
  for (const path of paths.reverse()) {
    const modifiedUs = folders.isMade(path) ? times.get(path) : undefined;
    if (modifiedUs !== undefined) setDirectoryTime(fs, path, modifiedUs);
    await syncs.directory(path);
  }
}
