import type { ErrorCode } from '../errors.ts';
import { MAX_DONE_PROBLEMS, MAX_PAGE_ENTRIES } from './limits.ts';
import type { MessageOf } from './messages.ts';
import type { FileProblem } from './receiver-state.ts';
import { byReason } from './skips.ts';

/** What a receiver has failed at, beyond what `done` has room for (PROTOCOL.md §5.16). */

/** Those that `done` does not name, and nothing before it has; by their reasons, in pages. */
export function failedPages(
  all: readonly FileProblem[],
  skipped: ReadonlyMap<number, ErrorCode>,
): MessageOf<'failed'>[] {
  const unnamed = all.slice(MAX_DONE_PROBLEMS).filter(({ index }) => !skipped.has(index));
  return [...byReason(unnamed)].flatMap(([code, indexes]) => {
    const pages: MessageOf<'failed'>[] = [];
    for (let at = 0; at < indexes.length; at += MAX_PAGE_ENTRIES) {
      pages.push({ type: 'failed', code, indexes: indexes.slice(at, at + MAX_PAGE_ENTRIES) });
    }
    return pages;
  });
}

/** Gathers `failed` ahead of `done`. It is added to in place, and never holds more than the offer has entries. */
export class FailureClaims {
  readonly #entryCount: number;
  readonly #codes = new Map<number, ErrorCode>();

  constructor(entryCount: number) {
    this.#entryCount = entryCount;
  }

  /** false: a violation. An entry is named once. */
  add({ code, indexes }: MessageOf<'failed'>): boolean {
    for (const index of indexes) {
      if (index >= this.#entryCount || this.#codes.has(index)) return false;
      this.#codes.set(index, code);
    }
    return true;
  }

  /** With those that came before it; null: one is named twice. */
  whole(done: MessageOf<'done'>): MessageOf<'done'> | null {
    if (this.#codes.size === 0) return done;
    if (done.failed.some(({ index }) => this.#codes.has(index))) return null;
    const more = [...this.#codes].map(([index, code]) => ({ index, code }));
    return { ...done, failed: [...done.failed, ...more] };
  }
}
