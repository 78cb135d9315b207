import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { addressBeside } from './beside.ts';

/**
 * A wire that lets a transfer come so far and no farther until a test lets go of it: what is seen on the
 * way can then be looked at for as long as that takes. Only what the dialling side sends is held, and no lane
 * goes around it.
 */
export class HeldWire {
  readonly #server;
  readonly #nears = new Set<Socket>();
  readonly #sockets = new Set<Socket>();
  #leftBytes: number;
  #address = '';

  private constructor(targetPort: number, heldAfterBytes: number, beside: string) {
    this.#leftBytes = heldAfterBytes;
    const far = { port: targetPort, host: '127.0.0.1', localAddress: beside };
    this.#server = createServer((near) => this.#join(near, connect(far)));
  }

  static async open(targetPort: number, heldAfterBytes: number): Promise<HeldWire> {
    const wire = new HeldWire(targetPort, heldAfterBytes, await addressBeside());
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    wire.#address = `127.0.0.1:${(wire.#server.address() as AddressInfo).port}`;
    return wire;
  }

  /** Where it is dialled, or was. */
  get address(): string {
    return this.#address;
  }

  letGo(): void {
    this.#leftBytes = Infinity;
    for (const near of this.#nears) near.resume();
  }

  /** As when the other computer loses its network: open connections end, and no new ones come. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket, far: Socket): void {
    this.#nears.add(near);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#nears.delete(socket);
        // What is still on its way arrives first.
        other.end();
      });
    }
    far.on('data', (chunk) => near.write(chunk));
    near.on('data', (chunk) => {
      this.#leftBytes -= chunk.length;
      if (!far.write(chunk)) this.#waitForDrain(near, far);
      if (this.#leftBytes <= 0) near.pause();
    });
  }

  #waitForDrain(near: Socket, far: Socket): void {
    near.pause();
    far.once('drain', () => {
      if (this.#leftBytes > 0) near.resume();
    });
  }
}
