import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join, sep } from 'node:path';
import { bytesOf } from './memory-tree.ts';

/** Real files and folders on the disk, and what there is to compare of them. */

export interface TreeEntry {
  readonly kind: 'file' | 'directory';
  /** Of the content; empty for a directory. */
  readonly hash: string;
  readonly bytes: number;
  readonly executable: boolean;
  /** Microseconds, cut off below. */
  readonly modifiedUs: bigint;
}

/** The path of everything below a folder from there, sorted, with `/` on every system. */
export function namesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.map((name) => name.replaceAll(sep, '/')).sort();
}

/** Everything below a folder by its path in it, the folder itself as `.`. */
export function readTree(root: string): Map<string, TreeEntry> {
  const tree = new Map<string, TreeEntry>([['.', entryAt(root)]]);
  for (const name of namesBelow(root)) tree.set(name, entryAt(join(root, name)));
  return new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function entryAt(path: string): TreeEntry {
  const stat = lstatSync(path, { bigint: true });
  const isFile = stat.isFile();
  if (!isFile && !stat.isDirectory()) throw new Error(`${path} is neither file nor folder`);
  return {
    kind: isFile ? 'file' : 'directory',
    hash: isFile ? hashOf(readFileSync(path)) : '',
    bytes: isFile ? Number(stat.size) : 0,
    executable: isFile && (stat.mode & 0o111n) !== 0n,
    modifiedUs: stat.mtimeNs / 1000n,
  };
}

export function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Writes a file with bytes of its own, and the folders on its way. */
export function putFile(path: string, bytes: number, seed = 1): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytesOf(bytes, seed));
  setTime(path, 1_600_000_000 + seed + (seed % 1000) / 1000);
  return path;
}

/** Gives every folder at and below the path a time in whole microseconds: what can cross exactly. */
export function setFolderTimes(root: string): void {
  for (const name of ['.', ...namesBelow(root)]) {
    const path = join(root, name);
    if (lstatSync(path).isDirectory()) setTime(path, 1_500_000_000 + name.length + 0.000_25);
  }
}

export function setTime(path: string, seconds: number): void {
  utimesSync(path, seconds, seconds);
}

export function makeExecutable(path: string): void {
  chmodSync(path, 0o755);
}

/** Hidden names of transfers, anywhere below the folder. */
export function leftovers(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return namesBelow(directory).filter((name) =>
    name.split('/').some((part) => part.startsWith('.dropline-')),
  );
}
