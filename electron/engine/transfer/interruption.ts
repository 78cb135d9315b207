import type { ErrorCode, Failure } from '../../../shared/errors.ts';
import { isInterruption } from '../../../shared/model/transfer-actions.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';

/** What the other end of a wire that was whole before may answer while the network comes back. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['NOT_DROPLINE', 'PEER_NOT_FOUND']);

/**
 * Whoever could not be dialled may be there again later. `isResumed`: it was begun before this program
 * was, so that another device may have the address by now.
 */
export function mayComeBack(why: Failure, isResumed: boolean): boolean {
  if (isInterruption(why) || PASSING.has(why.code)) return true;
  return isResumed && why.code === 'IDENTITY_MISMATCH';
}

/** What came was wrong, or nobody wants it: what is here of it is worth nothing. */
const WORTHLESS: ReadonlySet<ErrorCode> = new Set([
  'CANCELLED',
  'DECLINED',
  'HASH_MISMATCH',
  'NAME_REFUSED',
  'PROTOCOL_VIOLATION',
]);

/** The receiver keeps what is not whole yet: the same files may come again. */
export function keepsParts(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && !WORTHLESS.has(outcome.failure.code);
}

/** Only the wire failed: what was written up to then is as it was written. */
export function isCut(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && isInterruption(outcome.failure);
}
