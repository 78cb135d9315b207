import type { ErrorCode, Failure } from '../../../shared/errors.ts';

const INTERRUPTIONS: ReadonlySet<ErrorCode> = new Set([
  'PEER_GONE',
  'PEER_TIMEOUT',
  'PEER_UNREACHABLE',
  'INTERRUPTED',
]);

/** Only the wire failed: both sides keep what they have, and the sender dials again. */
export function isInterruption(failure: Failure): boolean {
  return INTERRUPTIONS.has(failure.code);
}
