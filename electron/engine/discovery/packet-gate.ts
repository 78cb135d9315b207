import { MAX_MDNS_PACKETS_PER_SECOND } from '../../../shared/protocol/limits.ts';

/** RFC 6762 §17: the largest message there may be, with its headers. */
const MAX_MESSAGE_BYTES = 9000;
const HEADER_BYTES = 12;
/** Questions, answers, authorities and additionals of one packet together. */
const MAX_RECORDS = 64;
/** A question makes us answer, so fewer of them are let in. */
const MAX_QUESTIONS = 8;
/** One noisy host must leave room for the others. */
const MAX_PER_SOURCE_PER_SECOND = MAX_MDNS_PACKETS_PER_SECOND / 4;
const WINDOW_MS = 1000;
/** Every packet that concerns us, asked or answered, holds this label in one of its names. */
const OUR_LABEL = 'dropline';

/**
 * Stands between the network and the code that decodes: a packet that is not ours, too long, too full
 * or one too many is dropped after a look at its first bytes. The caller passes the time.
 */
export class PacketGate {
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #admitted = 0;
  #bySource = new Map<string, number>();
  #dropped = 0;

  /** How many packets were dropped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  admits(message: Buffer, source: string, nowMs: number): boolean {
    const admitted = isPlausible(message) && this.#hasRoom(source, nowMs);
    if (!admitted) this.#dropped += 1;
    return admitted;
  }

  #hasRoom(source: string, nowMs: number): boolean {
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#admitted = 0;
      this.#bySource.clear();
    }
    const ofSource = this.#bySource.get(source) ?? 0;
    if (this.#admitted >= MAX_MDNS_PACKETS_PER_SECOND) return false;
    if (ofSource >= MAX_PER_SOURCE_PER_SECOND) return false;
    this.#admitted += 1;
    this.#bySource.set(source, ofSource + 1);
    return true;
  }
}

function isPlausible(message: Buffer): boolean {
  if (message.length < HEADER_BYTES || message.length > MAX_MESSAGE_BYTES) return false;
  const questions = message.readUInt16BE(4);
  const records = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10);
  if (questions > MAX_QUESTIONS || questions + records > MAX_RECORDS) return false;
  return message.includes(OUR_LABEL, HEADER_BYTES, 'latin1');
}
