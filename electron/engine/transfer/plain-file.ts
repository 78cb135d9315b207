import { constants } from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from './ports.ts';
import { NO_FOLLOW } from './ports.ts';
import { publishFile } from './publish.ts';
import { checkRoom } from './room.ts';
import { diskError } from './system-errors.ts';

/** The sender tells no size, so the room that is left is looked at again after each of these. */
const CHECK_EVERY_BYTES = 64 * 1024 * 1024;

/** A file that comes by the bare exchange: under a hidden name until the stream has ended. */
export class PlainFile {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #name: string;
  readonly #part: string;
  #fd: number | null;
  bytes = 0;

  /** Throws DISK_FULL, NO_PERMISSION, DISK_ERROR. */
  constructor(fs: FileSystem, directory: string, name: string, transferId: string) {
    this.#fs = fs;
    this.#directory = directory;
    this.#name = name;
    this.#part = join(directory, `.dropline-${transferId.slice(0, 16)}.part`);
    checkRoom(fs, directory, 1);
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
    try {
      this.#fd = fs.openSync(this.#part, flags | NO_FOLLOW);
    } catch (error) {
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
    if (fd !== null) await this.#sync(fd);
    return publishFile(this.#fs, this.#part, this.#directory, this.#name);
  }

  discard(): void {
    if (this.#fd !== null) this.#fs.closeSync(this.#fd);
    this.#fd = null;
    this.#fs.rmSync(this.#part, { force: true });
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
