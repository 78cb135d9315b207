import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { markOrigin, originMark } from '../../../electron/engine/transfer/origin-mark.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
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
