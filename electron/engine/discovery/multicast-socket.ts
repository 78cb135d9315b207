import type { RemoteInfo, Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import type { Link } from './interfaces.ts';
import { SentMemory } from './sent-memory.ts';

export const MDNS_PORT = 5353;
const GROUPS = { IPv4: '224.0.0.251', IPv6: 'ff02::fb' } as const;
/** RFC 6762 §11 */
const HOPS = 255;
const MAX_QUEUED = 64;

type Family = Link['family'];
type Sent = (error: Error | null) => void;

/** What is used of a dgram socket, so that tests can stand in for the network. */
export type UdpSocket = Pick<
  Socket,
  | 'addMembership'
  | 'bind'
  | 'close'
  | 'dropMembership'
  | 'on'
  | 'once'
  | 'removeListener'
  | 'send'
  | 'setMulticastInterface'
  | 'setMulticastLoopback'
  | 'setMulticastTTL'
>;

export interface MulticastSocketPorts {
  readonly openUdp: (family: Family) => UdpSocket;
  readonly nowMs: () => number;
  /** Whether a packet may go on to the code that decodes it. */
  readonly admits: (message: Buffer, rinfo: RemoteInfo) => boolean;
  /** What went wrong and is lived with: a network that is away, a group that cannot be joined. */
  readonly onTrouble: (reason: string) => void;
}

/**
 * The one socket that multicast-dns knows: behind it one UDP socket a family, every packet sent out on
 * every link, and what comes in let through the gate. A link that fails never fails the others.
 */
export class MulticastSocket extends EventEmitter {
  readonly #ports: MulticastSocketPorts;
  readonly #sockets = new Map<Family, UdpSocket>();
  readonly #queue: { readonly message: Buffer; readonly sent: Sent }[] = [];
  readonly #memory = new SentMemory();
  #joined = new Map<string, Link>();
  #sending = false;
  #closed = false;

  constructor(ports: MulticastSocketPorts) {
    super();
    this.#ports = ports;
  }

  /** Whether anything can be sent and heard. */
  get usable(): boolean {
    return this.#joined.size > 0;
  }

  /** Opens what is not open yet; the first error that stood in the way, or null. */
  async open(): Promise<Error | null> {
    const errors: Error[] = [];
    for (const family of ['IPv4', 'IPv6'] as const) {
      if (this.#closed || this.#sockets.has(family)) continue;
      const error = await this.#openFamily(family);
      if (error !== null) errors.push(error);
    }
    for (const error of errors) this.#ports.onTrouble(error.message);
    return errors[0] ?? null;
  }

  async #openFamily(family: Family): Promise<Error | null> {
    try {
      const socket = this.#ports.openUdp(family);
      socket.on('error', (trouble) => this.#ports.onTrouble(trouble.message));
      const error = await bound(socket);
      if (error !== null || this.#closed) {
        socket.close();
        return error;
      }
      socket.setMulticastTTL(HOPS);
      socket.setMulticastLoopback(true);
      socket.on('message', (message, rinfo) => {
        if (this.#ports.admits(message, rinfo)) this.emit('message', message, rinfo);
      });
      this.#sockets.set(family, socket);
      return null;
    } catch (error) {
      return asError(error);
    }
  }

  /** Joins and leaves groups until they fit the links; true where a link came that was not there. */
  use(links: readonly Link[]): boolean {
    const wanted = new Map(links.map((link) => [`${link.name} ${link.socketAddress}`, link]));
    for (const [key, link] of this.#joined) {
      if (!wanted.has(key)) this.#leave(key, link);
    }
    let came = false;
    for (const [key, link] of wanted) {
      if (!this.#joined.has(key) && this.#join(link)) {
        this.#joined.set(key, link);
        came = true;
      }
    }
    return came;
  }

  #join(link: Link): boolean {
    const socket = this.#sockets.get(link.family);
    if (socket === undefined) return false;
    try {
      socket.addMembership(GROUPS[link.family], link.socketAddress);
    } catch (error) {
      // A membership outlives its address while the interface is the same.
      if (codeOf(error) !== 'EADDRINUSE') {
        this.#ports.onTrouble(`${link.name}: ${asError(error).message}`);
        return false;
      }
    }
    return true;
  }

  #leave(key: string, link: Link): void {
    this.#joined.delete(key);
    const stays = [...this.#joined.values()].some(
      (other) => other.name === link.name && other.family === link.family,
    );
    if (stays) return;
    try {
      this.#sockets.get(link.family)?.dropMembership(GROUPS[link.family], link.socketAddress);
    } catch (error) {
      this.#ports.onTrouble(`${link.name}: ${asError(error).message}`);
    }
  }

  /** For multicast-dns, which must find its socket bound. */
  bind(_port: number, _address: unknown, done: () => void): void {
    queueMicrotask(done);
  }

  address(): { readonly port: number } {
    return { port: MDNS_PORT };
  }

  /** For multicast-dns: `sent` is called once the packet is out on every link, whatever became of it. */
  send(
    message: Buffer,
    _from: number,
    _bytes: number,
    _port: number,
    _to: string,
    sent: Sent,
  ): void {
    const hasRoom = !this.#closed && this.#queue.length < MAX_QUEUED;
    if (!hasRoom || !this.#memory.isNew(message, this.#ports.nowMs())) {
      queueMicrotask(() => sent(null));
      return;
    }
    this.#queue.push({ message, sent });
    void this.#drain();
  }

  /** What is said next is new, even where the same was said a moment ago. */
  forgetSent(): void {
    this.#memory.forget();
  }

  /** One packet on one link at a time: the outgoing interface belongs to the socket, not the packet. */
  async #drain(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      for (const link of this.#joined.values()) await this.#sendOn(link, next.message);
      next.sent(null);
    }
    this.#sending = false;
  }

  async #sendOn(link: Link, message: Buffer): Promise<void> {
    const socket = this.#sockets.get(link.family);
    if (socket === undefined || this.#closed) return;
    try {
      socket.setMulticastInterface(link.socketAddress);
      const error = await new Promise<Error | null>((resolve) => {
        socket.send(message, MDNS_PORT, GROUPS[link.family], resolve);
      });
      if (error !== null) this.#ports.onTrouble(`${link.name}: ${error.message}`);
    } catch (error) {
      this.#ports.onTrouble(`${link.name}: ${asError(error).message}`);
    }
  }

  close(closed: () => void = () => undefined): void {
    this.#closed = true;
    this.#joined = new Map();
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
    queueMicrotask(closed);
  }
}

function bound(socket: UdpSocket): Promise<Error | null> {
  return new Promise((resolve) => {
    socket.once('error', resolve);
    socket.bind(MDNS_PORT, () => {
      socket.removeListener('error', resolve);
      resolve(null);
    });
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
