import { MAX_FRAME_BYTES } from './limits.ts';

/**
 * Frames (PROTOCOL.md §3): `length: u32 | type: u8 | payload`. The length counts type and payload, so it
 * is never 0, and it is checked before anything is kept.
 */
export const FRAME_HEADER_BYTES = 5;

export const FRAME_TYPES = {
  hello: 1,
  offer: 2,
  entries: 3,
  have: 4,
  published: 5,
  ok: 6,
  decline: 7,
  file: 8,
  data: 9,
  fileEnd: 10,
  fileFailed: 11,
  verify: 12,
  done: 13,
  ack: 14,
  ping: 15,
  cancel: 16,
  error: 17,
  pause: 18,
  resume: 19,
  skip: 20,
  lane: 21,
  spread: 22,
  thumbnails: 23,
  thumbnail: 24,
  failed: 25,
} as const;

export type FrameName = keyof typeof FRAME_TYPES;

/** Writes a header at `at` and returns where the payload begins. */
export function writeHeader(
  target: Uint8Array,
  at: number,
  type: number,
  payloadBytes: number,
): number {
  const length = payloadBytes + 1;
  target[at] = length >>> 24;
  target[at + 1] = length >>> 16;
  target[at + 2] = length >>> 8;
  target[at + 3] = length;
  target[at + 4] = type;
  return at + FRAME_HEADER_BYTES;
}

export function encodeFrame(type: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  frame.set(payload, writeHeader(frame, 0, type, payload.length));
  return frame;
}

export interface FrameSink {
  /** A whole frame other than data. The payload is valid only during the call. */
  onFrame(type: number, payload: Uint8Array): void;
  /** The payload of a data frame, or what `flushData` gives of it; valid only during the call. */
  onData(part: Uint8Array): void;
}

/**
 * Takes bytes however TCP splits or glues them and gives whole frames, gathered where they come in pieces:
 * at most MAX_FRAME_BYTES at a time. What is in one chunk is not copied. Once `push` has answered false
 * the stream is beyond repair and every later `push` answers false too.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES);
  #headerBytes = 0;
  #type = 0;
  #payloadBytes = 0;
  /** Of the payload: given already, or gathered. */
  #takenBytes = 0;
  #gathered: Uint8Array = EMPTY;
  #gatheredBytes = 0;
  /** Data comes without end: its room is used again. */
  #dataRoom: Uint8Array = EMPTY;
  #broken = false;
  #held = false;
  /** Of what was pushed: not taken yet. */
  #rest: Uint8Array | null = null;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** No frame is half read: the stream may end here. */
  get atBoundary(): boolean {
    return this.#headerBytes === 0;
  }

  /** Stops reading: for a sink that has seen enough in the middle of a chunk. */
  stop(): void {
    this.#broken = true;
  }

  /**
   * Takes no more of this chunk until `goOn`: for a sink that has done enough for one turn. Nothing is
   * pushed meanwhile, and the chunk stays as it is.
   */
  hold(): void {
    this.#held = true;
  }

  get isHeld(): boolean {
    return this.#held;
  }

  /** The chunk that was pushed last is about to change: what is left of it is copied. */
  keepRest(): void {
    if (this.#rest) this.#rest = Uint8Array.from(this.#rest);
  }

  /** Takes what was left. Answers as `push` does. */
  goOn(): boolean {
    const rest = this.#rest;
    this.#held = false;
    this.#rest = null;
    return this.push(rest ?? EMPTY);
  }

  push(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length && !this.#broken && !this.#held) {
      at =
        this.#headerBytes < FRAME_HEADER_BYTES
          ? this.#takeHeader(chunk, at)
          : this.#takePayload(chunk, at);
    }
    if (at < chunk.length) this.#rest = chunk.subarray(at);
    return !this.#broken;
  }

  /** Gives what has come of a data frame that is not whole: nothing is held any more. */
  flushData(): void {
    const count = this.#gatheredBytes;
    if (this.#type !== FRAME_TYPES.data || count === 0 || this.#broken) return;
    this.#gatheredBytes = 0;
    this.#sink.onData(this.#gathered.subarray(0, count));
  }

  #takeHeader(chunk: Uint8Array, from: number): number {
    let at = from;
    while (this.#headerBytes < FRAME_HEADER_BYTES && at < chunk.length) {
      this.#header[this.#headerBytes++] = chunk[at++] ?? 0;
    }
    if (this.#headerBytes >= 4 && !this.#lengthIsLegal()) this.#broken = true;
    else if (this.#headerBytes === FRAME_HEADER_BYTES) this.#begin();
    return at;
  }

  #length(): number {
    const header = this.#header;
    const high = ((header[0] ?? 0) << 24) | ((header[1] ?? 0) << 16);
    return (high | ((header[2] ?? 0) << 8) | (header[3] ?? 0)) >>> 0;
  }

  #lengthIsLegal(): boolean {
    const length = this.#length();
    return length >= 1 && length <= MAX_FRAME_BYTES;
  }

  #begin(): void {
    this.#type = this.#header[4] ?? 0;
    this.#payloadBytes = this.#length() - 1;
    this.#takenBytes = 0;
    this.#gatheredBytes = 0;
    if (this.#payloadBytes > 0) return;
    this.#headerBytes = 0;
    if (this.#type === FRAME_TYPES.data) this.#broken = true;
    else this.#sink.onFrame(this.#type, EMPTY);
  }

  #takePayload(chunk: Uint8Array, from: number): number {
    const missing = this.#payloadBytes - this.#takenBytes;
    const count = Math.min(missing, chunk.length - from);
    const part = chunk.subarray(from, from + count);
    const isWhole = count === missing;
    const isInOne = this.#takenBytes === 0;
    this.#takenBytes += count;
    if (isWhole) this.#headerBytes = 0;
    if (isWhole && isInOne) this.#give(part);
    else {
      this.#gather(part);
      if (isWhole) this.#give(this.#gathered.subarray(0, this.#gatheredBytes));
    }
    return from + count;
  }

  #gather(part: Uint8Array): void {
    if (this.#gatheredBytes === 0) this.#gathered = this.#room();
    this.#gathered.set(part, this.#gatheredBytes);
    this.#gatheredBytes += part.length;
  }

  /** For the whole payload. */
  #room(): Uint8Array {
    const bytes = this.#payloadBytes;
    if (this.#type !== FRAME_TYPES.data) return new Uint8Array(bytes);
    if (this.#dataRoom.length < bytes) this.#dataRoom = new Uint8Array(bytes);
    return this.#dataRoom;
  }

  #give(payload: Uint8Array): void {
    this.#gatheredBytes = 0;
    if (this.#type === FRAME_TYPES.data) this.#sink.onData(payload);
    else {
      this.#gathered = EMPTY;
      this.#sink.onFrame(this.#type, payload);
    }
  }
}

const EMPTY = new Uint8Array(0);
