import fs from 'node:fs';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { errno } from './sim-disk.ts';

/** Where a disk says that it is full: each is a step of a delivery of its own. */
export const FULL_AT = ['before', 'middle', 'sync', 'publish'] as const;
export type FullAt = (typeof FULL_AT)[number];

const BLOCK_BYTES = 4096;

/** A real disk that is full while a test says so. */
export class FullDisk {
  readonly fs: Partial<FileSystem>;
  full = false;
  /** What it says is free while it is full; null: it does not tell, as with a quota. */
  freeBytes: number | null = 0;
  /** Bytes that still fit while it is full. */
  left = 0;
  /** What was read of part files while it was full. */
  readBytes = 0;
  /** Opened and not closed. */
  readonly open = new Set<number>();
  /** How often it said that it is full. */
  refusals = 0;

  constructor(at: FullAt) {
    const refuse = (path: unknown): Error => {
      this.refusals++;
      return errno('ENOSPC', String(path));
    };
    const writes = ((fd: number, bytes: Uint8Array, from: number, ...rest: number[]) => {
      const [count = bytes.length - from, position = null] = rest;
      if (!this.full) return fs.writeSync(fd, bytes, from, count, position);
      const fits = Math.min(count, this.left);
      if (fits === 0 && count > 0) throw refuse(fd);
      this.left -= fits;
      return fs.writeSync(fd, bytes, from, fits, position);
    }) as FileSystem['writeSync'];
    const publishes =
      <A extends unknown[], R>(real: (...args: A) => R) =>
      (...args: A): R => {
        if (this.full) throw refuse(args[0]);
        return real(...args);
      };
    const steps: Readonly<Record<FullAt, Partial<FileSystem>>> = {
      before: {},
      middle: { writeSync: writes },
      sync: {
        fsync: ((fd: number, done: (error: Error | null) => void) => {
          if (this.full) done(refuse(fd));
          else fs.fsync(fd, done);
        }) as FileSystem['fsync'],
      },
      publish: { linkSync: publishes(fs.linkSync), renameSync: publishes(fs.renameSync) },
    };
    this.fs = {
      ...steps[at],
      openSync: (...args) => {
        const fd = fs.openSync(...args);
        this.open.add(fd);
        return fd;
      },
      closeSync: (fd) => {
        this.open.delete(fd);
        fs.closeSync(fd);
      },
      readSync: ((...args: Parameters<typeof fs.readSync>) => {
        const count = fs.readSync(...args);
        if (this.full) this.readBytes += count;
        return count;
      }) as FileSystem['readSync'],
      statfsSync: ((path: string) => {
        if (!this.full || this.freeBytes === null) return fs.statfsSync(path);
        const bavail = Math.floor(this.freeBytes / BLOCK_BYTES);
        return Object.assign(fs.statfsSync(path), { bavail, bsize: BLOCK_BYTES, blocks: 25_000 });
      }) as FileSystem['statfsSync'],
    };
  }
}
