import type { DeliveryOptions } from './delivery-options.ts';
import { readInTurns } from './read-journal.ts';
import { replacementsOf } from './replacements.ts';
import { removeStaged } from './staging.ts';
import { attempt } from './system-errors.ts';

/**
 * Removes everything of a delivery that has no final name. What cannot be removed now is at the next
 * start, for which the journal stays. Where it has replaced something, that can still be undone: then the
 * journal becomes the receipt at `receipt`.
 */
export async function discardStaged(options: DeliveryOptions, receipt: string): Promise<void> {
  const { fs, directory, token, journal } = options;
  const isGone = removeStaged(fs, directory, token);
  const content = await readInTurns(fs, journal.path, () => true);
  const isKept = content !== null && replacementsOf(fs, content).length > 0;
  if (isGone && !isKept) {
    journal.remove();
    return;
  }
  attempt(() => {
    journal.append({ record: 'discarded' });
  });
  await journal.close();
  if (isGone) await journal.retire(receipt); // else at the next start
}
