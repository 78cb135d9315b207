import type { Peer } from '../../../shared/model/peer.ts';

const MIN_GAP_MS = 200;

/** Passes the list on when it differs from the last one: at once, then at most 5 times a second. */
export class PeerFeed {
  readonly #read: () => readonly Peer[];
  readonly #tell: (peers: readonly Peer[]) => void;
  #last = '[]';
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(read: () => readonly Peer[], tell: (peers: readonly Peer[]) => void) {
    this.#read = read;
    this.#tell = tell;
  }

  /** Something may have changed. */
  changed(): void {
    this.#dirty = true;
    if (this.#timer === undefined) this.#flush();
  }

  #flush(): void {
    this.#timer = undefined;
    if (!this.#dirty) return;
    this.#dirty = false;
    const peers = this.#read();
    const now = JSON.stringify(peers);
    this.#timer = setTimeout(() => this.#flush(), MIN_GAP_MS);
    if (now === this.#last) return;
    this.#last = now;
    this.#tell(peers);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
