import { appendFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DoneCheck } from '../../shared/model/check.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';
import { formatCheck, formatLine, formatUndone } from './history-line.ts';
import { lastOf, newestFirst } from './history-lines.ts';
import type { HistoryQuery, Searchable } from './history-search.ts';
import { fits, searchable } from './history-search.ts';

const HISTORY_FILE = 'history.jsonl';
/** Shown again after a restart. */
const MAX_SHOWN = 50;
/** Kept in the file; it is cut when it has grown to twice this. */
const MAX_KEPT = 1_000;

/** What was sent and received: one transfer a line, in the order in which they ended. */
export interface History {
  /** The latest at the start, newest first. */
  readonly latest: readonly Transfer[];
  add(transfer: Transfer): Promise<void>;
  /** What was found the last time it was verified again. */
  addCheck(transferId: TransferId, check: DoneCheck): Promise<void>;
  /** What it replaced is back. */
  addUndone(transferId: TransferId): Promise<void>;
  /** Newest first; `total` counts all that fit. */
  search(query: HistoryQuery): Promise<{ readonly transfers: Transfer[]; readonly total: number }>;
  find(transferId: TransferId): Promise<Transfer | null>;
  /** Forgets all that was added so far. */
  clear(): Promise<void>;
  /** Resolves when everything added so far is in the file, or could not be. */
  settled(): Promise<void>;
}

export async function openHistory(home: string): Promise<History> {
  const file = new HistoryFile(join(home, HISTORY_FILE));
  return file.open();
}

class HistoryFile {
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();
  #lineCount = 0;
  /** Ended in this run and not in the file, because the disk did not take it. */
  #unwritten: Transfer[] = [];
  /** Oldest first, as the file had it when it was the one that `mark` tells of. */
  #read: { readonly mark: string; readonly entries: readonly Searchable[] } | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async open(): Promise<History> {
    const lines = await this.#lines();
    this.#lineCount = lines.length;
    await this.#cut(lines);
    return {
      latest: [...newestFirst(lines, MAX_SHOWN)],
      add: (transfer) => this.#add(transfer),
      addCheck: (transferId, check) => this.#note(transferId, formatCheck(transferId, check)),
      addUndone: (transferId) => this.#note(transferId, formatUndone(transferId)),
      search: async (query) => {
        const found = (await this.#entries()).filter((entry) => fits(entry, query));
        const page = found.slice(query.from, query.from + query.count);
        return { transfers: page.map(({ transfer }) => transfer), total: found.length };
      },
      find: async (transferId) =>
        (await this.#entries()).find(({ transfer }) => transfer.id === transferId)?.transfer ??
        null,
      clear: () =>
        this.#write(async () => {
          await writeAtomically(this.#path, '');
          this.#unwritten = [];
          this.#lineCount = 0;
        }),
      settled: () => this.#writing,
    };
  }

  async #add(transfer: Transfer): Promise<void> {
    try {
      await this.#append(formatLine(transfer));
      // an earlier end of it that the disk did not take is no longer the last one
      this.#unwritten = this.#unwritten.filter(({ id }) => id !== transfer.id);
    } catch (error) {
      this.#unwritten.push(transfer);
      throw error;
    }
  }

  /** Of a transfer that is in the file still: what was cleared meanwhile leaves nothing. */
  #note(transferId: TransferId, line: string): Promise<void> {
    return this.#write(async () => {
      const text = (await readIfThere(this.#path)) ?? '';
      if (text.includes(transferId)) await this.#put(line);
    });
  }

  #append(line: string): Promise<void> {
    return this.#write(() => this.#put(line));
  }

  async #put(line: string): Promise<void> {
    await appendFile(this.#path, line, { mode: 0o600 });
    this.#lineCount++;
    if (this.#lineCount > 2 * MAX_KEPT) await this.#cut(await this.#lines());
  }

  /** One after the other; one that fails does not cost the next ones. */
  #write(run: () => Promise<void>): Promise<void> {
    const written = this.#writing.then(run);
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #lines(): Promise<readonly string[]> {
    const text = (await readIfThere(this.#path)) ?? '';
    return text.split('\n').filter((line) => line !== '');
  }

  /** Only while nothing else is written: a line that came meanwhile would be lost. */
  async #cut(lines: readonly string[]): Promise<void> {
    if (lines.length <= 2 * MAX_KEPT) return;
    const kept = lastOf(lines, MAX_KEPT);
    await writeAtomically(this.#path, `${kept.join('\n')}\n`);
    this.#lineCount = kept.length;
  }

  /** Newest first. The file is read again when it is another: `dropline send` writes to it too. */
  async #entries(): Promise<readonly Searchable[]> {
    await this.#writing;
    const mark = await markOf(this.#path);
    if (this.#read?.mark !== mark) {
      const transfers = [...newestFirst(await this.#lines())].reverse();
      this.#read = { mark, entries: transfers.map(searchable) };
    }
    const entries = [...this.#read.entries, ...this.#unwritten.map(searchable)];
    // One that was resumed may have ended more than once: the last end is the one that counts.
    const last = new Map(entries.map((entry) => [entry.transfer.id, entry]));
    return entries.filter((entry) => last.get(entry.transfer.id) === entry).reverse();
  }
}

/** Another one after every change of the file. Throws what the system throws, unless it is missing. */
async function markOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(missing);
  return found === null ? 'none' : `${found.ino} ${found.size} ${found.mtimeNs}`;
}

function missing(error: unknown): null {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return null;
  throw error;
}
