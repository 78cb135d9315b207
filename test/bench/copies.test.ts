import { chmodSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differenceOf, fingerprint } from './copies.ts';
import { copyTree, makeSmallFiles, sizeOf } from './sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-bench-test-'));
  makeSmallFiles(join(folder, 'source'), 150, 10);
  copyTree(join(folder, 'source'), join(folder, 'copy'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inCopy = (name: string) => join(folder, 'copy', 'folder-1', name);
const difference = (keepsMetadata: boolean) =>
  differenceOf(
    fingerprint(join(folder, 'source')),
    fingerprint(join(folder, 'copy')),
    keepsMetadata,
  );

describe('a copy', () => {
  it('is one', () => {
    expect(sizeOf(join(folder, 'copy'))).toEqual({ bytes: 1500, files: 150 });
    expect(difference(true)).toBeNull();
  });

  it.each([
    ['a byte', () => writeFileSync(inCopy('file-100'), '0123456789')],
    ['a name', () => renameSync(inCopy('file-100'), inCopy('file-x'))],
  ])('is none when %s is another', (_what, change) => {
    change();
    expect(difference(false)).toBe('names or bytes differ');
  });

  it('is none when something is missing or there is more', () => {
    writeFileSync(inCopy('more'), '');
    expect(difference(false)).toBe('154 entries of 153');
  });

  it.for([
    ['time', () => utimesSync(inCopy('file-100'), 1, 1)],
    ['exec bit', () => chmodSync(inCopy('file-100'), 0o755)],
  ] as const)('has the same %s where that is promised', ([what, change], { skip }) => {
    skip(what === 'exec bit' && process.platform === 'win32', 'Windows has none');
    change();
    expect(difference(true)).toBe('times or exec bits differ');
    expect(difference(false)).toBeNull();
  });
});
