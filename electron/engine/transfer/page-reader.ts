import type { PageEntry } from '../../../shared/contract.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { BudgetShare, PageBudget } from './page-budget.ts';
import { PAGE_REQUEST_BYTES } from './page-budget.ts';
import type { PageAnswer, PageRange, PageRequests } from './page-requests.ts';

/**
 * One sequential reading of a page's files. A page answers after a trip through its browser, so what
 * will be read next is asked for before it is wanted. Nobody has to say what that is: a stream goes
 * through the files by rising index and through a file by rising offset (PROTOCOL.md §5.6), so the
 * reader runs ahead in that order over the ends of files, and small files cost no round trip each. A
 * read from elsewhere is as right, only slower: what was asked for ahead is thrown away, and the reader
 * runs ahead from the new place.
 */
export interface PageReader {
  /**
   * Fills the target with what the file has from this offset; answers fewer bytes only at its end. One
   * read at a time. Throws SOURCE_CHANGED, SOURCE_UNREADABLE, PAGE_CLOSED.
   */
  read(index: number, offset: number, target: Uint8Array): Promise<number>;
  /** Gives its memory back. A read under way throws PAGE_CLOSED. */
  close(): void;
}

/** A question costs something on both sides however little it asks for; this bounds their number. */
const MIN_COST_BYTES = 16 * 1024;

function costOf(range: PageRange): number {
  return Math.max(MIN_COST_BYTES, range.bytes);
}

interface Ahead {
  readonly range: PageRange;
  readonly share: BudgetShare;
  answer: PageAnswer | null;
  isWanted: boolean;
}

export class ReadAhead implements PageReader {
  readonly #entries: readonly PageEntry[];
  readonly #budget: PageBudget;
  readonly #requests: PageRequests;
  #share: BudgetShare | null = null;
  /** Asked for, in the order of reading; the first is being read. */
  #ahead: Ahead[] = [];
  /** What the stream will read after that; nothing before the first read says where it begins. */
  #coming: Iterator<PageRange, undefined> = [][Symbol.iterator]();
  #next: PageRange | undefined;
  #wake: (() => void) | null = null;
  #isClosed = false;

  constructor(options: {
    readonly entries: readonly PageEntry[];
    readonly budget: PageBudget;
    readonly requests: PageRequests;
  }) {
    this.#entries = options.entries;
    this.#budget = options.budget;
    this.#requests = options.requests;
  }

  async read(index: number, offset: number, target: Uint8Array): Promise<number> {
    const entry = this.#entries[index];
    const size = entry?.kind === 'file' ? entry.bytes : 0;
    const end = Math.min(size, offset + target.length);
    let at = offset;
    while (at < end) {
      const { range, bytes } = await this.#bytesAt(index, at);
      const from = at - range.offset;
      const count = Math.min(bytes.length - from, end - at);
      target.set(bytes.subarray(from, from + count), at - offset);
      at += count;
      if (at === range.offset + range.bytes) this.#dropFirst();
    }
    if (this.#next === undefined && this.#ahead.length === 0) this.#giveUpShare();
    return Math.max(0, at - offset);
  }

  /** Asks for as much of what comes next as the budget has room for. */
  fill(): void {
    if (this.#isClosed || this.#next === undefined) return;
    const share = (this.#share ??= this.#budget.openShare());
    while (this.#next !== undefined) {
      if (share?.take(costOf(this.#next)) !== true) return;
      const ahead: Ahead = { range: this.#next, share, answer: null, isWanted: true };
      this.#next = this.#coming.next().value;
      this.#ahead.push(ahead);
      this.#requests.ask(ahead.range, (answer) => this.#onAnswer(ahead, answer));
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    while (this.#ahead.length > 0) this.#dropFirst();
    this.#giveUpShare();
    this.#wake?.();
  }

  /** Somebody else may be waiting for one. */
  #giveUpShare(): void {
    this.#share?.close();
    this.#share = null;
  }

  async #bytesAt(index: number, at: number): Promise<{ range: PageRange; bytes: Uint8Array }> {
    this.#seek(index, at);
    for (;;) {
      if (this.#isClosed) throw new DroplineError('PAGE_CLOSED');
      const first = this.#ahead[0];
      if (first?.answer instanceof DroplineError) throw first.answer;
      if (first !== undefined && first.answer !== null) {
        return { range: first.range, bytes: first.answer };
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Makes the range that holds this place the first one, or asks for it. */
  #seek(index: number, at: number): void {
    const found = this.#ahead.findIndex(({ range }) => holds(range, index, at));
    const isNext = this.#next !== undefined && holds(this.#next, index, at);
    if (found < 0 && !isNext) {
      // Before anything is dropped: the room that this makes is filled at once.
      this.#coming = this.#rangesFrom(index, at);
      this.#next = this.#coming.next().value;
    }
    for (let n = found < 0 ? this.#ahead.length : found; n > 0; n--) this.#dropFirst();
    this.fill();
  }

  #dropFirst(): void {
    const dropped = this.#ahead.shift();
    if (dropped === undefined) return;
    dropped.isWanted = false;
    // What the page has not answered yet stays on the budget until it does.
    if (dropped.answer !== null) dropped.share.give(costOf(dropped.range));
  }

  #onAnswer(ahead: Ahead, answer: PageAnswer): void {
    ahead.answer = answer;
    if (!ahead.isWanted) ahead.share.give(costOf(ahead.range));
    else if (ahead === this.#ahead[0]) this.#wake?.();
  }

  /** What a stream that stands here will read. */
  *#rangesFrom(index: number, offset: number): Generator<PageRange, undefined> {
    for (let at = index; at < this.#entries.length; at++) {
      const entry = this.#entries[at];
      if (entry?.kind !== 'file') continue;
      let from = at === index ? offset : 0;
      while (from < entry.bytes) {
        const bytes = Math.min(PAGE_REQUEST_BYTES, entry.bytes - from);
        yield { index: at, offset: from, bytes };
        from += bytes;
      }
    }
    return undefined;
  }
}

function holds(range: PageRange, index: number, at: number): boolean {
  return range.index === index && range.offset <= at && at < range.offset + range.bytes;
}
