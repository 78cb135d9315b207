import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PairingId } from '../../../shared/model/pairing.ts';
import { CODE_DIGITS, NONCE_BYTES } from '../../../shared/protocol/limits.ts';
import type { PairingPorts } from '../../../shared/protocol/pairing-code.ts';

/** What a pairing asks of the system. */
export interface PairingSystem extends PairingPorts {
  /** NONCE_BYTES at random. */
  nonce(): Uint8Array;
}

export const realPairing: PairingSystem = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmacSha256: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  nonce: () => randomBytes(NONCE_BYTES),
  codeDigits: CODE_DIGITS,
};

export function newPairingId(): PairingId {
  return randomBytes(16).toString('hex') as PairingId;
}
