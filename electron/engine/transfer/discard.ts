import type { DeliveryOptions } from './delivery-options.ts';
import { takeBackSteps } from './half-published.ts';
import { replacementsOf } from './replacements.ts';
import { removalSteps } from './staged-removal.ts';
import { attempt } from './system-errors.ts';
import { DISK_STEPS_PER_TURN, inTurns } from './turns.ts';

/**
 * Removes everything of a delivery that has no final name. What cannot be removed now is at the next
 * start, for which the journal stays. Where it has replaced something, that can still be undone: then the
 * journal becomes the receipt at `receipt`.
 */
export async function discardStaged(options: DeliveryOptions, receipt: string): Promise<void> {
  const { fs, directory, token, journal } = options;
  // first: all that is there may take its time to go, and a program that ends meanwhile goes on at its start
  attempt(() => {
    journal.append({ record: 'discarded' });
  });
  await journal.sync().catch(() => undefined);
  const content = await journal.content();
  const isBack =
    content !== null && (await inTurns(takeBackSteps(fs, content), DISK_STEPS_PER_TURN));
  const isGone = (await inTurns(removalSteps(fs, directory, token), DISK_STEPS_PER_TURN)) && isBack;
  fs.release();
  if (content === null) {
    await journal.close(); // what it has replaced is not known now: the next start looks again
    return;
  }
  const isKept = replacementsOf(fs, content).length > 0;
  if (isGone && !isKept) {
    journal.remove();
    return;
  }
  await journal.close();
  if (isGone) await journal.retire(receipt); // else at the next start
}
