import type { FileSystem } from './ports.ts';
import { attempt } from './system-errors.ts';

/** A file system that cannot hold this time still holds the file. */
export function setFileTime(fs: FileSystem, fd: number, modifiedUs: number): void {
  const seconds = secondsOf(modifiedUs);
  attempt(() => {
    fs.futimesSync(fd, seconds, seconds);
  });
}

export function setDirectoryTime(fs: FileSystem, path: string, modifiedUs: number): void {
  const seconds = secondsOf(modifiedUs);
  attempt(() => {
    fs.lutimesSync(path, seconds, seconds);
  });
}

/** A quarter of a microsecond more: what the system cuts off must not reach the next lower one. */
function secondsOf(modifiedUs: number): number {
  return (modifiedUs + 0.25) / 1e6;
}
