import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** What is sent. */

const BLOCK_BYTES = 1024 * 1024;
const FILES_PER_FOLDER = 100;

/** Random bytes, that nothing can make smaller. */
export function makeFile(path: string, bytes: number): void {
  const file = openSync(path, 'wx');
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let left = bytes; left > 0; left -= block.length) {
    randomFillSync(block);
    writeSync(file, block, 0, Math.min(left, block.length));
  }
  closeSync(file);
}

/** Files of one size, a hundred in each folder. */
export function makeSmallFiles(folder: string, count: number, bytes: number): void {
  const content = Buffer.alloc(bytes);
  for (let n = 0; n < count; n++) {
    const inside = join(folder, `folder-${Math.floor(n / FILES_PER_FOLDER)}`);
    if (n % FILES_PER_FOLDER === 0) mkdirSync(inside, { recursive: true });
    randomFillSync(content);
    writeFileSync(join(inside, `file-${n}`), content);
  }
}

/** A real tree, without links and special files, which not every contender takes. */
export function copyTree(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isFile()) {
      copyFileSync(source, target);
      const { atime, mtime } = statSync(source);
      utimesSync(target, atime, mtime);
    }
  }
}

export function sizeOf(path: string): { readonly bytes: number; readonly files: number } {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return { bytes: stat.size, files: 1 };
  const inside = readdirSync(path).map((name) => sizeOf(join(path, name)));
  return {
    bytes: inside.reduce((sum, { bytes }) => sum + bytes, 0),
    files: inside.reduce((sum, { files }) => sum + files, 0),
  };
}
