import { setImmediate } from 'node:timers/promises';
import type { Failure } from '../../../shared/errors.ts';
import { failure } from '../../../shared/errors.ts';
import { missingBytes } from '../../../shared/model/plan.ts';
import type { JournalContent } from './journal-records.ts';
import type { FileSystem } from './ports.ts';
import { checkRoom, roomIn } from './room.ts';
import { lastTold } from './told.ts';
import { toldStaging } from './told-staging.ts';
import { UnwantedEntries } from './unwanted-entries.ts';

/**
 * Room for what an interrupted delivery still lacks, found out by sizes alone: a disk that stays full is
 * asked every few seconds, and nothing of what is kept need be read and hashed for that.
 */

/** Entries looked at before other transfers of this thread get their turn. */
const ENTRIES_PER_TURN = 500;

/** Throws DISK_FULL where it cannot fit, whatever turns out to be whole; DISK_ERROR, NO_PERMISSION. */
export async function checkRoomToGoOn(
  fs: FileSystem,
  content: JournalContent,
  isWanted: () => boolean,
): Promise<void> {
  const bytes = await leastBytesToCome(fs, content, isWanted);
  checkRoom(fs, content.header.directory, bytes);
}

/** The system says only that the disk is full; a person must know for how much there has to be room. */
export async function namingTheNeed(
  fs: FileSystem,
  content: JournalContent,
  why: Failure,
): Promise<Failure> {
  if (why.details['bytes'] !== undefined) return why;
  try {
    const bytes = await leastBytesToCome(fs, content, () => true);
    const room = roomIn(fs, content.header.directory);
    // it may be full in a way that it does not tell, as with a quota
    if (missingBytes(room, bytes) === 0) return why;
    const { freeBytes, reserveBytes } = room;
    return failure(why.code, { ...why.details, bytes: bytes + reserveBytes, freeBytes });
  } catch {
    return why;
  }
}

/** Never more than what comes: what is there may be worth nothing. */
async function leastBytesToCome(
  fs: FileSystem,
  { header, list, facts }: JournalContent,
  isWanted: () => boolean,
): Promise<number> {
  const told = lastTold(facts);
  const skipped = new Set(header.skip.map(({ index }) => index));
  const entries = list ?? [];
  const unwanted = UnwantedEntries.of(header.unwanted, entries.length);
  const staging = toldStaging(fs, header, entries);
  let bytesToCome = 0;
  for (const [index, { bytes, saved, met = null }] of entries.entries()) {
    if (index % ENTRIES_PER_TURN === 0) await setImmediate();
    if (!isWanted()) return 0;
    const mayBeThere =
      met !== null ||
      skipped.has(index) ||
      told.published.has(index) ||
      told.going.has(index) ||
      told.folders.has(saved[0] ?? '');
    if (bytes === null || mayBeThere || unwanted.has(index)) continue;
    bytesToCome += bytes - Math.min(bytes, sizeOf(fs, staging.pathOf(index)));
  }
  return bytesToCome;
}

/** What cannot be looked at may be of any size. */
function sizeOf(fs: FileSystem, path: string): number {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return Infinity;
  }
}
