import { FrameReader } from '../../../shared/protocol/frame.ts';
import type { FrameSink } from '../../../shared/protocol/frame.ts';

/**
 * What is done with frames before others on this thread get their turn: a chunk of the wire may hold six
 * hundred tiny files, each of which is opened and written. A long list of files counts by its size.
 */
export const FRAME_STEPS_PER_TURN = 100;
const BYTES_PER_STEP = 1024;
/** Content only goes to the disk; frames of one byte cost as much as others do. */
const DATA_BYTES_PER_STEP = 64 * 1024;

/** What it wants of a socket. */
export interface Flow {
  pause(): unknown;
  resume(): unknown;
}

/** Takes frames off a socket, so many in one turn of this thread. */
export class TurnReader {
  readonly #flow: Flow;
  readonly #onBroken: () => void;
  readonly #reader: FrameReader;
  /** null: a chunk may be kept as it is, and none comes while the flow is paused. */
  readonly #late: Uint8Array[] | null;
  #steps = 0;
  #isPaused = false;
  #isWaiting = false;
  #isStopped = false;

  /**
   * `onBroken`: what came was no frame. `isLent`: a chunk is valid only during `push`, and some more may come
   * after a pause (see Feed).
   */
  constructor(flow: Flow, sink: FrameSink, onBroken: () => void, isLent = false) {
    this.#flow = flow;
    this.#onBroken = onBroken;
    this.#late = isLent ? [] : null;
    this.#reader = new FrameReader({
      onFrame: (type, payload) => {
        this.#count(payload.length / BYTES_PER_STEP);
        sink.onFrame(type, payload);
      },
      onData: (part) => {
        this.#count(part.length / DATA_BYTES_PER_STEP);
        sink.onData(part);
      },
    });
  }

  push(chunk: Uint8Array): void {
    if (this.#late && this.#reader.isHeld) this.#late.push(Uint8Array.from(chunk));
    else {
      const isFine = this.#reader.push(chunk);
      if (this.#late) this.#reader.keepRest();
      this.#took(isFine);
    }
  }

  /**
   * No further turn begins, for what has come neither. In the middle of a chunk the turn goes on to its
   * end: up to FRAME_STEPS_PER_TURN more frames are taken.
   */
  pause(): void {
    this.#isPaused = true;
    this.#flow.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#isStopped) return;
    if (this.#reader.isHeld) this.#goOnLater();
    else this.#flow.resume();
  }

  /** The wire has gone: what had come before is taken now, half a data frame too. */
  drain(): void {
    while (!this.#isStopped && this.#reader.isHeld) this.#took(this.#goOn());
    if (!this.#isStopped) this.#reader.flushData();
  }

  /** Gives what has come of a data frame that is not whole. */
  flushData(): void {
    if (this.#isStopped) return;
    this.#reader.flushData();
    this.#took(true);
  }

  /** Takes no more, in the middle of a chunk too. */
  stop(): void {
    this.#isStopped = true;
    this.#reader.stop();
  }

  #count(more: number): void {
    this.#steps += 1 + more;
    if (this.#steps < FRAME_STEPS_PER_TURN) return;
    this.#steps = 0;
    this.#reader.hold();
  }

  #took(isFine: boolean): void {
    if (this.#isStopped) return;
    if (!isFine) this.#onBroken();
    else if (this.#reader.isHeld) this.#goOnLater();
  }

  /** What was left of a chunk, then those that came after it. */
  #goOn(): boolean {
    let isFine = this.#reader.goOn();
    while (isFine && !this.#reader.isHeld) {
      const chunk = this.#late?.shift();
      if (!chunk) break;
      isFine = this.#reader.push(chunk);
    }
    return isFine;
  }

  #goOnLater(): void {
    this.#flow.pause();
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setImmediate(() => {
      this.#isWaiting = false;
      if (this.#isPaused) return;
      this.#took(this.#goOn());
      this.#flowOn();
    });
  }

  #flowOn(): void {
    if (!this.#isStopped && !this.#isPaused && !this.#reader.isHeld) this.#flow.resume();
  }
}
