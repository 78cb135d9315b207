declare const brand: unique symbol;

/** 32 hex digits, made from what stays the same about a network. */
export type NetworkId = string & { readonly [brand]: 'NetworkId' };

const NETWORK_ID = /^[0-9a-f]{32}$/;

export function isNetworkId(value: string): value is NetworkId {
  return NETWORK_ID.test(value);
}

/** A network that this computer is or was on. */
export interface Network {
  readonly id: NetworkId;
  /** The address of its router, for people. */
  readonly label: string;
}

/** A network, and whether what comes over it may be accepted without asking. */
export interface ListedNetwork extends Network {
  readonly isTrusted: boolean;
  /** This computer is on it now. */
  readonly isHere: boolean;
}
