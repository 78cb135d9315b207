import type { PeerId, Place } from '../../shared/model/peer.ts';
import { placesOf } from '../../shared/model/peer.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { EngineState } from './state/reduce.ts';
import type { Store } from './state/store.ts';
import type { SendThread } from './transfer/workers.ts';

export interface PeerNewsOptions {
  readonly store: Store;
  /** null: nothing has been sent yet. */
  readonly thread: () => Pick<SendThread, 'post'> | null;
}

/** Where a device is announced, best first; none: it is not. A hint: who is there only TLS tells. */
export function announcedPlaces(state: EngineState, peerId: PeerId): readonly Place[] {
  const peer = state.discovered.find(({ id }) => id === peerId);
  return peer ? placesOf(peer) : [];
}

/** Tells the sends under way of each announcement of their peers, whatever its address. */
export class PeerNews {
  readonly #options: PeerNewsOptions;
  readonly #told = new Map<TransferId, string>();
  #unsubscribe: () => void = () => undefined;

  constructor(options: PeerNewsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.store.subscribe(() => {
      this.#look();
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  #look(): void {
    const { store, thread } = this.#options;
    const sends = store.state.transfers.filter(
      (t) => t.direction === 'send' && t.mode === 'tls' && !isFinished(t),
    );
    const ids = new Set(sends.map(({ id }) => id));
    for (const id of this.#told.keys()) if (!ids.has(id)) this.#told.delete(id);
    for (const { id, peer } of sends) {
      if (peer.id === null) continue;
      const places = announcedPlaces(store.state, peer.id);
      const told = JSON.stringify(places);
      if (told === (this.#told.get(id) ?? '[]')) continue;
      this.#told.set(id, told);
      thread()?.post({ kind: 'announced', transferId: id, places });
    }
  }
}
