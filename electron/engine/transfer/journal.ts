import { constants } from 'node:fs';
import { dirname } from 'node:path';
import type { DroplineError } from '../../../shared/errors.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import type { Listing } from '../../../shared/protocol/listing.ts';
import { atOnce } from '../../../shared/protocol/steps.ts';
import { GAP, encodeLine } from './journal-lines.ts';
import type { Fact, JournalContent, JournalHeader, ListedEntry } from './journal-records.ts';
import { WHOLES_PER_LINE, headerRecord, openingRecords, wholesRecord } from './journal-records.ts';
import { OpenElsewhere, SCANNER_PATIENCE_MS } from './open-elsewhere.ts';
import type { FileSystem } from './ports.ts';
import { NO_FOLLOW } from './ports.ts';
import { readInTurns } from './read-journal.ts';
import { NO_DIRECTORY_SYNC } from './sync-queue.ts';
import { attempt, diskError, errnoOf } from './system-errors.ts';
import { inTurns } from './turns.ts';

/** Lines gathered into one write while the list is written. */
const WRITE_AT_CHARACTERS = 256 * 1024;

/**
 * What a delivery has on the disk, so that a program which died knows it again. It is a hint for what may
 * be there and never a proof: content is hashed again before it is used. It is append-only.
 */
export class Journal {
  readonly path: string;
  readonly #fs: FileSystem;
  #fd: number | null;
  #syncing: Promise<void> | null = null;
  /** For the next write: files that are whole, by index and hash. */
  #soon: (readonly [number, string])[] = [];
  #writesSoon: NodeJS.Immediate | null = null;
  /** Of a write that nobody waited for. */
  #fault: DroplineError | null = null;

  private constructor(fs: FileSystem, path: string, fd: number) {
    this.#fs = fs;
    this.path = path;
    this.#fd = fd;
  }

