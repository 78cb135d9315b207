import { statSync } from 'node:fs';
import { entryAt, readTree } from '../support/trees.ts';

interface Kept {
  readonly kind: 'file' | 'directory';
  readonly hash: string;
  /** null for a folder: a browser tells no time of one. */
  readonly modifiedMs: number | null;
}

/** A file, or everything below a folder, as far as it comes through a browser: no exec bits there. */
export function asTheBrowserKeepsIt(path: string): Record<string, Kept> {
  const entries = statSync(path).isDirectory() ? readTree(path) : new Map([['.', entryAt(path)]]);
  const kept = [...entries].map(([name, { kind, hash, modifiedUs }]): [string, Kept] => {
    const modifiedMs = kind === 'file' ? Number(modifiedUs / 1000n) : null;
    return [name, { kind, hash, modifiedMs }];
  });
  return Object.fromEntries(kept);
}
