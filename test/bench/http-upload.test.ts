import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { putFile } from '../support/trees.ts';
import { differenceOf, fingerprint } from './copies.ts';
import { findHttp } from './peers/http.ts';
import { onLoopback } from './place.ts';
import { Programs } from './programs.ts';

/** If this fails, the bench has nobody of this kind to compare a real tree with. */

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'http-upload-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.skipIf(process.platform !== 'linux')(
  'an upload copies odd names, empty files and empty folders too',
  async () => {
    const source = join(folder, 'tree');
    putFile(join(source, 'größe & 100 %.txt'), 100_000);
    putFile(join(source, 'deep/empty.txt'), 0);
    mkdirSync(join(source, 'deep/hollow/more'), { recursive: true });
    const sink = join(folder, 'sink');
    mkdirSync(sink);
    const found = findHttp(process.execPath);
    if ('missing' in found) throw new Error(found.missing);
    await found.contenders[0]!.carry({ source, sink, place: onLoopback(new Programs()) });
    const copy = fingerprint(join(sink, 'tree'));
    expect(differenceOf(fingerprint(source), copy, false)).toBe(null);
  },
);
