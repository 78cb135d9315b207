import { setImmediate } from 'node:timers/promises';
import type { Delivery } from './destination.ts';
import type { JournalHeader, ListedEntry } from './journal-records.ts';
import { attempt } from './system-errors.ts';
import { toldStaging } from './told-staging.ts';

const ENTRIES_PER_TURN = 500;

/**
 * Moves the unfinished files of an earlier version to where the new one writes them. Each counts as begun
 * and no more: the sender proves every block of it before one is kept. Answers how many were moved.
 */
export async function takeOver(
  delivery: Delivery,
  header: JournalHeader,
  list: readonly ListedEntry[],
): Promise<number> {
  const { fs, entries, saved, unwanted } = delivery.options;
  const before = toldStaging(fs, header, list);
  const indexes = new Map(list.map(({ saved: path }, index) => [path.join('/'), index]));
  let moved = 0;
  for (const [index, entry] of entries.entries()) {
    if (index % ENTRIES_PER_TURN === 0) await setImmediate();
    const earlier = indexes.get((saved.at(index) ?? []).join('/'));
    if (entry.kind !== 'file' || unwanted.has(index)) continue;
    if (earlier === undefined || list[earlier]?.bytes === null) continue;
    const from = before.pathOf(earlier);
    attempt(() => {
      const stat = fs.lstatSync(from, { throwIfNoEntry: false });
      if (!stat?.isFile() || stat.size > entry.bytes) return;
      fs.renameSync(from, delivery.staging.pathOf(index));
      delivery.parts.takeUp(index);
      moved++;
    });
  }
  return moved;
}
