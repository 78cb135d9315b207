import type { Place } from '../../../shared/model/peer.ts';

/** An announcement that names more is a flood. */
const MAX_ANNOUNCED = 16;
const MAX_KNOWN = 4;

/** Where a peer may be: as it was announced last, then where it was met or said to be before. */
export class Whereabouts {
  #announced: readonly Place[] = [];
  #known: readonly Place[];
  /** Discovery has spoken of it: anyone on the network may have said that. */
  isHinted = false;

  constructor(places: readonly Place[]) {
    this.#known = places.slice(0, MAX_ANNOUNCED);
    this.#announced = this.#known;
  }

  /** Best first, none twice. */
  get places(): readonly Place[] {
    const all = [...this.#announced, ...this.#known];
    return all.filter((place, at) => all.findIndex((other) => isSame(place, other)) === at);
  }

  /** What is new of it comes first. None: it is not announced any more. false: that was known. */
  announced(places: readonly Place[]): boolean {
    const now = places.slice(0, MAX_ANNOUNCED);
    const before = this.#announced;
    this.isHinted = true;
    const fresh = now.filter((place) => !before.some((other) => isSame(place, other)));
    this.#announced = [...fresh, ...now.filter((place) => !fresh.includes(place))];
    return fresh.length > 0;
  }

  /** It answered there. */
  met(place: Place): void {
    const others = this.#known.filter((other) => !isSame(place, other));
    this.#known = [place, ...others].slice(0, MAX_KNOWN);
  }

  /** It is announced at another place than this. */
  isElsewhere(than: Place): boolean {
    return this.isHinted && this.#announced.some((place) => !isSame(place, than));
  }
}

function isSame(a: Place, b: Place): boolean {
  return a.address === b.address && a.port === b.port;
}
