import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from './arguments.ts';
import { copyTree, makeFile, makeSmallFiles } from './sources.ts';

/** What has to be carried. */
export interface Work {
  readonly id: string;
  readonly title: string;
  readonly kind: 'file' | 'folder';
  readonly unit: 'MB/s' | 'files/s';
  /** Whether a quick run has it. */
  readonly quick: boolean;
  make(path: string): void;
}

const SMALL_FILES = 10_000;
const SMALL_BYTES = 4096;
const MIB = 1024 * 1024;

export function worksOf({ fileBytes, tree }: BenchOptions, checkout: string): readonly Work[] {
  return [
    {
      id: 'file',
      title: `one file of ${fileBytes / MIB} MiB`,
      kind: 'file',
      unit: 'MB/s',
      quick: true,
      make: (path) => makeFile(path, fileBytes),
    },
    {
      id: 'small',
      title: `${SMALL_FILES.toLocaleString('en')} files of 4 KiB`,
      kind: 'folder',
      unit: 'files/s',
      quick: true,
      make: (path) => makeSmallFiles(path, SMALL_FILES, SMALL_BYTES),
    },
    {
      id: 'tree',
      title: tree === null ? 'a real tree: node_modules' : 'a real tree',
      kind: 'folder',
      unit: 'files/s',
      quick: false,
      make: (path) => copyTree(tree ?? join(checkout, 'node_modules'), path),
    },
  ];
}

/** The source of one work and the place for its copies, in a folder that holds nothing else. */
export function makeSource(work: Work, folder: string): string {
  const sources = join(folder, 'source');
  mkdirSync(sources, { recursive: true });
  const path = join(sources, work.id);
  work.make(path);
  return path;
}
