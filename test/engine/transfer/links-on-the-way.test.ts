import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PartFiles } from '../../../electron/engine/transfer/part-files.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { Staging, newToken } from '../../../electron/engine/transfer/staging.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';

/** If one of these fails, whoever may write where things arrive lets them be written over something else. */

const THEIRS = 'what was there before';
const ENTRIES: readonly Entry[] = ['a.txt', 'b.txt'].map((name) => ({
  kind: 'file',
  path: [name],
  bytes: 4,
}));

let folder: string;
let theirs: string;
let parts: PartFiles;
let part: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-links-'));
  mkdirSync(join(folder, 'inbox'));
  theirs = join(folder, 'theirs.txt');
  writeFileSync(theirs, THEIRS);
  const fs = realFileSystem;
  const staged = ENTRIES.map(({ path }) => ({ kind: 'file' as const, saved: path }));
  const staging = new Staging(fs, join(folder, 'inbox'), newToken(), staged);
  part = staging.pathOf(0);
  parts = new PartFiles({ fs, staging, entries: ENTRIES, hash: 'sha256' });
});
afterEach(() => {
  parts.suspend();
  rmSync(folder, { recursive: true, force: true });
});

function write(text: string): void {
  parts.openRange(0, 0);
  parts.write(Buffer.from(text));
}

test.each([
  ['a file', () => renameSync(theirs, part)],
  ['a link to a file', () => symlinkSync(theirs, part)],
  ['a second name of a file', () => linkSync(theirs, part)],
  ['a link to nothing yet', () => symlinkSync(join(folder, 'new.txt'), part)],
])('%s in the place of what comes is not written into', (_what, put) => {
  put();
  expect(() => write('ours')).toThrow('DISK_ERROR');
  if (_what !== 'a link to nothing yet') expect(readFileSync(part, 'utf8')).toBe(THEIRS);
  else expect(() => readFileSync(join(folder, 'new.txt'))).toThrow('ENOENT');
});

test('what is begun and was swapped for a link meanwhile does not go on behind it', () => {
  write('ou');
  parts.suspend();
  rmSync(part);
  symlinkSync(theirs, part);
  expect(() => write('ours')).toThrow('DISK_ERROR');
  expect(readFileSync(theirs, 'utf8')).toBe(THEIRS);
});

test('no file is begun while another is open, whose bytes would go into it', () => {
  write('ou');
  expect(() => parts.openRange(1, 0)).toThrow('INTERNAL');
  parts.write(Buffer.from('rs'));
  parts.suspend();
  expect(readFileSync(part, 'utf8')).toBe('ours');
});

test('nobody can tell in advance what is hidden where', () => {
  const tokens = Array.from({ length: 1_000 }, newToken);
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{16}$/);
});
