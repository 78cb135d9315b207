import { constants } from 'node:fs';
import { join } from 'node:path';
import type { FolderDisk } from './folder-disk.ts';
import { diskBelow } from './folder-disk.ts';
import type { JournalHeader } from './journal-records.ts';
import { Journal } from './journal.ts';
import { OpenElsewhere } from './open-elsewhere.ts';
import { markOrigin } from './origin-mark.ts';
import type { FileSystem } from './ports.ts';
import { NO_FOLLOW } from './ports.ts';
import { freePath, isTaken, publishFile } from './publish.ts';
import { checkRoom } from './room.ts';
import { removeFile } from './staged-removal.ts';
import { stagingPrefix } from './staging.ts';
import { attempt, diskError } from './system-errors.ts';

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
  #fd: number | null;
  bytes = 0;

  /** Throws DISK_FULL, NO_PERMISSION, DISK_ERROR. */
  constructor(fs: FileSystem, journalPath: string, header: JournalHeader, name: string) {
    const { directory, token } = header;
    this.#fs = diskBelow(fs, directory);
    this.#directory = directory;
    this.#name = name;
    this.#token = token;
    this.#part = join(directory, `${stagingPrefix(token)}0.part`);
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

  /** Makes it durable and gives it its name. Answers the path. */
  async publish(): Promise<string> {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) {
      markOrigin(this.#fs, this.#part);
      await this.#sync(fd);
    }
    const fs = this.#fs;
    const elsewhere = new OpenElsewhere(fs, () => true);
    for (;;) {
      const path = freePath(this.#fs, this.#directory, this.#name, 'file');
      try {
        const give = (): boolean => publishFile(fs, this.#part, path, this.#token);
        if (await elsewhere.outwait(path, give)) this.#journal.remove();
        else await elsewhere.outwait(path, () => this.#clear()).catch(() => null);
        return path;
      } catch (error) {
        if (!isTaken(error)) throw diskError(error, path);
      }
    }
  }

  discard(): void {
    if (this.#fd !== null) this.#fs.closeSync(this.#fd);
    this.#fd = null;
    attempt(() => {
      this.#clear();
    });
  }

  /** A part that another program has open goes at the next start, by the journal. Throws what the disk does. */
  #clear(): void {
    removeFile(this.#fs, this.#part);
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
