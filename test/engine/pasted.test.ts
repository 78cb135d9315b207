import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clearPasted, keepPasted } from '../../electron/engine/pasted.ts';
import { expectOwnerOnly } from '../support/owner-only.ts';

/** What was pasted and lies nowhere on a disk is kept in the home folder for a while. */

const DAY_MS = 24 * 3_600_000;
const bytes = new TextEncoder().encode('see you at eight');
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-pasted-'));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

test('each keeps its name and its bytes, for its owner alone, although two are called the same', async () => {
  const paths = await keepPasted(home, [
    { name: 'image.png', bytes },
    { name: 'image.png', bytes: bytes.subarray(0, 3) },
  ]);
  expect(paths.map((path) => basename(path))).toEqual(['image.png', 'image.png']);
  expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['see you at eight', 'see']);
  paths.forEach(expectOwnerOnly);
});

test.each(['../out.txt', 'a/b.txt', '..', 'nul\0.txt'])(
  'a name that leads elsewhere is refused: %j',
  async (name) => {
    await expect(keepPasted(home, [{ name, bytes }])).rejects.toMatchObject({
      code: 'NAME_REFUSED',
    });
    expect(readdirSync(home)).toEqual([]);
  },
);

test('it is there for a week, and then it is gone', async () => {
  const [path = ''] = await keepPasted(home, [{ name: 'note.txt', bytes }]);
  const madeMs = statSync(join(path, '..')).mtimeMs;
  await clearPasted(home, madeMs + 6 * DAY_MS);
  expect(readFileSync(path, 'utf8')).toBe('see you at eight');
  await clearPasted(home, madeMs + 8 * DAY_MS);
  expect(readdirSync(join(home, 'pasted'))).toEqual([]);
});
