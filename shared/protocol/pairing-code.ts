/** What is hashed in a pairing (PROTOCOL.md §13.3): every part with its length before it. */

/** Whatever hashes and compares is handed in: shared/ has no cryptography of its own. */
export interface PairingPorts {
  sha256(bytes: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** In a time that does not depend on where they differ. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
  /** How many digits a code has. */
  readonly codeDigits: number;
}

/** The two ends of the TLS connection: the side that dialled, and the side that answered. */
export interface Ends {
  /** SubjectPublicKeyInfo, DER. */
  readonly initiatorSpki: Uint8Array;
  readonly responderSpki: Uint8Array;
  /** EXPORTED_BYTES of keying material of this very connection. */
  readonly exported: Uint8Array;
}

/** The TLS exporter gives the bytes of this label to both ends, and to nobody else. */
export const EXPORTER_LABEL = 'EXPORTER-dropline-sas-v1';

export function commitTo(ends: Ends, nonce: Uint8Array, ports: PairingPorts): Uint8Array {
  const ids = [ends.initiatorSpki, ends.responderSpki].map((spki) => ports.sha256(spki));
  return ports.sha256(joined('dropline-sas-commit-v1', [...ids, nonce]));
}

/** The code that both people see, without the blank in its middle. */
export function codeOf(
  ends: Ends,
  initiatorNonce: Uint8Array,
  responderNonce: Uint8Array,
  ports: PairingPorts,
): string {
  const { initiatorSpki, responderSpki, exported } = ends;
  const parts = [initiatorSpki, responderSpki, initiatorNonce, responderNonce];
  const mac = ports.hmacSha256(exported, joined('dropline-sas-v1', parts));
  const number = new DataView(mac.buffer, mac.byteOffset).getBigUint64(0);
  return String(number % 10n ** BigInt(ports.codeDigits)).padStart(ports.codeDigits, '0');
}

/** The secret by which two paired devices find each other (§11), 32 bytes. */
export function meetingKeyOf(ends: Ends, ports: PairingPorts): Uint8Array {
  const { initiatorSpki, responderSpki, exported } = ends;
  return ports.hmacSha256(exported, joined('dropline-meeting-v1', [initiatorSpki, responderSpki]));
}

function joined(label: string, parts: readonly Uint8Array[]): Uint8Array {
  const head = new TextEncoder().encode(label);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 2 + part.length, head.length));
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    new DataView(bytes.buffer).setUint16(at, part.length);
    bytes.set(part, at + 2);
    at += 2 + part.length;
  }
  return bytes;
}
