import type { Unwanted } from '../../../shared/model/unwanted.ts';
import type { Entries, Entry } from '../../../shared/protocol/messages.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import type { JournalHeader } from './journal-records.ts';
import type { Acceptance } from './worker-messages.ts';

/** As a journal keeps it: in rising order, from one index to another and both in it, no range meets the next. */
type UnwantedRecord = NonNullable<JournalHeader['unwanted']>;

/** A yes, and what of the offer it is not for. */
export type Chosen = Acceptance & { readonly unwanted: UnwantedEntries };

/** The entries of an offer that are not wanted here, by index. Nothing of them comes, or is made. */
export class UnwantedEntries {
  readonly #marks: Uint8Array;
  #files = 0;
  #directories = 0;
  #bytes = 0;

  constructor(entryCount: number) {
    this.#marks = new Uint8Array(entryCount);
  }

  /** What a journal tells of a list of so many entries. */
  static of(record: UnwantedRecord | undefined, entryCount: number): UnwantedEntries {
    const unwanted = new UnwantedEntries(entryCount);
    if (!record) return unwanted;
    for (const [first, last] of record.ranges) unwanted.#marks.fill(1, first, last + 1);
    unwanted.#files = record.files;
    unwanted.#directories = record.directories;
    unwanted.#bytes = record.bytes;
    return unwanted;
  }

  add(index: number, entry: Entry): void {
    this.#marks[index] = 1;
    if (entry.kind === 'directory') this.#directories++;
    else {
      this.#files++;
      this.#bytes += entry.bytes;
    }
  }

  has(index: number): boolean {
    return this.#marks[index] === 1;
  }

  get totals(): Unwanted {
    return { files: this.#files, directories: this.#directories, bytes: this.#bytes };
  }

  /** Of so many entries none is left. */
  get isAll(): boolean {
    return this.#marks.length > 0 && !this.#marks.includes(0);
  }

  /** What the sender is told: of directories it is told nothing. */
  declined(entries: Entries): FileProblem[] {
    const declined: FileProblem[] = [];
    if (this.#files === 0) return declined;
    for (const [index, { kind }] of entries.entries()) {
      if (kind === 'file' && this.has(index)) declined.push({ index, code: 'DECLINED' });
    }
    return declined;
  }

  /** undefined: all is wanted. */
  get record(): UnwantedRecord | undefined {
    const ranges: UnwantedRecord['ranges'] = [];
    let last: [number, number] | undefined;
    for (const [index, mark] of this.#marks.entries()) {
      if (mark === 0) continue;
      if (last?.[1] === index - 1) last[1] = index;
      else {
        last = [index, index];
        ranges.push(last);
      }
    }
    return ranges.length === 0 ? undefined : { ...this.totals, ranges };
  }
}

/** Of any offer. */
export const ALL_WANTED = new UnwantedEntries(0);
