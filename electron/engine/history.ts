import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transfer } from '../../shared/model/transfer.ts';
import { isFinished, isTransferId } from '../../shared/model/transfer.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';

const HISTORY_FILE = 'history.jsonl';
/** Shown again after a restart. */
const MAX_SHOWN = 50;
/** Kept in the file; it is cut when it has grown to twice this. */
const MAX_KEPT = 1_000;

/** What was sent and received: one transfer a line, in the order in which they ended. */
export interface History {
  /** The latest, newest first. */
  readonly latest: readonly Transfer[];
  add(transfer: Transfer): Promise<void>;
  /** Resolves when everything added so far is in the file, or could not be. */
  settled(): Promise<void>;
}

export async function openHistory(home: string): Promise<History> {
  const path = join(home, HISTORY_FILE);
  const lines = ((await readIfThere(path)) ?? '').split('\n').filter((line) => line !== '');
  if (lines.length > 2 * MAX_KEPT) {
    await writeAtomically(path, `${lines.slice(-MAX_KEPT).join('\n')}\n`);
  }
  const latest = lines.slice(-MAX_SHOWN).map(parseLine);
  let writing: Promise<void> = Promise.resolve();
  return {
    latest: latest.filter((transfer) => transfer !== null).reverse(),
    add: (transfer) => {
      const line = `${JSON.stringify({ ...transfer, canRetry: false })}\n`;
      const written = writing.then(() => appendFile(path, line, { mode: 0o600 }));
      writing = written.catch(() => undefined); // a line that is lost does not cost the next ones
      return written;
    },
    settled: () => writing,
  };
}

/** A line that a crash cut short, or that is not ours, is passed over. */
function parseLine(line: string): Transfer | null {
  try {
    const value = JSON.parse(line) as Partial<Transfer>;
    const whole =
      typeof value.id === 'string' &&
      isTransferId(value.id) &&
      typeof value.phase === 'string' &&
      isFinished({ phase: value.phase }) &&
      Array.isArray(value.items) &&
      typeof value.peer === 'object' &&
      typeof value.totals === 'object' &&
      typeof value.leftOut === 'object';
    return whole ? (value as Transfer) : null;
  } catch {
    return null;
  }
}
