import type { PageRead } from '../../../shared/page-messages.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { Clock } from './ports.ts';

/** A page that has been asked and says nothing for this long is taken for gone. */
export const PAGE_ANSWER_TIMEOUT_MS = 60_000;
const REQUEST_ID_BYTES = 4;

/** A range of one file of the page. */
export interface PageRange {
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
}

/** The bytes of a range, all of them, or why there are none. */
export type PageAnswer = Uint8Array | DroplineError;

interface Asked {
  readonly range: PageRange;
  readonly answer: (answer: PageAnswer) => void;
}

/** The questions that one page has been asked and not yet answered. */
export class PageRequests {
  readonly #asked = new Map<number, Asked>();
  readonly #send: (read: PageRead) => void;
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #nextId = 0;
  #lastAnswerMs = 0;
  #stopTimer: (() => void) | null = null;

  constructor(options: {
    readonly send: (read: PageRead) => void;
    readonly clock: Clock;
    readonly onSilence: () => void;
  }) {
    this.#send = options.send;
    this.#clock = options.clock;
    this.#onSilence = options.onSilence;
  }

  ask(range: PageRange, answer: (answer: PageAnswer) => void): void {
    const request = this.#nextId;
    this.#nextId = (request + 1) >>> 0;
    if (this.#asked.size === 0) this.#lastAnswerMs = this.#clock.nowMs();
    this.#asked.set(request, { range, answer });
    this.#watch(PAGE_ANSWER_TIMEOUT_MS);
    this.#send({ kind: 'read', request, ...range });
  }

  /** One binary message. False: nobody asked for that, or not for so much. */
  takeBytes(frame: Buffer): boolean {
    if (frame.length < REQUEST_ID_BYTES) return false;
    const bytes = frame.subarray(REQUEST_ID_BYTES);
    return this.#settle(frame.readUInt32BE(0), ({ range }) => {
      if (bytes.length > range.bytes) return null;
      return bytes.length === range.bytes ? bytes : new DroplineError('SOURCE_CHANGED');
    });
  }

  takeUnreadable(request: number): boolean {
    return this.#settle(request, () => new DroplineError('SOURCE_UNREADABLE'));
  }

  /** The page is gone: every question is answered with that. */
  close(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    const open = [...this.#asked.values()];
    this.#asked.clear();
    for (const { answer } of open) answer(new DroplineError('PAGE_CLOSED'));
  }

  #settle(request: number, judge: (asked: Asked) => PageAnswer | null): boolean {
    const asked = this.#asked.get(request);
    const answer = asked === undefined ? null : judge(asked);
    if (asked === undefined || answer === null) return false;
    this.#asked.delete(request);
    this.#lastAnswerMs = this.#clock.nowMs();
    asked.answer(answer);
    return true;
  }

  /** One timer for all, set anew only when it rings: answers come thousands a second. */
  #watch(ms: number): void {
    this.#stopTimer ??= this.#clock.after(ms, () => {
      this.#stopTimer = null;
      if (this.#asked.size === 0) return;
      const left = this.#lastAnswerMs + PAGE_ANSWER_TIMEOUT_MS - this.#clock.nowMs();
      if (left > 0) this.#watch(left);
      else this.#onSilence();
    });
  }
}
