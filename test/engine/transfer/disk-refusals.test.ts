import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf } from '../../../electron/engine/transfer/disk-refusals.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';

/** If these fail, a disk that is full or gone is taken for one that does not like a name, or the reverse. */

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dropline-refusals-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('what a disk says of all that is on it is no refusal', () => {
  const refusal = (code: string, path = 'x', fs = realFileSystem): string | null => {
    const error = Object.assign(new Error(code), { code });
    return refusalOf(fs, directory, join(directory, path), error);
  };
  for (const code of ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ENODEV', 'ELOOP']) {
    expect([code, refusal(code)]).toEqual([code, null]);
  }
  expect([refusal('ENOENT'), refusal('ENOENT', 'gone/x')]).toEqual(['PLACE_REFUSED', null]);
  rmSync(directory, { recursive: true });
  writeFileSync(directory, '');
  const codes = ['EACCES', 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];
  expect(codes.map((code) => refusal(code))).toEqual([null, null, null, null]);
  const windows = { ...realFileSystem, accessSync: () => undefined }; // says yes of a file, too
  expect(codes.map((code) => refusal(code, 'x', windows))).toEqual([null, null, null, null]);
});
