import { constants } from 'node:fs';
import { DroplineError } from '../../../shared/errors.ts';
import type { FolderDisk } from './folder-disk.ts';
import { diskBelow } from './folder-disk.ts';
import type { JournalHeader } from './journal-records.ts';
import { Journal } from './journal.ts';
import { OpenElsewhere } from './open-elsewhere.ts';
import { markOrigin } from './origin-mark.ts';
import { isPlaceholder } from './placeholder.ts';
import type { FileSystem } from './ports.ts';
import { NO_FOLLOW } from './ports.ts';
import { freePath, isTaken, publishFile } from './publish.ts';
import { checkRoom } from './room.ts';
import { removeFile } from './staged-removal.ts';
import { partPathOf } from './staging.ts';
import { diskError } from './system-errors.ts';

/** The sender tells no size, so the room that is left is looked at again after each of these. */
const CHECK_EVERY_BYTES = 64 * 1024 * 1024;

/**
 * A file that comes by the bare exchange: under a hidden name until the stream has ended. It cannot go on
 * after a cut; its journal is there for what a crash would leave behind.
 */
export class PlainFile {
  readonly #fs: FolderDisk;
  readonly #directory: string;
  readonly #name: string;
  readonly #token: string;
  readonly #part: string;
  readonly #journal: Journal;
  readonly #elsewhere: OpenElsewhere;
  #fd: number | null;
  #isWanted = true;
  /** Where it was about to go last. */
  #going: string | null = null;
  #isNamed = false;
  bytes = 0;

  /** Throws DISK_FULL, NO_PERMISSION, DISK_ERROR. */
  constructor(fs: FileSystem, journalPath: string, header: JournalHeader, name: string) {
    const { directory, token } = header;
    this.#fs = diskBelow(fs, directory);
    this.#elsewhere = new OpenElsewhere(this.#fs, () => this.#isWanted);
    this.#directory = directory;
    this.#name = name;
    this.#token = token;
    this.#part = partPathOf(directory, token, 0);
    checkRoom(fs, directory, 1);
    this.#journal = Journal.write(fs, journalPath, header, [{ bytes: 0, saved: [name] }]);
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
    try {
      this.#fd = this.#fs.openSync(this.#part, flags | NO_FOLLOW);
    } catch (error) {
      this.#journal.remove();
      throw diskError(error, name);
    }
  }

  /** Throws DISK_FULL, DISK_ERROR. */
  write(bytes: Uint8Array): void {
    const fd = this.#fd;
    if (fd === null) return;
    const before = Math.floor(this.bytes / CHECK_EVERY_BYTES);
    try {
      for (let at = 0; at < bytes.length;) {
        at += this.#fs.writeSync(fd, bytes, at, bytes.length - at);
      }
    } catch (error) {
      throw diskError(error, this.#name);
    }
    this.bytes += bytes.length;
    if (Math.floor(this.bytes / CHECK_EVERY_BYTES) > before) {
      checkRoom(this.#fs, this.#directory, CHECK_EVERY_BYTES);
    }
  }

  /** Makes it durable and gives it its name. Answers the path. Throws CANCELLED, DISK_FULL, DISK_ERROR. */
  async publish(): Promise<string> {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) {
      markOrigin(this.#fs, this.#part);
      await this.#sync(fd);
    }
    for (;;) {
      if (!this.#isWanted) throw new DroplineError('CANCELLED');
      const path = freePath(this.#fs, this.#directory, this.#name, 'file');
      this.#going = path;
      this.#journal.append({ record: 'publishing', index: 0, path });
      await this.#journal.sync();
      try {
        await this.#elsewhere.outwait(path, () => this.#give(path));
      } catch (error) {
        if (isTaken(error)) continue;
        throw diskError(error, path);
      }
      this.#going = null;
      await this.#elsewhere.outwait(path, () => this.#clear()).catch(() => this.#journal.close());
      return path;
    }
  }

  #give(path: string): void {
    publishFile(this.#fs, this.#part, path, this.#token);
    this.#isNamed = true;
  }

  /** Lets `publish` fail with CANCELLED, soon. false: it is too late, it has its name. */
  giveUp(): boolean {
    this.#isWanted = false;
    this.#elsewhere.stopWaiting();
    return !this.#isNamed;
  }

  discard(): void {
    this.giveUp();
    if (this.#fd !== null) this.#fs.closeSync(this.#fd);
    this.#fd = null;
    try {
      this.#clear();
    } catch {
      void this.#journal.close();
    }
  }

  /** What another program has open goes at the next start, by the journal. Throws what the disk does. */
  #clear(): void {
    removeFile(this.#fs, this.#part);
    const going = this.#going;
    if (going !== null && isPlaceholder(this.#fs, going, this.#token)) this.#fs.unlinkSync(going);
    this.#journal.remove();
  }

  #sync(fd: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#fs.fsync(fd, (error) => {
        this.#fs.closeSync(fd);
        if (error) reject(diskError(error, this.#name));
        else resolve();
      });
    });
  }
}
