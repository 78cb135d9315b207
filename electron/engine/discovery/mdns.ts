import type { RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import type { Service } from 'bonjour-service';
import { Bonjour } from 'bonjour-service';
import type { Failure } from '../../../shared/errors.ts';
import { failure } from '../../../shared/errors.ts';
import type { VeiledHint } from '../../../shared/protocol/announcement.ts';
import {
  encodeAnnouncement,
  encodeVeiled,
  instanceName,
  SERVICE_DOMAIN,
  SERVICE_TYPE,
  veiledInstanceName,
} from '../../../shared/protocol/announcement.ts';
import { PROTOCOL_VERSIONS } from '../../../shared/protocol/limits.ts';
import type { Acquaintance, Announcement, Heard } from './discovery-messages.ts';
import { Earshot } from './earshot.ts';
import type { InterfaceTable, Links } from './interfaces.ts';
import { fingerprint, selectLinks } from './interfaces.ts';
import type { UdpSocket } from './multicast-socket.ts';
import { MDNS_PORT, MulticastSocket } from './multicast-socket.ts';
import { tellOnly } from './own-records.ts';
import { PacketGate } from './packet-gate.ts';
import type { Sighting } from './sightings.ts';
import { readSightings } from './sightings.ts';
import { Recogniser, veiled } from './veil.ts';

/** Soon again after a start, since a packet may be lost and a peer may be starting too. */
const QUERY_AFTER_MS = [1_000, 3_000, 10_000] as const;
/** Often enough that a listed peer is heard several times before it expires. */
const QUERIES_PER_TTL = 4;
const INTERFACE_POLL_MS = 2_000;
const GOODBYE_TIMEOUT_MS = 500;
/** So long can what is said behind the veil be told to be of one device. */
export const VEIL_MS = 15 * 60_000;

export interface MdnsPorts {
  readonly openUdp: (family: 'IPv4' | 'IPv6') => UdpSocket;
  readonly interfaces: () => InterfaceTable;
  /** Monotonic. */
  readonly nowMs: () => number;
}

export interface MdnsOptions extends MdnsPorts {
  readonly announce: Announcement | null;
  readonly paired: readonly Acquaintance[];
  readonly interface: string | null;
  readonly maxTtlSeconds: number;
  readonly onSightings: (sightings: readonly Sighting[]) => void;
  /** Each is told when it becomes so, and again after the other. */
  readonly onStarted: () => void;
  readonly onFailed: (failure: Failure) => void;
  readonly onTrouble: (reason: string) => void;
}

/** What is used of the multicast-dns inside bonjour-service. */
interface Responder {
  on(event: 'response', listener: (packet: unknown, rinfo: RemoteInfo) => void): void;
  query(questions: readonly { readonly name: string; readonly type: 'PTR' }[]): void;
}

/**
 * Says who we are and hears who others are. bonjour-service publishes, answers and asks; its browser is
 * not used: that neither tells who sent a goodbye nor that a peer was heard again, and its search grows
 * with the square of what a hostile host announces.
 */
export class Mdns {
  readonly #options: MdnsOptions;
  readonly #gate = new PacketGate();
  readonly #earshot = new Earshot();
  readonly #socket: MulticastSocket;
  readonly #bonjour: Bonjour;
  readonly #responder: Responder;
  #links: Links | null = null;
  #interface: string | null;
  #announce: Announcement | null;
  #paired: readonly Acquaintance[];
  readonly #recogniser = new Recogniser();
  #publishedAtMs = 0;
  #service: Service | null = null;
  #network = '';
  #state: 'starting' | 'on' | 'failed' | 'stopped' = 'starting';
  #work: Promise<void> = Promise.resolve();
  #pollTimer: NodeJS.Timeout | undefined;
  #queryTimer: NodeJS.Timeout | undefined;

  constructor(options: MdnsOptions) {
    this.#options = options;
    this.#announce = options.announce;
    this.#interface = options.interface;
    this.#paired = options.paired;
    this.#recogniser.setPaired(options.paired);
    this.#socket = new MulticastSocket({
      openUdp: options.openUdp,
      nowMs: options.nowMs,
      admits: (message, { address }) => {
        if (this.#links?.isNear(address) !== true) return false;
        this.#earshot.hear(address, this.#links.isOwn(address));
        return this.#gate.admits(message, address, options.nowMs());
      },
      onTrouble: options.onTrouble,
    });
    const sockets = { port: MDNS_PORT, socket: this.#socket };
    this.#bonjour = new Bonjour(sockets, (error: Error) => options.onTrouble(error.message));
    tellOnly(this.#bonjour, (address) => this.#links?.isUsed(address) === true);
    this.#responder = responderOf(this.#bonjour);
    this.#responder.on('response', (packet, rinfo) => this.#hear(packet, rinfo.address));
    this.#pollTimer = setInterval(
      () => void this.#enqueue(() => this.#refresh()),
      INTERFACE_POLL_MS,
    );
    void this.#enqueue(() => this.#refresh());
  }

  /** Packets that were dropped unread. */
  get dropped(): number {
    return this.#gate.dropped;
  }

  get heard(): Heard {
    return this.#earshot.heard;
  }

  setAnnounce(announce: Announcement | null): void {
    void this.#enqueue(async () => {
      await this.#withdraw();
      this.#announce = announce;
      await this.#publish();
    });
  }

  /** Says goodbye where it was, and begins anew where it is to be. */
  setInterface(name: string | null): void {
    void this.#enqueue(async () => {
      await this.#withdraw();
      this.#interface = name;
      this.#network = '';
      await this.#refresh();
    });
  }

  setPaired(paired: readonly Acquaintance[]): void {
    this.#paired = paired;
    this.#recogniser.setPaired(paired);
    if (this.#announce?.isVeiled === true) this.setAnnounce(this.#announce);
    void this.#enqueue(async () => {
      if (this.#socket.usable) this.#ask(0);
    });
  }

  /** Says goodbye, waits until that is out, and closes the sockets. */
  async stop(): Promise<void> {
    clearInterval(this.#pollTimer);
    clearTimeout(this.#queryTimer);
    const goodbye = this.#enqueue(() => this.#withdraw());
    await Promise.race([goodbye, after(GOODBYE_TIMEOUT_MS)]);
    this.#state = 'stopped';
    // what was under way may have asked meanwhile
    clearTimeout(this.#queryTimer);
    await new Promise<void>((resolve) => this.#bonjour.destroy(resolve));
  }

  /** One after another: what is withdrawn must have been published before. */
  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work
      .then(() => (this.#state === 'stopped' ? undefined : step()))
      .catch((error: unknown) => this.#options.onTrouble(String(error)));
    return this.#work;
  }

  /** Looks at the interfaces: what came is joined, what went is left, what is ours is said anew. */
  async #refresh(): Promise<void> {
    const table = this.#options.interfaces();
    const links = selectLinks(this.#interface, table);
    if ('code' in links) {
      this.#links = null;
      this.#socket.use([]);
      this.#fail(links);
      return;
    }
    const error = await this.#socket.open();
    this.#links = links;
    const came = this.#socket.use(links.links);
    if (!this.#socket.usable) {
      const reason = error?.message ?? 'no multicast on this network';
      this.#fail(failure('DISCOVERY_FAILED', { reason }));
      return;
    }
    if (this.#state !== 'on') {
      this.#state = 'on';
      this.#options.onStarted();
    }
    const network = fingerprint(table);
    const { isVeiled = false } = this.#announce ?? {};
    const isStale = isVeiled && this.#options.nowMs() - this.#publishedAtMs >= VEIL_MS;
    if (!came && !isStale && network === this.#network) return;
    this.#network = network;
    await this.#withdraw();
    await this.#publish();
    this.#ask(0);
  }

  #fail(reason: Failure): void {
    clearTimeout(this.#queryTimer);
    if (this.#state === 'failed') return;
    this.#state = 'failed';
    this.#options.onFailed(reason);
  }

  async #publish(): Promise<void> {
    const announce = this.#announce;
    if (announce === null || !this.#socket.usable) return;
    const { name, txt } = this.#record(announce);
    this.#publishedAtMs = this.#options.nowMs();
    this.#socket.forgetSent();
    this.#service = this.#bonjour.publish({
      name,
      type: SERVICE_TYPE,
      port: announce.port,
      host: `${name}.local`,
      txt,
      // The name is made from the key's hash, or at random: there is no other to look for.
      probe: false,
      // A link-local address means nothing without the zone that only the receiver knows.
      disableIPv6: true,
    });
    await once(this.#service, 'up');
  }

  #record(announce: Announcement) {
    const version = Math.max(...PROTOCOL_VERSIONS);
    if (!announce.isVeiled) {
      return { name: instanceName(announce.id), txt: encodeAnnouncement({ version, ...announce }) };
    }
    const hint = veiled(version, announce.id, this.#paired);
    return { name: veiledInstanceName(hint.nonce), txt: encodeVeiled(hint) };
  }

  async #withdraw(): Promise<void> {
    const service = this.#service;
    this.#service = null;
    if (service === null) return;
    const stop = service.stop as (done: () => void) => void;
    await new Promise<void>((resolve) => stop(resolve));
  }

  #ask(round: number): void {
    clearTimeout(this.#queryTimer);
    if (this.#state === 'stopped') return;
    this.#responder.query([{ name: SERVICE_DOMAIN, type: 'PTR' }]);
    const slowestMs = (this.#options.maxTtlSeconds * 1000) / QUERIES_PER_TTL;
    const delayMs = Math.min(QUERY_AFTER_MS[round] ?? slowestMs, slowestMs);
    this.#queryTimer = setTimeout(() => this.#ask(round + 1), delayMs);
  }

  #hear(packet: unknown, source: string): void {
    const links = this.#links;
    if (links === null || this.#state === 'stopped') return;
    const recognise = (said: VeiledHint) => this.#recogniser.recognise(said);
    const sightings = readSightings(packet, source, recognise).map((sighting) => ({
      ...sighting,
      addresses: sighting.addresses.filter((address) => links.isElsewhere(address)),
    }));
    if (sightings.length > 0) this.#options.onSightings(sightings);
  }
}

/** The library keeps it to itself, and has no other way to ask again or to hear who answered. */
function responderOf(bonjour: Bonjour): Responder {
  const { mdns } = bonjour['server'] as { readonly mdns: Responder };
  return mdns;
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
