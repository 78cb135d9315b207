import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { ExistingItem, Plan } from '../../../shared/model/plan.ts';
import { MAX_PLAN_ITEMS } from '../../../shared/model/plan.ts';
import { collisionKey } from '../../../shared/protocol/wire-path.ts';
import type { OfferFile, OfferFolder } from './offer-tree.ts';
import { lookFor } from './disk-refusals.ts';
import type { FileSystem } from './ports.ts';

/** Finding out what of an offer is in the destination already, without ever following a link out of it. */

/** So few names are asked for one by one; more of them are looked up in a listing of the folder. */
const FEW_NAMES = 16;
/** A listing that grows beyond this is given up: then asking for each name costs less. */
const LISTED_PER_NAME = 16;

/**
 * Times are cut off below: to milliseconds by a browser, to hundredths, seconds and two of them (FAT) by
 * file systems. Either side may be the coarser one.
 */
const GRAINS_US = [1_000, 10_000, 1_000_000, 2_000_000] as const;
/** Where Node sets a time on Windows it reckons in doubles since 1601, which are 1.6 microseconds apart. */
const MAX_SET_OFF_US = 1;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Visit {
  readonly folder: OfferFolder;
  readonly path: string;
  /** The top item that it belongs to; null: the destination itself. */
  readonly item: Mutable<ExistingItem> | null;
}

/** Yields after every question to the disk. Throws what the disk does. */
export function* findExisting(
  fs: FileSystem,
  directory: string,
  root: OfferFolder,
): Generator<void, Plan['existing']> {
  const items: Mutable<ExistingItem>[] = [];
  const itemAt = ({ item }: Visit, name: string, kind: ExistingItem['kind']) => {
    if (item) return item;
    const found = { name, kind, sameSizeAndTime: 0, sameBytes: 0, differs: 0 };
    items.push(found);
    return found;
  };
  const waiting: Visit[] = [{ folder: root, path: directory, item: null }];
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    const { folder, path } = visit;
    const mayBeThere = yield* listNames(fs, path, folder.folders.size + folder.files.size);
    for (const [name, below] of folder.folders) {
      yield;
      const found = mayBeThere(name) ? lookFor(fs, join(path, name)) : null;
      if (!found) continue;
      const item = itemAt(visit, name, 'folder');
      if (found.isDirectory()) waiting.push({ folder: below, path: join(path, name), item });
      // a file or a link is in the way of all that should be in here
      else item.differs += below.fileCount;
    }
    for (const [name, file] of folder.files) {
      yield;
      const found = mayBeThere(name) ? lookFor(fs, join(path, name)) : null;
      if (!found) continue;
      const item = itemAt(visit, name, 'file');
      if (!looksTheSame(found, file)) item.differs++;
      else {
        item.sameSizeAndTime++;
        item.sameBytes += file.bytes;
      }
    }
  }
  return summed(items);
}

function summed(items: readonly ExistingItem[]): Plan['existing'] {
  const sum = (of: (item: ExistingItem) => number): number =>
    items.reduce((total, item) => total + of(item), 0);
  return {
    count: items.length,
    sameSizeAndTime: sum((item) => item.sameSizeAndTime),
    sameBytes: sum((item) => item.sameBytes),
    differs: sum((item) => item.differs),
    items: items.slice(0, MAX_PLAN_ITEMS),
  };
}

/**
 * Which of `count` names may be in a folder; the disk itself has the last word. Names are compared more
 * loosely than any file system does: whose rules hold on this disk nobody tells.
 */
function* listNames(
  fs: FileSystem,
  path: string,
  count: number,
): Generator<void, (name: string) => boolean> {
  if (count <= FEW_NAMES) return () => true;
  let listing;
  try {
    listing = fs.opendirSync(path);
  } catch {
    return () => true; // it may be closed to a listing and open to questions
  }
  const keys = new Set<string>();
  try {
    for (let left = count * LISTED_PER_NAME; left > 0; left--) {
      const found = listing.readSync();
      if (found === null) return (name) => keys.has(looseKey(name));
      keys.add(looseKey(found.name));
      yield;
    }
    return () => true;
  } catch {
    return () => true;
  } finally {
    listing.closeSync();
  }
}

function looseKey(name: string): string {
  return collisionKey(name, 'mac');
}

function looksTheSame(found: BigIntStats, { bytes, modifiedUs }: OfferFile): boolean {
  if (!found.isFile() || found.size !== BigInt(bytes) || modifiedUs === undefined) return false;
  const storedUs = Number(found.mtimeNs / 1000n);
  const isCutTo = (us: number, fineUs: number): boolean =>
    GRAINS_US.some((grainUs) => us === fineUs - (fineUs % grainUs));
  return (
    Math.abs(storedUs - modifiedUs) <= MAX_SET_OFF_US ||
    isCutTo(storedUs, modifiedUs) ||
    isCutTo(modifiedUs, storedUs)
  );
}
