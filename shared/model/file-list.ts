import type { ErrorCode } from '../errors.ts';
import type { Transfer } from './transfer.ts';

/**
 * What became of a file that was offered here. `skipped`: it was here already. `renamed`: its own name was
 * taken. `waiting`: it may still come.
 */
export type FileState = 'saved' | 'renamed' | 'replaced' | 'skipped' | 'failed' | 'waiting';

export interface ListedFile {
  /** Below the folder that things are received in, as it was to be called. */
  readonly path: string;
  readonly bytes: number;
  readonly state: FileState;
  /** Its name now, where that is another one. */
  readonly renamedTo: string | null;
  /** Where it was put, absolute; null: it is not there yet, or not here. */
  readonly savedAs: string | null;
  /** Why it failed; null: it did not, or nothing tells why. */
  readonly code: ErrorCode | null;
}

export const FILE_FILTERS = ['all', 'failed', 'renamed', 'skipped'] as const;
export type FileFilter = (typeof FILE_FILTERS)[number];

/** A part of the files of a transfer that fit, in the order in which they were offered. */
export interface FilePage {
  readonly files: readonly ListedFile[];
  /** How many fit in all. */
  readonly total: number;
  /** How many each filter lets through, whatever is searched for. */
  readonly counts: Readonly<Record<FileFilter, number>>;
}

export const MAX_FILES_A_PAGE = 1_000;

/** A journal or a receipt tells of its files. */
export function canListFiles(transfer: Transfer): boolean {
  if (transfer.direction !== 'receive' || transfer.mode !== 'tls') return false;
  if (transfer.content !== undefined) return false;
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
