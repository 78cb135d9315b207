import type { PeerId, Platform } from './peer.ts';
import type { AcceptRule } from './permission.ts';

declare const brand: unique symbol;

/** 32 lower-case hex digits. An answer names the very code that the person saw. */
export type PairingId = string & { readonly [brand]: 'PairingId' };

const PAIRING_ID = /^[0-9a-f]{32}$/;

export function isPairingId(value: string): value is PairingId {
  return PAIRING_ID.test(value);
}

/** They match, they do not, or: not now. */
export const PAIRING_ANSWERS = ['match', 'mismatch', 'later'] as const;
export type PairingAnswer = (typeof PAIRING_ANSWERS)[number];

/** Two people compare, or are about to compare, the codes on their screens. */
export interface Pairing {
  readonly pairingId: PairingId;
  /** null: only an address is known yet. */
  readonly peerId: PeerId | null;
  /** What it calls itself: a hint, shown as such. */
  readonly name: string;
  readonly address: string;
  /** The paired device whose name this one seems to use with another key; null: none. */
  readonly calledLike: PeerId | null;
  /** Two groups of three digits, as they are shown; null: not known yet. */
  readonly code: string | null;
  readonly phase: 'connecting' | 'comparing' | 'matchedHere' | 'matchedThere' | 'confirming';
}

/** A device that the people have confirmed, by its key. */
export interface PairedDevice {
  readonly id: PeerId;
  /** As it was called when it was paired: what it calls itself since then changes nothing. */
  readonly name: string;
  readonly platform: Platform;
  /** By the calendar, for people only. */
  readonly pairedAtMs: number;
  /** What it may send without being asked about; null: each time the person is asked. */
  readonly rule: AcceptRule | null;
}

/** `417293` as `417 293`. */
export function spacedCode(code: string): string {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)} ${code.slice(half)}`;
}
