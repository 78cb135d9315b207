import type { LaneMessage } from '../../../shared/protocol/lane-messages.ts';
import { decodeLane, encodeLane } from '../../../shared/protocol/lane-messages.ts';
import {
  ALPN_PROTOCOLS,
  LANE_ALPN_PROTOCOLS,
  PAIRING_ALPN_PROTOCOLS,
} from '../../../shared/protocol/limits.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { decodeMessage, encodeMessage } from '../../../shared/protocol/messages.ts';
import type { PairingMessage } from '../../../shared/protocol/pairing-messages.ts';
import { decodePairing, encodePairing } from '../../../shared/protocol/pairing-messages.ts';

/** What a connection carries: its names in ALPN, and its messages. */
export interface Dialect<M> {
  readonly alpn: readonly string[];
  encode(message: M): Uint8Array;
  /** null: not of ours, or malformed. */
  decode(type: number, payload: Uint8Array): M | null;
}

export const TRANSFER: Dialect<Message> = {
  alpn: ALPN_PROTOCOLS,
  encode: encodeMessage,
  decode: decodeMessage,
};

export const PAIRING: Dialect<PairingMessage> = {
  alpn: PAIRING_ALPN_PROTOCOLS,
  encode: encodePairing,
  decode: decodePairing,
};

export const LANE: Dialect<LaneMessage> = {
  alpn: LANE_ALPN_PROTOCOLS,
  encode: encodeLane,
  decode: decodeLane,
};
