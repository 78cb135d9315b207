import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from './arguments.ts';
import type { Load } from './contender.ts';
import { DROPLINE } from './floors.ts';
import type { Unit } from './results.ts';
import { copyTree, makeFile, makeSmallFiles } from './sources.ts';

/** What has to be carried, and where. */
export interface Work {
  readonly id: string;
  readonly title: string;
  readonly load: Load;
  readonly unit: Unit;
  readonly where: Where;
  /** Who does it, by how the name begins; null: all who can. */
  readonly among: readonly string[] | null;
  /** Whether a quick run has it. */
  readonly quick: boolean;
  /** Whether the main threads are watched too. */
  readonly probed: boolean;
  make(path: string): void;
}

export type Where = 'loopback' | 'gigabit' | 'lossy';

const MIB = 1024 * 1024;
const SMALL_FILES = 10_000;
const SMALL_BYTES = 4096;
/** With its folders it is the most that one offer may hold. */
const MANY_FILES = 99_000;
const LOSSY_BYTES = 32 * MIB;

export const WORK_IDS = ['file', 'small', 'tree', 'many', 'byte', 'gigabit', 'lossy'];

const COMMON = { where: 'loopback', among: null, quick: false, probed: false } as const;

export function worksOf({ fileBytes, tree }: BenchOptions, checkout: string): readonly Work[] {
  const size = `${fileBytes / MIB} MiB`;
  const folder = { ...COMMON, load: 'folder', unit: 'files/s', probed: true } as const;
  const file = { ...COMMON, load: 'file', unit: 'MB/s' } as const;
  return [
    {
      ...file,
      id: 'file',
      title: `one file of ${size}`,
      quick: true,
      probed: true,
      make: (path) => makeFile(path, fileBytes),
    },
    {
      ...folder,
      id: 'small',
      title: '10,000 files of 4 KiB',
      quick: true,
      make: (path) => makeSmallFiles(path, SMALL_FILES, SMALL_BYTES),
    },
    {
      ...folder,
      id: 'tree',
      title: tree === null ? 'a real tree, node_modules' : 'a real tree',
      make: (path) => copyTree(tree ?? join(checkout, 'node_modules'), path),
    },
    {
      ...folder,
      id: 'many',
      title: '99,000 files of 4 KiB in 990 folders',
      among: [DROPLINE, 'rsync'],
      make: (path) => makeSmallFiles(path, MANY_FILES, SMALL_BYTES),
    },
    {
      ...COMMON,
      id: 'byte',
      title: 'one byte, to a peer that is known',
      load: 'byte',
      unit: 'ms',
      make: (path) => makeFile(path, 1),
    },
    {
      ...file,
      id: 'gigabit',
      title: `one file of ${size} through 1 Gbit/s`,
      where: 'gigabit',
      among: [DROPLINE, 'scp'],
      make: (path) => makeFile(path, fileBytes),
    },
    {
      ...file,
      id: 'lossy',
      title: 'one file of 32 MiB through 300 Mbit/s, 5 ms, 0.5 % lost',
      where: 'lossy',
      among: [DROPLINE, 'scp', 'socat'],
      make: (path) => makeFile(path, LOSSY_BYTES),
    },
  ];
}

/** The source of one work, in a folder that holds nothing else. */
export function makeSource(work: Work, folder: string): string {
  const sources = join(folder, 'source');
  mkdirSync(sources, { recursive: true });
  const path = join(sources, work.id);
  work.make(path);
  return path;
}
