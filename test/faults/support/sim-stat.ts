import type { Inode } from './disk-log.ts';

/** What `stat` answers of a simulated file, with numbers or with bigints. */
export function statOf(ino: number, inode: Inode, bigint: boolean) {
  const mtimeNs = BigInt(Math.round(inode.mtimeMs * 1000)) * 1000n;
  const isFile = inode.kind === 'file';
  const number = <T extends number>(value: T): T | bigint => (bigint ? BigInt(value) : value);
  return {
    ino: number(ino),
    dev: number(1),
    nlink: number(1),
    size: number(inode.size),
    mode: number((isFile ? 0o100000 : 0o040000) | (inode.mode & 0o7777)),
    mtimeMs: bigint ? mtimeNs / 1_000_000n : inode.mtimeMs,
    mtimeNs,
    mtime: new Date(inode.mtimeMs),
    isFile: () => isFile,
    isDirectory: () => !isFile,
    isSymbolicLink: () => false,
  };
}
