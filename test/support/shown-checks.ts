import type { Check, DoneCheck } from '../../shared/model/check.ts';
import { NO_PROBLEMS } from '../../shared/model/transfer.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { delivered, totals, transfer } from './shown-transfers.ts';

/** What was received, in each state of being verified again. */

const summer = { direction: 'receive', savedAs: '/home/mara/Downloads/Summer in Lisbon' } as const;
const nothing: DoneCheck = {
  state: 'done',
  files: totals.files,
  intact: totals.files,
  changed: NO_PROBLEMS,
  missing: NO_PROBLEMS,
  unchecked: NO_PROBLEMS,
  finishedAtMs: delivered.finishedAtMs,
};
const found: DoneCheck = {
  ...nothing,
  intact: 306,
  changed: {
    count: 2,
    examples: [
      { path: 'Summer in Lisbon/IMG_0412.jpg', code: 'FILE_CHANGED_SINCE' },
      { path: 'Summer in Lisbon/notes.txt', code: 'FILE_CHANGED_SINCE' },
    ],
  },
  missing: {
    count: 1,
    examples: [{ path: 'Summer in Lisbon/raw/IMG_0413.dng', code: 'FILE_GONE_SINCE' }],
  },
  unchecked: {
    count: 3,
    examples: [{ path: 'Summer in Lisbon/raw/IMG_0500.dng', code: 'DISK_ERROR' }],
  },
};

export const everyCheck: readonly Transfer[] = (
  [
    null,
    { state: 'running', bytes: 1_240_000_000, last: found },
    nothing,
    found,
    { ...nothing, intact: 300, unchecked: { count: 12, examples: [] } },
    { state: 'failed', failure: { code: 'NO_RECEIPT', details: {} }, last: nothing },
  ] satisfies (Check | null)[]
).map((check) => transfer({ ...delivered, hasReceipt: true, check }, summer));
