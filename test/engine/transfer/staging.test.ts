import { expect, test } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { Staging } from '../../../electron/engine/transfer/staging.ts';

const FILES = 300;
const DEPTH = 60;

let slices = 0;

/** A path that tells how often a part of it was taken. */
class CountedPath extends Array<string> {
  override slice(from?: number, to?: number): string[] {
    slices++;
    return super.slice(from, to);
  }
}

const folder = Array.from({ length: DEPTH }, (_, n) => `d${n}`);
const entries = Array.from({ length: FILES }, (_, n) => ({
  kind: 'file' as const,
  saved: CountedPath.from([...folder, `${n}`]),
}));

function stagingOf(merged: readonly string[]): { staging: Staging; made: string[] } {
  const made: string[] = [];
  const fs = { mkdirSync: (path: string) => made.push(path) } as unknown as FileSystem;
  slices = 0;
  return { staging: new Staging(fs, '/there', '0123456789abcdef', entries, merged), made };
}

test('files that lie deep make each of their folders once, and look at the deepest alone after that', async () => {
  const { staging, made } = stagingOf([]);
  await staging.make(() => false);
  expect(made).toHaveLength(DEPTH);
  expect(made).toEqual([...made].sort((a, b) => a.length - b.length));
  expect(slices).toBeLessThan(FILES * 5);
});

test('files that lie deep in what is merged name each of their folders once, the upper ones first', () => {
  const { staging } = stagingOf(['d0']);
  expect(staging.mergedDirectories).toEqual(folder.map((_, n) => folder.slice(0, n + 1)));
  expect(slices).toBeLessThan(FILES * 5);
});
