import type { ErrorCode } from '../../shared/errors.ts';
import type { Transfer } from '../../shared/model/transfer.ts';

/** What the command tells the shell (README). */
export const EXIT = {
  delivered: 0,
  other: 1,
  usage: 2,
  declined: 3,
  unreachable: 4,
  identity: 5,
  interrupted: 6,
  noRoom: 7,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_ERROR: Partial<Record<ErrorCode, ExitCode>> = {
  WRONG_USAGE: EXIT.usage,
  NOT_AN_ADDRESS: EXIT.usage,
  PATH_NOT_FOUND: EXIT.usage,
  NOTHING_TO_SEND: EXIT.usage,
  DECLINED: EXIT.declined,
  PEER_BUSY: EXIT.declined,
  PEER_NOT_FOUND: EXIT.unreachable,
  PEER_AMBIGUOUS: EXIT.unreachable,
  PEER_UNREACHABLE: EXIT.unreachable,
  NOT_DROPLINE: EXIT.unreachable,
  IDENTITY_MISMATCH: EXIT.identity,
  INTERRUPTED: EXIT.interrupted,
  PEER_GONE: EXIT.interrupted,
  PEER_TIMEOUT: EXIT.interrupted,
  DISK_FULL: EXIT.noRoom,
  NO_PERMISSION: EXIT.noRoom,
  FILE_IN_USE: EXIT.noRoom,
  DIRECTORY_UNUSABLE: EXIT.noRoom,
  HOME_UNUSABLE: EXIT.noRoom,
  SOURCE_UNREADABLE: EXIT.noRoom,
};

export function exitCodeOf(code: ErrorCode): ExitCode {
  return BY_ERROR[code] ?? EXIT.other;
}

/** Of a finished transfer. */
export function exitCodeFor(transfer: Transfer): ExitCode {
  switch (transfer.phase) {
    case 'delivered':
      return transfer.failed.count === 0 ? EXIT.delivered : EXIT.other;
    case 'declined':
      return EXIT.declined;
    case 'cancelled':
      return transfer.by === 'us' ? EXIT.interrupted : EXIT.other;
    case 'failed':
      return exitCodeOf(transfer.failure.code);
    default:
      return EXIT.other;
  }
}

/** Of several that were sent at once: the first that was not delivered whole decides. */
export function exitCodeForAll(transfers: readonly Transfer[]): ExitCode {
  return transfers.map(exitCodeFor).find((code) => code !== EXIT.delivered) ?? EXIT.delivered;
}
