import type { Place } from '../../../shared/model/peer.ts';
import { MAX_TTL_SECONDS } from '../../../shared/protocol/limits.ts';
import type { Clock } from './ports.ts';

/** An announcement that names more is a flood. */
const MAX_ANNOUNCED = 16;
const MAX_KNOWN = 4;
/** So long a place that is not announced is tried without an answer: no announcement counts longer. */
export const FORGET_AFTER_MS = MAX_TTL_SECONDS * 1000;

interface Known {
  readonly place: Place;
  /** When it was announced last, or answered. */
  readonly seenAtMs: number;
}

/** Where a peer may be: as it was announced last, then where it was met or said to be before. */
export class Whereabouts {
  readonly #clock: Pick<Clock, 'nowMs'>;
  #announced: readonly Place[] = [];
  #known: readonly Known[];
  /** Discovery has spoken of it: anyone on the network may have said that. */
  isHinted = false;

  constructor(places: readonly Place[], clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
    this.#announced = places.slice(0, MAX_ANNOUNCED);
    this.#known = this.#announced.map((place) => this.#seenNow(place));
  }

  /** Best first, none twice. */
  get places(): readonly Place[] {
    const announced = this.isHinted ? this.#announced : [];
    const all = [...announced, ...this.#tried().map(({ place }) => place)];
    return all.filter((place, at) => all.findIndex((other) => isSame(place, other)) === at);
  }

  /** What is new of it comes first. None: it is not announced any more. false: that was known. */
  announced(places: readonly Place[]): boolean {
    const now = places.slice(0, MAX_ANNOUNCED);
    const before = this.#announced;
    this.isHinted = true;
    const isKnown = ({ place }: Known): boolean => now.some((other) => isSame(place, other));
    this.#known = this.#tried().map((one) => (isKnown(one) ? this.#seenNow(one.place) : one));
    const fresh = now.filter((place) => !before.some((other) => isSame(place, other)));
    this.#announced = [...fresh, ...now.filter((place) => !fresh.includes(place))];
    return fresh.length > 0;
  }

  /** It answered there. */
  met(place: Place): void {
    const others = this.#known.filter((other) => !isSame(place, other.place));
    this.#known = [this.#seenNow(place), ...others].slice(0, MAX_KNOWN);
  }

  /** It is announced at another place than this. */
  isElsewhere(than: Place): boolean {
    return this.isHinted && this.#announced.some((place) => !isSame(place, than));
  }

  /**
   * What anyone may have said and nobody answered at is forgotten. The first stays: there it was met
   * last, or there a person wants it.
   */
  #tried(): readonly Known[] {
    const oldestMs = this.#clock.nowMs() - FORGET_AFTER_MS;
    this.#known = this.#known.filter(({ seenAtMs }, at) => at === 0 || seenAtMs > oldestMs);
    return this.#known;
  }

  #seenNow(place: Place): Known {
    return { place, seenAtMs: this.#clock.nowMs() };
  }
}

function isSame(a: Place, b: Place): boolean {
  return a.address === b.address && a.port === b.port;
}
