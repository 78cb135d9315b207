import type { ErrorCode } from '../errors.ts';
import type { Transfer } from './transfer.ts';

/**
 * What became of a file that was offered here. `skipped`: it was here already. `renamed`: its own name was
 * taken. `waiting`: it may still come.
 */
export type ReceivedState = 'saved' | 'renamed' | 'replaced' | 'skipped' | 'failed' | 'waiting';

/**
 * What became of a file that is sent from here. `sent`: it is on its way, or there and not checked as a
 * whole. `checked`: the other side holds it, and has said so. `skipped`: it was there already. `unwanted`:
 * the other side's person said no to it.
 */
export const SENT_STATES = [
  'waiting',
  'sending',
  'sent',
  'checked',
  'skipped',
  'failed',
  'unwanted',
] as const;
export type SentState = (typeof SENT_STATES)[number];

export type FileState = ReceivedState | SentState;

export interface ListedFile {
  /** Its place among all files of the transfer. */
  readonly at: number;
  /** Received: below the folder that things are received in, as it was to be called. Sent: as it was offered. */
  readonly path: string;
  readonly bytes: number;
  readonly state: FileState;
  /** Its name now, where that is another one. */
  readonly renamedTo: string | null;
  /** Where it is on this computer, absolute; null: it is not there yet, or not here. */
  readonly savedAs: string | null;
  /** Why it failed; null: it did not, or nothing tells why. */
  readonly code: ErrorCode | null;
}

export const FILE_FILTERS = ['all', 'failed', 'renamed', 'skipped'] as const;
export type FileFilter = (typeof FILE_FILTERS)[number];

/** Those that can let anything through: a sender does not hear what becomes of names. */
export function filtersOf({ direction }: Pick<Transfer, 'direction'>): readonly FileFilter[] {
  return direction === 'receive' ? FILE_FILTERS : FILE_FILTERS.filter((one) => one !== 'renamed');
}

export function fitsFilter(state: FileState, filter: FileFilter): boolean {
  return filter === 'all' || filter === state;
}

/** How many files each filter lets through. */
export type FilterCounts = Readonly<Record<FileFilter, number>>;

export function countByFilter(states: Iterable<FileState>): FilterCounts {
  const counts: Record<FileFilter, number> = { all: 0, failed: 0, renamed: 0, skipped: 0 };
  for (const state of states) {
    counts.all += 1;
    if (state === 'failed' || state === 'renamed' || state === 'skipped') counts[state] += 1;
  }
  return counts;
}

/** A part of the files of a transfer that fit, in the order in which they were offered. */
export interface FilePage {
  readonly files: readonly ListedFile[];
  /** How many fit in all. */
  readonly total: number;
  /** How many each filter lets through, whatever is searched for. */
  readonly counts: FilterCounts;
}

export const MAX_FILES_A_PAGE = 1_000;

/** Something tells of its files: the thread that sends them, a journal, a receipt or a list that is kept. */
export function canListFiles(transfer: Transfer): boolean {
  if (transfer.mode !== 'tls' || transfer.content !== undefined) return false;
  if (transfer.direction === 'send') return transfer.hasFileList === true;
  switch (transfer.phase) {
    case 'transferring':
    case 'paused':
    case 'interrupted':
    case 'finishing':
      return true;
    case 'delivered':
      return transfer.hasReceipt;
    case 'preparing':
    case 'connecting':
    case 'waiting':
    case 'offered':
    case 'declined':
    case 'cancelled':
    case 'failed':
      return false;
  }
}
