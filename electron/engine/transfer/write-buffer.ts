/**
 * A TLS record holds 16 KiB; the hash and the disk are quicker with more at once. As much as is read and sent at
 * once on the other side: it still fits the cache of a core.
 */
const BUFFER_BYTES = 256 * 1024;

/** Gathers what comes for one place in one file. Each `put` is a run without gaps, valid only during the call. */
export class WriteBuffer {
  readonly #put: (bytes: Uint8Array) => void;
  #buffer: Uint8Array | null = null;
  #heldBytes = 0;

  constructor(put: (bytes: Uint8Array) => void) {
    this.#put = put;
  }

  /** Taken and not put yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Throws what `put` throws; what was held is then lost. */
  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const rest = bytes.length - at;
      if (this.#heldBytes === 0 && rest >= BUFFER_BYTES) {
        this.#put(bytes.subarray(at));
        return;
      }
      const count = Math.min(rest, BUFFER_BYTES - this.#heldBytes);
      this.#buffer ??= new Uint8Array(BUFFER_BYTES);
      this.#buffer.set(bytes.subarray(at, at + count), this.#heldBytes);
      this.#heldBytes += count;
      at += count;
      if (this.#heldBytes === BUFFER_BYTES) this.flush();
    }
  }

  /** Throws as `add`. */
  flush(): void {
    const count = this.#heldBytes;
    if (count === 0 || !this.#buffer) return;
    this.#heldBytes = 0;
    this.#put(this.#buffer.subarray(0, count));
  }

  /** What is held is wanted no more; the memory is given back. */
  clear(): void {
    this.#heldBytes = 0;
    this.#buffer = null;
  }
}
