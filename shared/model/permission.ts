import type { AcceptPolicy, Visibility } from './settings.ts';

/** What a paired device may send without being asked about. */
export interface AcceptRule {
  /** Up to and with so much; null: any size. */
  readonly maxBytes: number | null;
  /** Where it goes, absolute; null: the folder of the settings. */
  readonly directory: string | null;
}

export interface OfferFacts {
  readonly policy: AcceptPolicy;
  readonly visibility: Visibility;
  readonly isPaired: boolean;
  /** null: ask. */
  readonly rule: AcceptRule | null;
  readonly bytes: number;
  /** How many transfers of this device are not finished, cut off or not. */
  readonly underWay: number;
  /** It comes over a network that the person trusts. */
  readonly isOnTrustedNetwork: boolean;
}

export type Permission =
  | { readonly kind: 'accept'; readonly directory: string | null }
  | { readonly kind: 'ask' | 'decline' };

/** A device that went bad fills no disk with lists that nobody looked at: beyond these a person is asked. */
export const MAX_UNASKED_UNDER_WAY = 4;

/** Who is paired, how much it is, and by which way it comes: all must hold, or a person is asked. */
export function permissionFor(facts: OfferFacts): Permission {
  const { policy, visibility, isPaired, rule, bytes, underWay, isOnTrustedNetwork } = facts;
  if (policy === 'all') return { kind: 'accept', directory: null };
  if (policy === 'paired')
    return isPaired ? { kind: 'accept', directory: null } : { kind: 'decline' };
  if (!isPaired) return { kind: visibility === 'everyone' ? 'ask' : 'decline' };
  if (rule === null || !isOnTrustedNetwork) return { kind: 'ask' };
  if (rule.maxBytes !== null && bytes > rule.maxBytes) return { kind: 'ask' };
  if (underWay >= MAX_UNASKED_UNDER_WAY) return { kind: 'ask' };
  return { kind: 'accept', directory: rule.directory };
}
