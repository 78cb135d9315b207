import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../../shared/protocol/messages.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import type { MergedFolders } from './merged-folders.ts';
import { markOrigin } from './origin-mark.ts';
import type { PartFiles } from './part-files.ts';
import type { FileSystem } from './ports.ts';
import type { Staging } from './staging.ts';
import type { SyncQueue } from './sync-queue.ts';
import { attempt, diskError } from './system-errors.ts';

export interface Begun {
  readonly options: DeliveryOptions;
  readonly staging: Staging;
  readonly parts: PartFiles;
}

/**
 * What a whole file is told besides its content, by its path and as it is open. Answers how it is then;
 * null: it is not what was declared. Throws DISK_ERROR, DISK_FULL.
 */
export function finishFile(
  { options, staging, parts }: Begun,
  index: number,
  declared: Uint8Array,
): BigIntStats | null {
  if (!parts.holds(index, declared)) return null;
  const { fs, entries } = options;
  markOrigin(fs, staging.pathOf(index)); // first: it changes the time
  setFileTime(fs, parts.fd(index), entries[index]);
  return parts.stat(index);
}

/** A file system that cannot hold this time still holds the file. */
function setFileTime(fs: FileSystem, fd: number, entry: Entry | undefined): void {
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
    if (modifiedUs !== undefined) setDirectoryTime(fs, path, modifiedUs);
    await syncs.directory(path);
  }
  await syncs.settled();
  mustGoOn();
}

/**
 * Makes what is still missing of the folders that files went into one by one, and every name in them
 * durable. Those that were there before keep their times, which new names have changed already. Throws
 * DISK_FULL, NO_PERMISSION, DISK_ERROR.
 */
export async function finishMerged(
  { fs, directory, entries, saved }: DeliveryOptions,
  staging: Staging,
  folders: MergedFolders,
  syncs: SyncQueue,
): Promise<void> {
  const times = new Map<string, number>();
  entries.forEach(({ kind, modifiedUs }, index) => {
    if (kind === 'directory' && modifiedUs !== undefined) {
      times.set(join(directory, ...(saved[index] ?? [])), modifiedUs);
    }
  });
  const paths = staging.mergedDirectories.map((below) => make(folders, below));
  for (const path of paths.reverse()) {
    const modifiedUs = folders.isMade(path) ? times.get(path) : undefined;
    if (modifiedUs !== undefined) setDirectoryTime(fs, path, modifiedUs);
    await syncs.directory(path);
  }
}

function make(folders: MergedFolders, below: readonly string[]): string {
  try {
    return folders.make(below);
  } catch (error) {
    throw diskError(error, below.join('/'));
  }
}

function setDirectoryTime(fs: FileSystem, path: string, modifiedUs: number): void {
  const seconds = secondsOf(modifiedUs);
  attempt(() => {
    fs.lutimesSync(path, seconds, seconds);
  });
}

/** A quarter of a microsecond more: what the system cuts off must not reach the next lower one. */
function secondsOf(modifiedUs: number): number {
  return (modifiedUs + 0.25) / 1e6;
}
