import type { ErrorCode } from '../../shared/errors.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import {
  MAX_OFFERS,
  MAX_OFFERS_PER_ADDRESS,
  MAX_OFFERS_PER_PEER,
} from '../../shared/protocol/limits.ts';
import { BackOffs } from './back-offs.ts';
import { firstToGo, networkOf } from './transfer/crowd.ts';
import type { Clock } from './transfer/ports.ts';

/** An offer that only a person can answer. */
export interface Asked {
  readonly transferId: TransferId;
  /** null: the bare exchange tells none. */
  readonly peerId: PeerId | null;
  readonly address: string;
  readonly isPaired: boolean;
}

export type PromptEffect =
  | { readonly kind: 'show'; readonly transferId: TransferId }
  | { readonly kind: 'decline'; readonly transferId: TransferId; readonly code: ErrorCode };

interface Waiting extends Asked {
  isShown: boolean;
}

/**
 * Which offers stand before the person. Of one device one at a time, and few wait behind it. Strangers
 * share what room there is, so that none of them can take a paired device's, or another stranger's.
 */
export class Prompts {
  /** The oldest first. */
  readonly #waiting = new Map<TransferId, Waiting>();
  readonly #backOffs: BackOffs;

  /** `backOffMs`: how long a device is not heard after its first no. */
  constructor(clock: Pick<Clock, 'nowMs'>, backOffMs: number) {
    this.#backOffs = new BackOffs(clock, backOffMs);
  }

  ask(asked: Asked): readonly PromptEffect[] {
    const { transferId } = asked;
    if (this.#waiting.has(transferId)) return [];
    if (keysOf(asked).some((key) => this.#backOffs.holds(key))) {
      return [{ kind: 'decline', transferId, code: 'DECLINED' }];
    }
    if (this.#ofDevice(asked).length >= MAX_OFFERS_PER_PEER) {
      return [{ kind: 'decline', transferId, code: 'PEER_BUSY' }];
    }
    const effects = asked.isPaired ? [] : this.#makeRoom(asked);
    this.#waiting.set(transferId, { ...asked, isShown: false });
    return [...effects, ...this.#showNext(asked)];
  }

  /** Whether it still waits for an answer. */
  has(transferId: TransferId): boolean {
    return this.#waiting.has(transferId);
  }

  /** A person has said yes: the device is welcome again. */
  accepted(transferId: TransferId): readonly PromptEffect[] {
    const asked = this.#waiting.get(transferId);
    for (const key of asked ? keysOf(asked) : []) this.#backOffs.forget(key);
    return this.#remove(transferId);
  }

  /** A person has said no: what the same device offers next is declined without a prompt, for a while. */
  declined(transferId: TransferId): readonly PromptEffect[] {
    const asked = this.#waiting.get(transferId);
    for (const key of asked ? keysOf(asked) : []) this.#backOffs.start(key);
    return this.#remove(transferId);
  }

  /** It is gone, and nobody has answered it. */
  leave(transferId: TransferId): readonly PromptEffect[] {
    const asked = this.#waiting.get(transferId);
    if (asked) this.#backOffs.tookBack(takenBackKeyOf(asked));
    return this.#remove(transferId);
  }

  /** Nothing waits any more. */
  clear(): void {
    this.#waiting.clear();
  }

  #remove(transferId: TransferId): readonly PromptEffect[] {
    const asked = this.#waiting.get(transferId);
    this.#waiting.delete(transferId);
    return asked ? this.#showNext(asked) : [];
  }

  /** Declines all that waits of a device. */
  refuse(peerId: PeerId): readonly PromptEffect[] {
    const refused = [...this.#waiting.values()].filter((waiting) => waiting.peerId === peerId);
    for (const { transferId } of refused) this.#waiting.delete(transferId);
    return refused.map(({ transferId }) => ({ kind: 'decline', transferId, code: 'DECLINED' }));
  }

  /** Of strangers one gives way to the newcomer: of its own address first, else of the busiest. */
  #makeRoom({ address }: Asked): readonly PromptEffect[] {
    const strangers = [...this.#waiting.values()].filter(({ isPaired }) => !isPaired);
    const network = networkOf(address);
    const near = strangers.filter((other) => networkOf(other.address) === network);
    const crowd = near.length >= MAX_OFFERS_PER_ADDRESS ? near : strangers;
    if (crowd === strangers && strangers.length < MAX_OFFERS) return [];
    const gone = firstToGo(crowd, (waiting) => waiting.address);
    if (!gone) return [];
    const { transferId } = gone;
    return [{ kind: 'decline', transferId, code: 'PEER_BUSY' }, ...this.leave(transferId)];
  }

  #showNext(asked: Asked): readonly PromptEffect[] {
    const [next, ...others] = this.#ofDevice(asked);
    if (!next || [next, ...others].some(({ isShown }) => isShown)) return [];
    next.isShown = true;
    return [{ kind: 'show', transferId: next.transferId }];
  }

  #ofDevice(asked: Asked): readonly Waiting[] {
    const device = deviceOf(asked);
    return [...this.#waiting.values()].filter((waiting) => deviceOf(waiting) === device);
  }
}

function deviceOf({ peerId, address }: Asked): string {
  return peerId ?? networkOf(address);
}

/** Who is paired is known by its key; a stranger would come with a new one each time. */
function takenBackKeyOf({ peerId, address, isPaired }: Asked): string {
  return isPaired && peerId !== null ? peerId : networkOf(address);
}

/** A stranger that was turned away has a new key at no cost: its address is turned away too. */
function keysOf({ peerId, address, isPaired }: Asked): readonly string[] {
  if (isPaired && peerId !== null) return [peerId];
  return [...(peerId === null ? [] : [peerId]), networkOf(address)];
}
