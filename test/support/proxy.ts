import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { resetSocket } from '../../electron/engine/transfer/reset-socket.ts';
import { addressBeside } from './beside.ts';

/** What happens to one connection, by bytes that the dialling side has sent through. */
export interface Fate extends FateOfBytes {
  /** The same for the other direction: by bytes that the dialled side has answered. */
  readonly back?: FateOfBytes;
}

export interface FateOfBytes {
  /** Ends both sides, as a network that is gone. */
  readonly cutAfterBytes?: number;
  /** The same with a reset. */
  readonly resetAfterBytes?: number;
  /** Forwards nothing more, either way, but keeps both sides open. */
  readonly stallAfterBytes?: number;
  /** Ends this direction as if its side had nothing more to say, and leaves the other one. */
  readonly halfCloseAfterBytes?: number;
  /** Changes one byte. */
  readonly flipAtByte?: number;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly there: Flow;
  readonly back: Flow;
  readonly takesAll: boolean;
  stalled: boolean;
  ended: boolean;
}

/** One direction of a pair. */
interface Flow {
  readonly from: Socket;
  readonly to: Socket;
  readonly fate: FateOfBytes;
  forwardedBytes: number;
  halfClosed: boolean;
}

/** A wire between two engines that a test can cut, stall, reset or falsify. */
export class Proxy {
  readonly #server = createServer({ allowHalfOpen: true }, (near) => this.#join(near));
  readonly #pairs = new Set<Pair>();
  readonly #arrivals: (() => void)[] = [];
  readonly #waiting = new Set<{ readonly bytes: number; readonly run: () => void }>();
  #fates: Fate[] = [];
  #targetPort: number;
  readonly #beside: string;
  #refusing = false;
  /** Sessions seem to come from their sender: lanes find it, and go around this wire. */
  letsLanesAround = false;
  /** Takes whatever comes and keeps it, as a network with much room would. */
  takesAll = false;
  /** Connections so far. */
  count = 0;
  /** What the dialling sides have sent, over all connections. */
  forwardedBytes = 0;
  /** What they were sent. */
  returnedBytes = 0;

  private constructor(targetPort: number, beside: string) {
    this.#targetPort = targetPort;
    this.#beside = beside;
  }

  static async open(targetPort: number): Promise<Proxy> {
    const proxy = new Proxy(targetPort, await addressBeside());
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

  /** Resolves when the dialling sides have sent so much through, over all connections. */
  whenForwarded(bytes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add({ bytes, run: resolve });
      this.#tellForwarded();
    });
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
    const far = connect({
      port: this.#targetPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
      ...(!this.letsLanesAround && { localAddress: this.#beside }),
    });
    const fate = this.#fates.shift() ?? {};
    const pair: Pair = {
      near,
      far,
      there: flow(near, far, fate),
      back: flow(far, near, fate.back ?? {}),
      takesAll: this.takesAll,
      stalled: false,
      ended: false,
    };
    this.#pairs.add(pair);
    near.on('data', (chunk: Buffer) => {
      this.forwardedBytes += forward(pair, pair.there, chunk);
      this.#tellForwarded();
    });
    far.on('data', (chunk: Buffer) => {
      this.returnedBytes += chunk.length;
      forward(pair, pair.back, chunk);
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

  #tellForwarded(): void {
    for (const waiting of [...this.#waiting]) {
      if (this.forwardedBytes < waiting.bytes) continue;
      this.#waiting.delete(waiting);
      waiting.run();
    }
  }
}

function flow(from: Socket, to: Socket, fate: FateOfBytes): Flow {
  return { from, to, fate, forwardedBytes: 0, halfClosed: false };
}

/** Answers how many bytes went through. */
function forward(pair: Pair, flow: Flow, chunk: Buffer): number {
  if (pair.stalled || pair.ended || flow.halfClosed) return 0;
  const { fate } = flow;
  const limit =
    fate.cutAfterBytes ??
    fate.resetAfterBytes ??
    fate.stallAfterBytes ??
    fate.halfCloseAfterBytes ??
    Infinity;
  const part = chunk.subarray(0, Math.max(0, limit - flow.forwardedBytes));
  const flipAt = (fate.flipAtByte ?? -1) - flow.forwardedBytes;
  if (flipAt >= 0 && flipAt < part.length) part.writeUInt8(part.readUInt8(flipAt) ^ 1, flipAt);
  flow.forwardedBytes += part.length;
  if (part.length > 0) pass(part, flow.from, flow.to, pair.takesAll);
  if (flow.forwardedBytes < limit) return part.length;
  if (fate.halfCloseAfterBytes !== undefined) {
    flow.halfClosed = true;
    flow.to.end();
  } else if (fate.stallAfterBytes !== undefined) stall(pair);
  else end(pair, fate.resetAfterBytes === undefined ? 'cut' : 'reset');
  return part.length;
}

function pass(chunk: Buffer, from: Socket, to: Socket, takesAll: boolean): void {
  if (to.destroyed || to.write(chunk) || takesAll) return;
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
    else resetSocket(socket);
  }
}
