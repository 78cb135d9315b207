import type { Heard } from './discovery-messages.ts';

/** More computers than this are many, whatever the exact number. */
const MAX_OTHERS = 256;

/**
 * Counts whose mDNS packets arrive, whatever they say: where a printer is heard the network carries multicast,
 * and where not even this device hears itself the computer does not.
 */
export class Earshot {
  readonly #others = new Set<string>();
  #own = 0;

  hear(source: string, isOwn: boolean): void {
    if (isOwn) this.#own += 1;
    else if (this.#others.size < MAX_OTHERS) this.#others.add(source);
  }

  get heard(): Heard {
    return { own: this.#own, others: this.#others.size };
  }
}
