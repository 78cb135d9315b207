/** RFC 6762 §6: the same answer is not sent again at once, however often it is asked for. */
const SAME_MESSAGE_MS = 500;
const MAX_REMEMBERED = 64;

/** Remembers what was sent a moment ago. The caller passes the time. */
export class SentMemory {
  readonly #sentAtMs = new Map<string, number>();

  /** True where the message may be sent now, which is then remembered. */
  isNew(message: Buffer, nowMs: number): boolean {
    const key = message.toString('latin1');
    const sentAtMs = this.#sentAtMs.get(key);
    if (sentAtMs !== undefined && nowMs - sentAtMs < SAME_MESSAGE_MS) return false;
    if (this.#sentAtMs.size >= MAX_REMEMBERED) this.#sentAtMs.clear();
    this.#sentAtMs.set(key, nowMs);
    return true;
  }

  forget(): void {
    this.#sentAtMs.clear();
  }
}
