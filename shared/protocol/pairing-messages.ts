import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { Platform } from '../model/peer.ts';
import { PLATFORMS } from '../model/peer.ts';
import { FRAME_TYPES, encodeFrame } from './frame.ts';
import { encodeJson, parseJson } from './json.ts';
import { NONCE_BYTES } from './limits.ts';
import { deviceName, nothing, toWireCode, wireCode } from './messages.ts';

/** The messages of PROTOCOL.md §13.2. Their numbers mean nothing in a session that carries files. */

export const PAIRING_FRAME_TYPES = {
  ping: FRAME_TYPES.ping,
  error: FRAME_TYPES.error,
  greeting: 32,
  commit: 33,
  nonce: 34,
  reveal: 35,
  match: 36,
  mismatch: 37,
  paired: 38,
} as const;

export type PairingMessage =
  | { readonly type: 'greeting'; readonly name: string; readonly platform: Platform }
  /** 32 bytes each. */
  | { readonly type: 'commit' | 'nonce' | 'reveal'; readonly bytes: Uint8Array }
  | { readonly type: 'match' | 'mismatch' | 'paired' | 'ping' }
  | { readonly type: 'error'; readonly code: ErrorCode };

type PairingName = keyof typeof PAIRING_FRAME_TYPES;

const NAMES = new Map<number, PairingName>(
  Object.entries(PAIRING_FRAME_TYPES).map(([name, type]) => [type, name as PairingName]),
);

const greeting = z.object({ name: deviceName, platform: z.enum(PLATFORMS).catch('other') });
const error = z.object({ code: wireCode });

export function encodePairing(message: PairingMessage): Uint8Array {
  const type = PAIRING_FRAME_TYPES[message.type];
  switch (message.type) {
    case 'commit':
    case 'nonce':
    case 'reveal':
      return encodeFrame(type, message.bytes);
    case 'greeting':
      return encodeFrame(type, encodeJson({ name: message.name, platform: message.platform }));
    case 'error':
      return encodeFrame(type, encodeJson({ code: toWireCode(message.code) }));
    default:
      return encodeFrame(type, encodeJson({}));
  }
}

/** null: unknown type or malformed. Bytes are copied: the payload is only lent. */
export function decodePairing(type: number, payload: Uint8Array): PairingMessage | null {
  const name = NAMES.get(type);
  switch (name) {
    case undefined:
      return null;
    case 'commit':
    case 'nonce':
    case 'reveal':
      return payload.length === NONCE_BYTES ? { type: name, bytes: payload.slice() } : null;
    case 'greeting': {
      const read = greeting.safeParse(jsonOf(payload));
      return read.success ? { type: name, ...read.data } : null;
    }
    case 'error': {
      const read = error.safeParse(jsonOf(payload));
      return read.success ? { type: name, ...read.data } : null;
    }
    default:
      return nothing.safeParse(jsonOf(payload)).success ? { type: name } : null;
  }
}

function jsonOf(payload: Uint8Array): unknown {
  return payload.length === 0 ? {} : parseJson(payload);
}
