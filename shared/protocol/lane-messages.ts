import { FRAME_TYPES, encodeFrame } from './frame.ts';
import { fromHex, toHex } from './hash-tree.ts';
import { LANE_TOKEN_BYTES } from './limits.ts';
import type { MessageOf } from './messages.ts';
import { decodeMessage, encodeMessage } from './messages.ts';

/** The messages of PROTOCOL.md §14.3. Content goes in `data` frames, as in a session. */

export const LANE_FRAME_TYPES = {
  file: FRAME_TYPES.file,
  data: FRAME_TYPES.data,
  ack: FRAME_TYPES.ack,
  ping: FRAME_TYPES.ping,
  error: FRAME_TYPES.error,
  join: 48,
} as const;

export type LaneMessage =
  /** Receiver: the first word on a lane. 32 hexadecimal digits. */
  { readonly type: 'join'; readonly token: string } | MessageOf<'file' | 'ack' | 'ping' | 'error'>;

const SHARED: ReadonlySet<number> = new Set([
  LANE_FRAME_TYPES.file,
  LANE_FRAME_TYPES.ack,
  LANE_FRAME_TYPES.ping,
  LANE_FRAME_TYPES.error,
]);

export function encodeLane(message: LaneMessage): Uint8Array {
  if (message.type !== 'join') return encodeMessage(message);
  return encodeFrame(LANE_FRAME_TYPES.join, fromHex(message.token));
}

/** null: unknown type or malformed. */
export function decodeLane(type: number, payload: Uint8Array): LaneMessage | null {
  if (type === LANE_FRAME_TYPES.join) {
    return payload.length === LANE_TOKEN_BYTES ? { type: 'join', token: toHex(payload) } : null;
  }
  return SHARED.has(type) ? (decodeMessage(type, payload) as LaneMessage | null) : null;
}
