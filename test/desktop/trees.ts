import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namesBelow } from '../support/trees.ts';

/** One thing on the disk, as far as a transfer must keep it. */
interface Entry {
  readonly kind: 'file' | 'directory';
  readonly hash: string | null;
  readonly isProgram: boolean;
  readonly modified: number;
}

const A_DAY_IN_2001 = new Date('2001-02-03T04:05:06Z');

/** A folder with what gets lost most easily: an empty folder, an empty file, a program, odd names. */
export async function makeTree(folder: string): Promise<void> {
  await mkdir(join(folder, 'deep', 'er'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  await writeFile(join(folder, 'empty.txt'), '');
  await writeFile(join(folder, 'deep', 'er', 'größe & co.txt'), 'hello');
  await writeFile(join(folder, 'big.bin'), Buffer.alloc(5_000_001, 'dropline'));
  await writeFile(join(folder, 'run.sh'), '#!/bin/sh\n');
  await chmod(join(folder, 'run.sh'), 0o755);
  for (const path of ['big.bin', 'run.sh', 'empty.txt', 'empty']) {
    await utimes(join(folder, path), A_DAY_IN_2001, A_DAY_IN_2001);
  }
}

/** Everything below a folder, by its path from there. */
export async function listTree(folder: string): Promise<Record<string, Entry>> {
  const entries = namesBelow(folder).map(async (path) => {
    const full = join(folder, path);
    const { mode, mtimeMs } = await stat(full);
    const isDirectory = (await stat(full)).isDirectory();
    const entry: Entry = {
      kind: isDirectory ? 'directory' : 'file',
      hash: isDirectory
        ? null
        : createHash('sha256')
            .update(await readFile(full))
            .digest('hex'),
      isProgram: !isDirectory && (mode & 0o100) !== 0,
      modified: Math.floor(mtimeMs / 1000),
    };
    return [path, entry] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
