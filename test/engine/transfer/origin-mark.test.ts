import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { markOrigin, originMark } from '../../../electron/engine/transfer/origin-mark.ts';
import { PlainFile } from '../../../electron/engine/transfer/plain-file.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { journalHeader } from '../../support/journal-header.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/** If these fail, Windows runs a program that was received without asking, or a file says who sent it. */

const SUFFIX = ':Zone.Identifier';
const ZONE = '[ZoneTransfer]\r\nZoneId=3\r\n';

const bench = new Bench();
let folder: string;
beforeAll(() => {
  putFile(bench.path('trip', 'tool.exe'), 100);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-mark-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});
afterAll(() => bench.remove());

const pretendWindows = () => vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');

test('Windows alone has a mark, and nothing of a person is in it', () => {
  expect(originMark('win32')).toEqual({ suffix: SUFFIX, content: ZONE });
  for (const platform of ['linux', 'darwin', 'freebsd'] as const) {
    expect(originMark(platform)).toBeNull();
  }
});

test('a disk without streams is let be', () => {
  pretendWindows();
  const path = join(folder, 'a');
  writeFileSync(path, 'a');
  const fail = (): never => {
    throw Object.assign(new Error('EINVAL'), { code: 'EINVAL' });
  };
  markOrigin({ ...realFileSystem, openSync: fail }, path);
  markOrigin({ ...realFileSystem, writeSync: fail }, path);
  expect(readFileSync(path, 'utf8')).toBe('a');
});

test('what is received has its mark before its name, and nothing has one elsewhere', async () => {
  const sender = await bench.sender();
  const receiver = await bench.receiver();
  const deliver = async (): Promise<string> => {
    const id = await sender.send([bench.path('trip')], receiver.port);
    const { savedAs } = await receiver.outcome('delivered', id);
    return savedAs ?? '';
  };
  expect(readdirSync(await deliver())).toEqual(['tool.exe']);
  // here a stream is a file beside, and so it shows
  pretendWindows();
  const marked = await deliver();
  expect(readdirSync(marked)).toEqual(['tool.exe', `tool.exe${SUFFIX}`]);
  expect(readFileSync(join(marked, `tool.exe${SUFFIX}`), 'latin1')).toBe(ZONE);
});

/** Tells when a mark is opened, and when what it is of gets its name. */
function watched(): { readonly fs: FileSystem; readonly steps: string[] } {
  const steps: string[] = [];
  const openSync: FileSystem['openSync'] = (path, ...rest) => {
    if (String(path).endsWith(SUFFIX)) steps.push('mark');
    return realFileSystem.openSync(path, ...rest);
  };
  const linkSync: FileSystem['linkSync'] = (from, to) => {
    steps.push('name');
    realFileSystem.linkSync(from, to);
  };
  return { fs: { ...realFileSystem, openSync, linkSync }, steps };
}

test('a single file has its mark before its name', async () => {
  const { fs, steps } = watched();
  const [sender, receiver] = await Promise.all([bench.sender(), bench.receiver({ fs })]);
  pretendWindows();
  const id = await sender.send([bench.path('trip', 'tool.exe')], receiver.port);
  await receiver.outcome('delivered', id);
  expect(steps).toEqual(['mark', 'name']);
});

test('a file of the bare exchange has its mark before its name', async () => {
  const { fs, steps } = watched();
  pretendWindows();
  const header = journalHeader({
    peer: { id: null, name: '', address: '' },
    directory: folder,
    totals: { files: 1, directories: 0, bytes: 0 },
  });
  const file = new PlainFile(fs, join(folder, 'journal'), header, 'tool.exe');
  file.write(Buffer.from('a'));
  expect(await file.publish()).toBe(join(folder, 'tool.exe'));
  expect(steps).toEqual(['mark', 'name']);
});
