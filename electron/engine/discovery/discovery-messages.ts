import type { Failure } from '../../../shared/errors.ts';
import type { Peer, PeerId, Platform } from '../../../shared/model/peer.ts';

/** What this device says of itself on the network. */
export interface Announcement {
  readonly id: PeerId;
  readonly name: string;
  readonly platform: Platform;
  /** Where the receiver listens, 1 to 65535. */
  readonly port: number;
  /** Shows itself to the paired devices only, and says nothing of the person. */
  readonly isVeiled: boolean;
}

/** A paired device, and the secret by which it and this one find each other. */
export interface Acquaintance {
  readonly id: PeerId;
  readonly name: string;
  readonly platform: Platform;
  /** 64 hex digits, the same on both sides. */
  readonly meetingKey: string;
}

/** mDNS packets since the start. */
export interface Heard {
  /** Of this device, that came back to it. */
  readonly own: number;
  /** Other computers, by their addresses. */
  readonly others: number;
}

/** Main thread to discovery worker. Plain values only. */
export type DiscoveryRequest =
  | {
      readonly kind: 'start';
      /** null: looks around without being seen. */
      readonly announce: Announcement | null;
      /** They always have a place on the list. */
      readonly paired: readonly Acquaintance[];
      /** Name or address; null: every interface that leads somewhere. */
      readonly interface: string | null;
      /** How long a peer that falls silent stays listed; at most MAX_TTL_SECONDS. */
      readonly maxTtlSeconds: number;
    }
  | { readonly kind: 'interface'; readonly interface: string | null }
  | { readonly kind: 'announce'; readonly announce: Announcement | null }
  | { readonly kind: 'paired'; readonly paired: readonly Acquaintance[] }
  | { readonly kind: 'tellHeard' }
  | { readonly kind: 'stop' };

/** Discovery worker to main thread. `started` may follow `failed`: a network that came back. */
export type DiscoveryEvent =
  | { readonly kind: 'started' }
  | { readonly kind: 'peers'; readonly peers: readonly Peer[] }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | ({ readonly kind: 'heard' } & Heard)
  /** For the log. */
  | { readonly kind: 'trouble'; readonly reason: string }
  | { readonly kind: 'stopped' };
