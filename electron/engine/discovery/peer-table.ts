import type { Peer, PeerId } from '../../../shared/model/peer.ts';
import { MAX_PEERS, MAX_TTL_SECONDS } from '../../../shared/protocol/limits.ts';
import type { Sighting } from './sightings.ts';

/** Addresses that one device may be reached at, and places it may be announced from. */
const MAX_ADDRESSES = 8;
/** Of the places that others name for it, this many are tried too. */
const MAX_ELSEWHERE = 4;
/** RFC 6762 §10.1: a goodbye takes effect a second later, so that what is said anew is not lost. */
const GOODBYE_MS = 1000;

/** What was announced from one address: only a later word from there changes or ends it. */
interface Source {
  sighting: Sighting;
  expiresAtMs: number;
}

interface Entry {
  /** By address, first announced first: the first that is fresh speaks for the device. */
  readonly sources: Map<string, Source>;
  /** The address that brought it onto the list. */
  readonly owner: string;
}

const byName = new Intl.Collator('en', { numeric: true });

/**
 * The devices that were heard of lately. Everything in it is a hint that anyone on the network may
 * forge, so it is capped, it forgets, and no host can change what another one said. The caller passes
 * the time.
 */
export class PeerTable {
  readonly #entries = new Map<PeerId, Entry>();
  readonly #owned = new Map<string, Set<PeerId>>();
  readonly #maxTtlMs: number;
  #known: ReadonlySet<PeerId> = new Set();

  constructor(maxTtlSeconds: number = MAX_TTL_SECONDS) {
    this.#maxTtlMs = Math.min(maxTtlSeconds, MAX_TTL_SECONDS) * 1000;
  }

  /** The devices that the person has confirmed: there is always room for them, and they stay. */
  setKnown(ids: readonly PeerId[]): void {
    this.#known = new Set(ids);
  }

  see(sighting: Sighting, nowMs: number): void {
    const { hint, source, ttlSeconds } = sighting;
    if (ttlSeconds <= 0) {
      this.#goodbye(hint.id, source, nowMs);
      return;
    }
    const entry = this.#entries.get(hint.id) ?? this.#admit(hint.id, source);
    if (entry === null) return;
    if (!entry.sources.has(source) && entry.sources.size >= MAX_ADDRESSES) return;
    const expiresAtMs = nowMs + Math.min(ttlSeconds * 1000, this.#maxTtlMs);
    entry.sources.set(source, { sighting, expiresAtMs });
  }

  #goodbye(id: PeerId, from: string, nowMs: number): void {
    const source = this.#entries.get(id)?.sources.get(from);
    if (source === undefined) return;
    source.expiresAtMs = Math.min(source.expiresAtMs, nowMs + GOODBYE_MS);
  }

  /**
   * A full list still takes a newcomer from a quiet address, in place of the last one of the address
   * that fills most of it.
   */
  #admit(id: PeerId, owner: string): Entry | null {
    const isFull = this.#entries.size >= MAX_PEERS;
    if (isFull && !this.#makeRoomFor(owner, this.#known.has(id))) return null;
    const entry: Entry = { sources: new Map(), owner };
    this.#entries.set(id, entry);
    const owned = this.#owned.get(owner) ?? new Set();
    this.#owned.set(owner, owned.add(id));
    return entry;
  }

  #makeRoomFor(owner: string, isKnown: boolean): boolean {
    const own = this.#owned.get(owner)?.size ?? 0;
    let busiest: readonly PeerId[] = [];
    for (const ids of this.#owned.values()) {
      if (ids.size <= busiest.length) continue;
      const strangers = [...ids].filter((id) => !this.#known.has(id));
      if (strangers.length > busiest.length) busiest = strangers;
    }
    const last = busiest.at(-1);
    if (last === undefined || (!isKnown && busiest.length <= own + 1)) return false;
    this.#remove(last);
    return true;
  }

  #remove(id: PeerId): void {
    const owner = this.#entries.get(id)?.owner;
    this.#entries.delete(id);
    if (owner === undefined) return;
    const owned = this.#owned.get(owner);
    owned?.delete(id);
    if (owned?.size === 0) this.#owned.delete(owner);
  }

  /** They were heard somewhere else. */
  clear(): void {
    this.#entries.clear();
    this.#owned.clear();
  }

  /** Forgets who fell silent. */
  sweep(nowMs: number): void {
    for (const [id, { sources }] of this.#entries) {
      for (const [address, { expiresAtMs }] of sources) {
        if (expiresAtMs <= nowMs) sources.delete(address);
      }
      if (sources.size === 0) this.#remove(id);
    }
  }

  /** Everyone on the list, by name, but for this device itself. */
  peers(own: PeerId | null): readonly Peer[] {
    const peers: Peer[] = [];
    for (const [id, { sources }] of this.#entries) {
      if (id !== own) peers.push(...peerOf(id, [...sources.values()]));
    }
    return peers.sort((a, b) => byName.compare(a.name, b.name) || (a.key < b.key ? -1 : 1));
  }
}

function peerOf(id: PeerId, sources: readonly Source[]): readonly Peer[] {
  const sightings = sources.map((source) => source.sighting);
  const [first] = sightings;
  if (first === undefined) return [];
  const { hint, port } = first;
  const elsewhere = sightings
    .filter((other) => other.port !== port)
    .map((other) => ({ address: other.source, port: other.port }))
    .slice(0, MAX_ELSEWHERE);
  return [
    {
      key: id,
      id,
      name: hint.name,
      platform: hint.platform,
      addresses: addressesOf(sightings.filter((other) => other.port === port)),
      port,
      ...(elsewhere.length > 0 && { elsewhere }),
      foundBy: 'discovery',
    },
  ];
}

/** Where packets came from goes before what was only said, and a link-local address last of these. */
function addressesOf(sightings: readonly Sighting[]): readonly string[] {
  const heardFrom = sightings.map((sighting) => sighting.source);
  const said = sightings.flatMap((sighting) => sighting.addresses);
  const ordered = [
    ...heardFrom.filter((address) => !address.includes('%')),
    ...heardFrom.filter((address) => address.includes('%')),
    ...said,
  ];
  return [...new Set(ordered)].slice(0, MAX_ADDRESSES);
}
