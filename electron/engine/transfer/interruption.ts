import type { ErrorCode, Failure } from '../../../shared/errors.ts';
import { isInterruption } from '../../../shared/model/transfer-actions.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';

/** What the other end of a wire that was whole before may answer while the network comes back. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['NOT_DROPLINE', 'PEER_NOT_FOUND']);

/** What whoever answers where the peer is said to be says of themselves. */
const OF_ANOTHER: ReadonlySet<ErrorCode> = new Set([
  'IDENTITY_MISMATCH',
  'PEER_IS_SELF',
  'VERSION_UNSUPPORTED',
]);

/**
 * Whoever could not be dialled may be there again later. `isHearsay`: it was not dialled where a person of
 * this run said or where it answered, but where it was once or is announced: another may have the address.
 */
export function mayComeBack(why: Failure, isHearsay: boolean): boolean {
  if (isInterruption(why) || PASSING.has(why.code)) return true;
  return isHearsay && OF_ANOTHER.has(why.code);
}

/** A sender comes back after such an end. `hasStarted`: the receiver has said yes before its disk was full. */
export function goesOnAfter(why: Failure, hasStarted: boolean): boolean {
  return isInterruption(why) || (why.code === 'DISK_FULL' && hasStarted);
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
