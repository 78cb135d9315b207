import { failure } from '../../shared/errors.ts';
import { cleanDeviceName } from '../../shared/protocol/device-name.ts';
import type { Pairings } from './pairings.ts';
import type { Store } from './state/store.ts';
import { networkOf } from './transfer/crowd.ts';
import type { Clock } from './transfer/ports.ts';
import type { WirePeer } from './transfer/worker-messages.ts';
import type { Trust } from './trust.ts';

/** Each device, and each address of strangers, is told of once in so long a time. */
export const REFUSALS_WINDOW_MS = 10 * 60_000;
/** Of all strangers together, in the same time: what they offer costs them nothing. */
export const MAX_REFUSALS_OF_STRANGERS = 3;

interface RefusalsOptions {
  readonly store: Store;
  readonly trust: Trust;
  readonly pairings: Pick<Pairings, 'isBlocked'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Offers that were refused before anybody could be asked: a person hears of them, and of few. */
export class Refusals {
  readonly #options: RefusalsOptions;
  /** When each was told of. */
  readonly #told = new Map<string, number>();

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  readonly onRefused = (peer: WirePeer): void => {
    const { store, trust, pairings, clock } = this.#options;
    if (pairings.isBlocked(peer.id)) return;
    const device = trust.devices.find(({ id }) => id === peer.id);
    // who may not even ask is not heard of either
    if (!device && store.state.settings.visibility !== 'everyone') return;
    const nowMs = clock.nowMs();
    for (const [key, atMs] of this.#told) {
      if (nowMs - atMs >= REFUSALS_WINDOW_MS) this.#told.delete(key);
    }
    const key = device?.id ?? networkOf(peer.address);
    const strangers = [...this.#told.keys()].filter(
      (other) => !trust.devices.some(({ id }) => id === other),
    );
    if (this.#told.has(key)) return;
    if (!device && strangers.length >= MAX_REFUSALS_OF_STRANGERS) return;
    this.#told.set(key, nowMs);
    const name = device?.name ?? (peer.name && cleanDeviceName(peer.name));
    const details = name === '' ? {} : { name };
    store.apply({ kind: 'noticed', failure: failure('OFFER_REFUSED', details) });
  };
}
