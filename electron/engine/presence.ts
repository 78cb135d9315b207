import type { ReachableFrom } from '../../shared/model/settings.ts';
import type { Discovery } from './discovery/discovery.ts';
import type { Heard } from './discovery/discovery-messages.ts';
import type { LookAroundOptions } from './look-around.ts';
import { announcementOf, lookAround } from './look-around.ts';
import type { Threads } from './threads.ts';
import { visibleTo } from './visible-to.ts';

interface PresenceOptions extends LookAroundOptions {
  readonly discovery: boolean;
  readonly threads: Threads;
  readonly reachableFrom: () => ReachableFrom;
}

/** How this device shows itself on the network, and whom it finds there. */
export class Presence {
  readonly #options: PresenceOptions;
  #discovery: Discovery | null = null;
  #unfollow: () => void = () => undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.discovery) this.#discovery = lookAround(this.#options);
    const { store, trust } = this.#options;
    trust.onChange = () => {
      store.apply({ kind: 'paired', devices: trust.devices });
      this.#tellCallers();
    };
    this.#unfollow = trust.follow();
    this.#tellCallers();
  }

  /** Whose packets arrive; null: not known. */
  async heard(): Promise<Heard | null> {
    return (await this.#discovery?.heard()) ?? null;
  }

  async stop(): Promise<void> {
    this.#unfollow();
    await this.#discovery?.stop();
  }

  /** The name, or who may know it, has changed, or the port is another thread's. */
  update(): void {
    this.#discovery?.setAnnounce(announcementOf(this.#options));
    this.#tellCallers();
  }

  /** Another interface is used from now on. */
  lookThrough(name: string | null): void {
    this.#discovery?.setInterface(name);
  }

  /** From where this device may be called has changed. */
  updateDoor(): void {
    const { threads, reachableFrom } = this.#options;
    threads.receive?.post({ kind: 'reachableFrom', from: reachableFrom() });
  }

  /**
   * Who is paired, and so who is told this device's name where others are not; and who is blocked: said
   * while the port was closed, nobody has heard it.
   */
  #tellCallers(): void {
    const { store, trust, threads } = this.#options;
    const blocked = store.state.blocked.map(({ id }) => id);
    threads.receive?.post({ kind: 'visibleTo', peerIds: visibleTo(store.state) });
    threads.receive?.post({ kind: 'blocked', peerIds: blocked });
    this.#discovery?.setPaired(trust.acquaintances);
  }
}