  /** Written and durable before anything of the delivery is. Throws DISK_FULL, DISK_ERROR, NO_PERMISSION. */
  static async create(
    fs: FileSystem,
    path: string,
    header: JournalHeader,
    entries: Listing<ListedEntry>,
  ): Promise<Journal> {
    const journal = Journal.#begin(fs, path);
    try {
      await inTurns(journal.#opening(header, entries), 1);
      await journal.sync();
      await syncDirectory(fs, dirname(path));
      await syncDirectory(fs, dirname(dirname(path))); // the folder of journals may be new itself
    } catch (error) {
      journal.remove();
      throw diskError(error, path);
    }
    return journal;
  }

  /** The same, not yet durable. */
  static write(
    fs: FileSystem,
    path: string,
    header: JournalHeader,
    entries: Listing<ListedEntry>,
  ): Journal {
    const journal = Journal.#begin(fs, path);
    try {
      atOnce(journal.#opening(header, entries));
    } catch (error) {
      journal.remove();
      throw diskError(error, path);
    }
    return journal;
  }

  static #begin(fs: FileSystem, path: string): Journal {
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_APPEND;
    return new Journal(fs, path, open(fs, path, flags));
  }

  /**
   * Goes on with one that is there; a line that a crash cut short is ended first. Throws DISK_FULL,
   * DISK_ERROR, NO_PERMISSION.
   */
  static reopen(fs: FileSystem, path: string): Journal {
    const fd = open(fs, path, constants.O_WRONLY | constants.O_APPEND);
    const journal = new Journal(fs, path, fd);
    try {
      journal.#write('\n');
    } catch (error) {
      // a disk that is full is tried again and again: nothing may stay open of it
      attempt(() => {
        fs.closeSync(fd);
      });
      throw error;
    }
    return journal;
  }

  /** Throws DISK_FULL, DISK_ERROR. */
  append(...facts: readonly Fact[]): void {
    this.#write(facts.map(encodeLine).join(''));
  }

  /**
   * That this file is whole is written before anything else is, at the latest in the next turn: many small
   * ones cost one call. What fails then is thrown by whatever is called next.
   */
  wholeSoon(index: number, hash: Uint8Array): void {
    this.#soon.push([index, toHex(hash)]);
    this.#writesSoon ??= setImmediate(() => {
      try {
        this.#write('');
      } catch (error) {
        this.#fault = diskError(error, this.path);
      }
    });
  }

  /** Resolves when all that was appended is on the disk. Throws DISK_FULL, DISK_ERROR. */
  async sync(): Promise<void> {
    await this.#syncing;
    this.#write('');
    const fd = this.#fd;
    if (fd === null) return;
    const syncing = sync(this.#fs, fd, this.path);
    this.#syncing = syncing.catch(() => undefined);
    await syncing;
  }

  /** All that it says by now. null: it cannot be read. */
  content(): Promise<JournalContent | null> {
    return readInTurns(this.#fs, this.path, () => true);
  }

  async close(): Promise<void> {
    await this.#syncing;
    attempt(() => {
      this.#write(''); // what is not known to be whole is looked at again
    });
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) {
      attempt(() => {
        this.#fs.closeSync(fd);
      });
    }
  }

  /** All is durable under its final name; `hash`: the transfer's, as hex. Throws DISK_FULL, DISK_ERROR. */
  async complete(hash: string, receipt: string): Promise<void> {
    this.append({ record: 'done', hash });
    await this.sync();
    await this.retire(receipt);
  }

  /** Moves it, for good: what it tells is a receipt now. Where it cannot be, the next start does. */
  async retire(to: string): Promise<void> {
    await this.close();
    // a scanner looks at what was just closed, and until it has its place nothing can be undone or verified
    const move = (): void => this.#fs.renameSync(this.path, to);
    await new OpenElsewhere(this.#fs, () => true)
      .outwait(this.path, move, SCANNER_PATIENCE_MS)
      .catch(() => undefined);
  }

  remove(): void {
    this.#forgetSoon();
    const fd = this.#fd;
    this.#fd = null;
    attempt(() => {
      if (fd !== null) this.#fs.closeSync(fd);
    });
    attempt(() => {
      this.#fs.unlinkSync(this.path);
    });
  }

  #soonLines(): string {
    let lines = '';
    for (let at = 0; at < this.#soon.length; at += WHOLES_PER_LINE) {
      lines += encodeLine(wholesRecord(this.#soon.slice(at, at + WHOLES_PER_LINE)));
    }
    return lines;
  }

  #forgetSoon(): void {
    if (this.#writesSoon !== null) clearImmediate(this.#writesSoon);
    this.#writesSoon = null;
    this.#soon = [];
  }

  /** Yields after each page of the list. */
  *#opening(header: JournalHeader, entries: Listing<ListedEntry>): Generator<void, void> {
    // the first record comes twice: without it nobody knows what is ours
    let text = encodeLine(headerRecord(header, entries.length)) + GAP;
    for (const record of openingRecords(header, entries)) {
      text += encodeLine(record);
      yield;
      if (text.length < WRITE_AT_CHARACTERS) continue;
      this.#write(text);
      text = '';
    }
    this.#write(text);
  }

  #write(more: string): void {
    const fd = this.#fd;
    const text = this.#soonLines() + more;
    this.#forgetSoon();
    if (this.#fault !== null) throw this.#fault;
    if (fd === null || text === '') return;
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length;) at += this.#fs.writeSync(fd, bytes, at);
    } catch (error) {
      throw diskError(error, this.path);
    }
  }
}

function open(fs: FileSystem, path: string, flags: number): number {
  try {
    return fs.openSync(path, flags | NO_FOLLOW, 0o600);
  } catch (error) {
    throw diskError(error, path);
  }
}

function sync(
  fs: FileSystem,
  fd: number,
  path: string,
  tolerated: readonly string[] = [],
): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.fsync(fd, (error) => {
      if (error && !tolerated.includes(errnoOf(error))) reject(diskError(error, path));
      else resolve();
    });
  });
}

/** The names in it. What cannot be synced there (Windows, some mounts) rests on the file system. */
async function syncDirectory(fs: FileSystem, path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const fd = open(fs, path, constants.O_RDONLY);
  try {
    await sync(fs, fd, path, NO_DIRECTORY_SYNC);
  } finally {
    fs.closeSync(fd);
  }
}
