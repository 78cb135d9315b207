import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** What happens to one connection, by bytes that the dialling side has sent through. */
export interface Fate {
  /** Ends both sides, as a network that is gone. */
  readonly cutAfterBytes?: number;
  /** The same with a reset. */
  readonly resetAfterBytes?: number;
  /** Forwards nothing more, either way, but keeps both sides open. */
  readonly stallAfterBytes?: number;
  /** Changes one byte. */
  readonly flipAtByte?: number;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly fate: Fate;
  forwardedBytes: number;
  stalled: boolean;
  ended: boolean;
}

/** A wire between two engines that a test can cut, stall, reset or falsify. */
export class Proxy {
  readonly #server = createServer({ allowHalfOpen: true }, (near) => this.#join(near));
  readonly #pairs = new Set<Pair>();
  readonly #arrivals: (() => void)[] = [];
  #fates: Fate[] = [];
  #targetPort: number;
  #refusing = false;
  /** Connections so far. */
  count = 0;
  /** What the dialling sides have sent, over all connections. */
  forwardedBytes = 0;
  /** What they were sent. */
  returnedBytes = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
  }

  static async open(targetPort: number): Promise<Proxy> {
    const proxy = new Proxy(targetPort);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** For the connections to come, one each; those beyond are left alone. */
  setFates(...fates: Fate[]): void {
    this.#fates = fates;
  }

  /** New connections go there. */
  retarget(port: number): void {
    this.#targetPort = port;
  }

  /** New connections are dropped at once. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  cut(): void {
    for (const pair of this.#pairs) end(pair, 'cut');
  }

  stall(): void {
    for (const pair of this.#pairs) stall(pair);
  }

  /** Resolves with the next connection. */
  nextConnection(): Promise<void> {
    return new Promise((resolve) => this.#arrivals.push(resolve));
  }

  async stop(): Promise<void> {
    for (const pair of this.#pairs) end(pair, 'reset');
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    if (this.#refusing) {
      near.on('error', () => undefined);
      near.destroy();
      return;
    }
    this.count++;
    const far = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const fate = this.#fates.shift() ?? {};
    const pair: Pair = { near, far, fate, forwardedBytes: 0, stalled: false, ended: false };
    this.#pairs.add(pair);
    near.on('data', (chunk: Buffer) => this.#forward(pair, chunk));
    far.on('data', (chunk: Buffer) => {
      this.returnedBytes += chunk.length;
      pass(chunk, far, near);
    });
    near.on('end', () => far.end());
    far.on('end', () => near.end());
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
    for (const arrived of this.#arrivals.splice(0)) arrived();
  }

  #forward(pair: Pair, chunk: Buffer): void {
    if (pair.stalled || pair.ended) return;
    const { fate } = pair;
    const limit = fate.cutAfterBytes ?? fate.resetAfterBytes ?? fate.stallAfterBytes ?? Infinity;
    const part = chunk.subarray(0, Math.max(0, limit - pair.forwardedBytes));
    const flipAt = (fate.flipAtByte ?? -1) - pair.forwardedBytes;
    if (flipAt >= 0 && flipAt < part.length) part.writeUInt8(part.readUInt8(flipAt) ^ 1, flipAt);
    pair.forwardedBytes += part.length;
    this.forwardedBytes += part.length;
    if (part.length > 0) pass(part, pair.near, pair.far);
    if (pair.forwardedBytes < limit) return;
    if (fate.stallAfterBytes !== undefined) stall(pair);
    else end(pair, fate.resetAfterBytes === undefined ? 'cut' : 'reset');
  }
}

function pass(chunk: Buffer, from: Socket, to: Socket): void {
  if (to.destroyed || to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

function stall(pair: Pair): void {
  pair.stalled = true;
  pair.near.pause();
  pair.far.pause();
}

function end(pair: Pair, how: 'cut' | 'reset'): void {
  const { near, far } = pair;
  pair.ended = true;
  for (const socket of [near, far]) {
    if (how === 'cut') socket.destroySoon();
    else socket.resetAndDestroy();
  }
}
