import type { ErrorCode } from '../../../shared/errors.ts';
import type { PairingAnswer, PairingId } from '../../../shared/model/pairing.ts';
import type { PeerId, Place, Platform } from '../../../shared/model/peer.ts';
import type { PairingOutcome } from '../../../shared/protocol/pairing.ts';

/** What is said of pairings between the main thread, which decides, and the workers' wires. */

export type PairingOrder =
  | {
      readonly kind: 'dial';
      readonly pairingId: PairingId;
      readonly places: readonly Place[];
      readonly expectedPeerId: PeerId | null;
    }
  /** Answers `asked`: let it in, or say why not. */
  | { readonly kind: 'admit'; readonly pairingId: PairingId }
  | { readonly kind: 'refuse'; readonly pairingId: PairingId; readonly code: ErrorCode }
  | {
      readonly kind: 'answer';
      readonly pairingId: PairingId;
      readonly answer: PairingAnswer;
    };

export type PairingEvent =
  /** Somebody dialled to pair, and has shown its key. Nothing is said to it before the answer. */
  | {
      readonly kind: 'asked';
      readonly pairingId: PairingId;
      readonly peerId: PeerId;
      readonly address: string;
    }
  /** The other side may know the code from now on. */
  | { readonly kind: 'drawn'; readonly pairingId: PairingId; readonly address: string }
  | {
      readonly kind: 'code';
      readonly pairingId: PairingId;
      readonly peerId: PeerId;
      readonly address: string;
      readonly name: string;
      readonly platform: Platform;
      readonly code: string;
      /** 64 hex digits; a secret. */
      readonly meetingKey: string;
    }
  | { readonly kind: 'peerMatched'; readonly pairingId: PairingId }
  /** Told once of each that was dialled or let in. */
  | {
      readonly kind: 'ended';
      readonly pairingId: PairingId;
      readonly outcome: PairingOutcome;
    };
