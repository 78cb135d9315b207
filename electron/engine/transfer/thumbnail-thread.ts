import { Worker } from 'node:worker_threads';
import type { Clock } from './ports.ts';

/** Makes small pictures of pictures, one at a time. */
export interface ThumbnailMaker {
  /** null: it cannot be made. The picture is taken over. */
  make(picture: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null>;
  stop(): void;
}

/** What one picture may take: a computer has other things to do. */
const MAKING_MS = 10_000;
/** Of its heap; what its decoder takes is bounded by the size of what it is given. */
const MAX_HEAP_MIB = 64;

/** A thread of its own decodes: what goes wrong there, or takes too long, costs one picture. */
export class ThumbnailThread implements ThumbnailMaker {
  readonly #clock: Clock;
  /** Directory of the built workers, as a file: URL that ends in a slash. */
  readonly #workers: URL;
  #worker: Worker | null = null;
  #settle: (jpeg: Uint8Array | null) => void = () => undefined;

  constructor(clock: Clock, workers: URL) {
    this.#clock = clock;
    this.#workers = workers;
  }

  make(picture: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
    const worker = (this.#worker ??= this.#open());
    const stopTimer = this.#clock.after(MAKING_MS, () => {
      this.#lose(worker);
    });
    return new Promise((resolve) => {
      this.#settle = (jpeg) => {
        stopTimer();
        resolve(jpeg);
      };
      worker.postMessage(picture, [picture.buffer]);
    });
  }

  stop(): void {
    if (this.#worker) this.#lose(this.#worker);
  }

  #open(): Worker {
    const worker = new Worker(new URL('./thumbnail-worker.js', this.#workers), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    });
    worker.on('message', (jpeg: Uint8Array | null) => {
      if (worker === this.#worker) this.#settle(jpeg);
    });
    worker.on('error', () => {
      this.#lose(worker);
    });
    return worker;
  }

  #lose(worker: Worker): void {
    void worker.terminate();
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#settle(null);
  }
}
