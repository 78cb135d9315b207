import type { ErrorCode } from '../../../shared/errors.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { EntriesBelow } from './entries-below.ts';

/** In one line of a journal: a damaged one loses no more. */
const RANGES_PER_FACT = 500;

/** From one index to another, both in it. */
export type IndexRange = [first: number, last: number];

/**
 * The entries of a delivery that the disk does not take, and why. Nothing more is tried for them, in a later
 * connection or run either: the journal tells. Of a folder all that is below it is refused.
 */
export class RefusedEntries {
  readonly #options: DeliveryOptions;
  readonly #codes = new Map<number, ErrorCode>();
  /** null: no folder was refused yet. */
  #entriesBelow: EntriesBelow | null = null;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#codes.size;
  }

  has(index: number): boolean {
    return this.#codes.has(index);
  }

  /** What an earlier connection was told. */
  takeUp(refused: ReadonlyMap<number, ErrorCode>): void {
    for (const [index, code] of refused) this.#codes.set(index, code);
  }

  /** Throws DISK_FULL, DISK_ERROR where the journal does not take it. */
  add(indexes: readonly number[], code: ErrorCode): void {
    const ranges = rangesOf(indexes);
    for (let at = 0; at < ranges.length; at += RANGES_PER_FACT) {
      const some = ranges.slice(at, at + RANGES_PER_FACT);
      this.#options.journal.append({ record: 'refused', code, ranges: some });
    }
    for (const index of indexes) this.#codes.set(index, code);
  }

  /** What is wanted of a folder, below the destination, and of all in it. */
  below(folder: readonly string[]): number[] {
    const { entries, saved, unwanted } = this.#options;
    this.#entriesBelow ??= new EntriesBelow(entries, saved);
    return this.#entriesBelow
      .of(folder)
      .filter((index) => !this.has(index) && !unwanted.has(index));
  }

  /** Of all that is wanted nothing is left. */
  get isAll(): boolean {
    const { entries, skip, unwanted } = this.#options;
    if (this.size === 0) return false;
    const skipped = new Set(skip.map(({ index }) => index));
    for (let index = 0; index < entries.length; index++) {
      if (!this.has(index) && !skipped.has(index) && !unwanted.has(index)) return false;
    }
    return true;
  }

  /** Tops of which something is left. */
  tops(): ReadonlySet<string> {
    const { entries, saved, unwanted } = this.#options;
    const tops = new Set<string>();
    for (let index = 0; index < entries.length; index++) {
      if (!this.has(index) && !unwanted.has(index)) tops.add(saved.at(index)?.[0] ?? '');
    }
    return tops;
  }

  /** Files, which need not be sent. */
  get files(): FileProblem[] {
    return this.#problems().filter(({ index }) => this.#options.entries.at(index)?.kind === 'file');
  }

  /** What a person is told of: files, and folders in which there would be nothing. */
  get all(): FileProblem[] {
    const { entries, saved } = this.#options;
    const problems = this.#problems();
    const paths = problems.map(({ index }) => saved.at(index) ?? []);
    const filled = filledFolders(paths);
    return problems.filter(({ index }, at) => {
      const isFile = entries.at(index)?.kind === 'file';
      return isFile || !filled.has((paths[at] ?? []).join('/'));
    });
  }

  #problems(): FileProblem[] {
    return [...this.#codes].map(([index, code]) => ({ index, code }));
  }
}

/** The folders that hold one of these, by their paths with slashes. */
export function filledFolders(paths: Iterable<readonly string[]>): ReadonlySet<string> {
  const filled = new Set<string>();
  for (const path of paths) {
    for (let depth = path.length - 1; depth > 0; depth--) {
      const key = path.slice(0, depth).join('/');
      if (filled.has(key)) break;
      filled.add(key);
    }
  }
  return filled;
}

/** Of rising indexes. */
function rangesOf(indexes: readonly number[]): IndexRange[] {
  const ranges: IndexRange[] = [];
  for (const index of indexes) {
    const last = ranges.at(-1);
    if (last?.[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges;
}

export function* indexesOf(ranges: readonly (readonly [number, number])[]): Generator<number> {
  for (const [first, last] of ranges) for (let at = first; at <= last; at++) yield at;
}
