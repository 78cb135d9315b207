declare const brand: unique symbol;

/** SHA-256 of the SPKI of a device's certificate, 64 lower-case hex digits. */
export type PeerId = string & { readonly [brand]: 'PeerId' };

const PEER_ID = /^[0-9a-f]{64}$/;

export function isPeerId(value: string): value is PeerId {
  return PEER_ID.test(value);
}

export const PLATFORMS = ['linux', 'macos', 'windows', 'other'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Where something listens. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/**
 * A device that can be sent to. What discovery says about it (id, name, platform) is a hint: who it
 * really is only the TLS key tells, once connected.
 */
export interface Peer {
  /** Stable while it is listed: the claimed peer id, or `address:HOST:PORT` for one given by hand. */
  readonly key: string;
  /** The id it claims; null where only an address is known. */
  readonly id: PeerId | null;
  readonly name: string;
  readonly platform: Platform;
  /** Candidate addresses, best first; never empty. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** Where it is said to be by others: whoever announces an id first may not hide who has its key. */
  readonly elsewhere?: readonly Place[] | undefined;
  readonly foundBy: 'discovery' | 'address';
}

/** Where to try it, best first: where others say that it is comes last, and is for those who know its key. */
export function placesOf({ addresses, port, elsewhere = [], id }: Peer): readonly Place[] {
  const own = addresses.map((address) => ({ address, port }));
  return id === null ? own : [...own, ...elsewhere];
}

/** A peer, and what the paired devices tell about it. */
export interface ListedPeer extends Peer {
  /**
   * It claims the id of a device that was paired, and `name` is the saved one. Whoever sends to it finds
   * out whether it has the key too.
   */
  readonly paired: boolean;
  /** The paired device that it is not, although it is called so; null: none. */
  readonly calledLike: PeerId | null;
}

/** Whom to send to: a listed peer, or an address with (if demanded) the identity it must have. */
export type Target =
  | { readonly kind: 'peer'; readonly key: string }
  | {
      readonly kind: 'address';
      readonly host: string;
      readonly port: number | null;
      readonly expectedPeerId: PeerId | null;
    };
