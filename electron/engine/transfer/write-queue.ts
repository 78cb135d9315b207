import type { Socket } from 'node:net';

interface Waiting {
  readonly bytes: Uint8Array;
  readonly done: (() => void) | undefined;
}

/**
 * Gives a socket one buffer after the other. Where several wait inside a TLS socket, Node makes one of them
 * before it encrypts: a copy of all that is sent.
 */
export class WriteQueue {
  readonly #socket: Pick<Socket, 'write'>;
  readonly #waiting: Waiting[] = [];
  #isWriting = false;
  /** Given, and not yet taken by the system. */
  pendingBytes = 0;

  constructor(socket: Pick<Socket, 'write'>) {
    this.#socket = socket;
  }

  /** `done` is called when the bytes may be overwritten, or the socket is gone. */
  write(bytes: Uint8Array, done?: () => void): void {
    this.pendingBytes += bytes.length;
    if (this.#isWriting) this.#waiting.push({ bytes, done });
    else this.#give({ bytes, done });
  }

  /** What waits goes to the socket now: it is about to be ended. */
  flush(): void {
    for (const waiting of this.#waiting.splice(0)) this.#give(waiting);
  }

  #give({ bytes, done }: Waiting): void {
    this.#isWriting = true;
    this.#socket.write(bytes, () => {
      this.pendingBytes -= bytes.length;
      this.#isWriting = false;
      const next = this.#waiting.shift();
      if (next) this.#give(next);
      done?.();
    });
  }
}
