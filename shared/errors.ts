/**
 * Every way in which something can go wrong, as one closed list. A code never changes its meaning;
 * the words a person reads for it are in shared/text under `error.<CODE>`.
 */
export const ERROR_CODES = [
  // what the person gave
  'WRONG_USAGE',
  'NOT_AN_ADDRESS',
  'PATH_NOT_FOUND',
  'NOTHING_TO_SEND',
  'TOO_MANY_FILES',
  'TEXT_TOO_LONG',
  'SELECTION_GONE',
  'NOTHING_TO_UNDO',
  // finding and reaching the other side
  'PEER_NOT_FOUND',
  'PEER_AMBIGUOUS',
  'PEER_UNREACHABLE',
  'PEER_IS_SELF',
  'IDENTITY_MISMATCH',
  'NOT_DROPLINE',
  'VERSION_UNSUPPORTED',
  // what the other side did
  'DECLINED',
  'CANCELLED',
  'PEER_GONE',
  'PEER_TIMEOUT',
  'PEER_BUSY',
  'PEER_ERROR',
  'PROTOCOL_VIOLATION',
  'NAME_REFUSED',
  'OFFER_REFUSED',
  // pairing
  'PAIRING_UNAVAILABLE',
  'PAIRING_BUSY',
  'PAIRING_UNFINISHED',
  'CODE_MISMATCH',
  'PEER_BLOCKED',
  // the files themselves
  'SOURCE_CHANGED',
  'SOURCE_UNREADABLE',
  'SOURCE_IS_LINK',
  'SOURCE_IS_SPECIAL',
  'HASH_MISMATCH',
  'SOME_FILES_FAILED',
  'PAGE_CLOSED',
  // this computer
  'NO_PERMISSION',
  'DISK_FULL',
  'DISK_ERROR',
  'DIRECTORY_UNUSABLE',
  'FILE_TOO_BIG',
  'PLACE_REFUSED',
  'FILE_IN_USE',
  'FILE_CHANGED_SINCE',
  'FILE_GONE_SINCE',
  'NO_RECEIPT',
  'NO_FILE_LIST',
  'HASH_UNAVAILABLE',
  'PORT_IN_USE',
  'ADDRESS_UNAVAILABLE',
  'DISCOVERY_FAILED',
  'HOME_LOCKED',
  'HOME_UNUSABLE',
  'IDENTITY_UNREADABLE',
  'KEY_STORE_CLOSED',
  'KEY_IN_STORE',
  'SETTINGS_UNREADABLE',
  'NO_FILE_MANAGER',
  'NO_BROWSER',
  'INTERRUPTED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Values that fill the gaps in the words of an error: a path, a name, a port. Never a secret. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** An error as a plain value. This is the only form in which one crosses a worker, IPC or the wire. */
export interface Failure {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

/** The only error that Dropline's own code throws. Its cause is for the log and never for a window. */
export class DroplineError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(`${code} ${JSON.stringify(details)}`, options);
    this.name = 'DroplineError';
    this.code = code;
    this.details = details;
  }
}

const KNOWN_CODES: ReadonlySet<string> = new Set(ERROR_CODES);

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && KNOWN_CODES.has(value);
}

export function failure(code: ErrorCode, details: ErrorDetails = {}): Failure {
  return { code, details };
}

/** Turns anything that was thrown into a Failure; what is not ours becomes INTERNAL. */
export function toFailure(error: unknown): Failure {
  if (error instanceof DroplineError) return failure(error.code, error.details);
  return failure('INTERNAL', { reason: error instanceof Error ? error.message : String(error) });
}
