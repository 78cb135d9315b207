import type { ErrorCode } from '../../../shared/errors.ts';
import type { FileState, SentState } from '../../../shared/model/file-list.ts';
import { SENT_STATES } from '../../../shared/model/file-list.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';

const NUMBER = Object.fromEntries(SENT_STATES.map((state, at) => [state, at])) as Readonly<
  Record<SentState, number>
>;

/** The receiver counts both among those that failed. */
const NOT_THERE: ReadonlySet<SentState> = new Set(['failed', 'unwanted']);

/** States of files, and why some of them failed, by index. Two bytes for each. */
export class FileMarks {
  readonly states: Uint8Array;
  /** The number of a code in `codes`, from 1 on; 0: none. */
  readonly reasons: Uint8Array;
  readonly codes: ErrorCode[];

  constructor(states: Uint8Array, reasons: Uint8Array, codes: ErrorCode[]) {
    this.states = states;
    this.reasons = reasons;
    this.codes = codes;
  }

  static of(count: number): FileMarks {
    return new FileMarks(new Uint8Array(count), new Uint8Array(count), []);
  }

  state(index: number): SentState {
    return SENT_STATES[this.states[index] ?? 0] ?? 'waiting';
  }

  code(index: number): ErrorCode | null {
    return this.codes[(this.reasons[index] ?? 0) - 1] ?? null;
  }

  set(index: number, state: SentState, code: ErrorCode | null = null): void {
    this.states[index] = NUMBER[state];
    if (code !== null && !this.codes.includes(code)) this.codes.push(code);
    this.reasons[index] = code === null ? 0 : this.codes.indexOf(code) + 1;
  }
}

/** How each entry of an offer stands, over all its connections. */
export class SentStates {
  readonly #marks: FileMarks;
  #now = -1;
  /** Something has become of a file. */
  isTouched = false;

  constructor(entries: number) {
    this.#marks = FileMarks.of(entries);
  }

  /** What an earlier run had sent already; `indexes`: which entries its files are. */
  takeUp(indexes: Uint32Array, before: { readonly state: (at: number) => FileState }): void {
    indexes.forEach((index, at) => {
      if (before.state(at) === 'sent') this.#marks.set(index, 'sent');
    });
  }

  state(index: number): SentState {
    const state = this.#marks.state(index);
    return state === 'waiting' && index === this.#now ? 'sending' : state;
  }

  code(index: number): ErrorCode | null {
    return this.#marks.code(index);
  }

  sending(index: number): void {
    this.#now = index;
    this.#set(index, 'waiting');
  }

  sent(index: number): void {
    this.#set(index, 'sent');
  }

  /** The other side has it, from before this transfer or from an earlier connection of it. */
  there(index: number): void {
    if (this.#marks.state(index) !== 'sent') this.#set(index, 'skipped');
  }

  /** The other side does not want it, and says why not. */
  refused(index: number, code: ErrorCode): void {
    if (code === 'DECLINED') this.#set(index, 'unwanted');
    else this.failed(index, code);
  }

  failed(index: number, code: ErrorCode): void {
    this.#set(index, 'failed', code);
  }

  /**
   * A connection has ended; `done`: the other side has said what it holds. It names so many that failed and
   * no more: where there are others, nothing that was sent counts as checked.
   */
  ended(done: MessageOf<'done'> | null): void {
    this.#now = -1;
    if (done) this.#delivered(done);
  }

  #delivered({ failed, failedCount }: MessageOf<'done'>): void {
    for (const { index, code } of failed) {
      if (!NOT_THERE.has(this.#marks.state(index))) this.failed(index, code);
    }
    const { states } = this.#marks;
    const isKnown = (state: number): boolean =>
      state === NUMBER.failed || state === NUMBER.unwanted;
    if (states.reduce((n, state) => n + Number(isKnown(state)), 0) < failedCount) return;
    states.forEach((state, index) => {
      if (state === NUMBER.sent) states[index] = NUMBER.checked;
    });
  }

  /** Of some of them, in this order. */
  marksOf(indexes: Uint32Array): FileMarks {
    const marks = FileMarks.of(indexes.length);
    indexes.forEach((index, at) => marks.set(at, this.#marks.state(index), this.code(index)));
    return marks;
  }

  #set(index: number, state: SentState, code: ErrorCode | null = null): void {
    this.isTouched = true;
    this.#marks.set(index, state, code);
  }
}
