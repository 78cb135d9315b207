import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freshSeed } from './matrix.ts';

/** How far each row has come, so that a run which was stopped goes on where it was. */

export interface Progress {
  /** The sources that were tried: other ones start again. */
  readonly sources: string;
  /** The next try's seed. */
  readonly next: number;
  readonly tried: number;
  readonly failed: readonly { readonly seed: number; readonly failure: string }[];
}

const root = resolve(import.meta.dirname, '../../..');
const FOLDER = join(root, 'out', 'faults');
const SOURCES = ['shared', 'electron', 'test/faults', 'test/support', 'package-lock.json'];

/** By content: a clone and a checkout of the same commit are the same. */
export function hashSources(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const entries = source.endsWith('.json')
      ? [source]
      : readdirSync(join(root, source), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
          .sort();
    for (const path of entries) {
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(root, path)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

const fileOf = (id: string): string => join(FOLDER, `${id}.json`);

export function loadProgress(id: string, sources: string): Progress {
  const none = { sources, next: freshSeed(), tried: 0, failed: [] };
  if (!existsSync(fileOf(id))) return none;
  const saved = JSON.parse(readFileSync(fileOf(id), 'utf8')) as Progress;
  return saved.sources === sources ? saved : none;
}

export function saveProgress(id: string, progress: Progress): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(id), `${JSON.stringify(progress, null, 1)}\n`);
}

export function forgetProgress(id: string): void {
  rmSync(fileOf(id), { force: true });
}
