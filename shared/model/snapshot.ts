import type { Failure } from '../errors.ts';
import type { BlockedPeer } from './blocked-peer.ts';
import type { ListedNetwork } from './network.ts';
import type { ListedInterface } from './network-interface.ts';
import type { PairedDevice, Pairing } from './pairing.ts';
import type { ListedPeer, PeerId, Platform } from './peer.ts';
import type { Settings } from './settings.ts';
import type { Transfer } from './transfer.ts';

/**
 * Where the device's key is, and who else can read it. `store`: sealed by the system's key store. In a file, `owner`: nobody but the administrator; `profile`: as
 * Windows guards a person's own folder; `others`: the disk knows no owners, or does not let us change them.
 */
export type KeyKept = 'store' | 'owner' | 'profile' | 'others';

/** This device, as others see it. */
export interface Self {
  readonly id: PeerId;
  readonly name: string;
  readonly platform: Platform;
  /** What it is bound to (`::` and `0.0.0.0`: every interface) and where; null while nothing listens. */
  readonly host: string | null;
  readonly port: number | null;
  readonly addresses: readonly string[];
  /** Where received files go, absolute. */
  readonly directory: string;
  readonly discovery: 'on' | 'off' | 'failed';
  readonly keyKept: KeyKept;
  /** The face reaches a key store of the system, into which the key may be put. */
  readonly hasKeyStore: boolean;
  /** Nobody has said yet what it is called and where things go. */
  readonly isNew: boolean;
}

/** Something the person should know that belongs to no transfer. */
export interface Notice {
  readonly id: string;
  readonly failure: Failure;
}

/** All that a face and the window may know. Totals only: no list in it grows with the number of files. */
export interface Snapshot {
  readonly self: Self;
  readonly peers: readonly ListedPeer[];
  /** Newest first. */
  readonly transfers: readonly Transfer[];
  /** Codes that wait for a person; mostly none. */
  readonly pairings: readonly Pairing[];
  readonly paired: readonly PairedDevice[];
  readonly settings: Settings;
  /** Those that this device is on, and those that are trusted. */
  readonly networks: readonly ListedNetwork[];
  /** Those that lead somewhere, and the one that was chosen. */
  readonly interfaces: readonly ListedInterface[];
  /** The latest last. */
  readonly blocked: readonly BlockedPeer[];
  readonly notices: readonly Notice[];
}
