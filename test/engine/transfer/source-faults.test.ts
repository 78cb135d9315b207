import fs from 'node:fs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { GatedDisk } from '../../support/gated-disk.ts';
import type { TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { entryAt, putFile, setTime } from '../../support/trees.ts';

/** A file that changes or cannot be read while it is sent fails alone, and is told in words. */

const MIB = 1024 * 1024;
let bench: Bench;
let sender: TestSender;

beforeEach(async () => {
  bench = new Bench();
  sender = await bench.sender();
});
afterEach(() => bench.remove());

test('a file that shrinks while it is sent fails alone, the rest is delivered', async () => {
  const disk = new GatedDisk();
  const receiver = await bench.receiver({ fs: disk.fs });
  const first = putFile(bench.path('tree', 'a.bin'), 40 * MIB, 1);
  putFile(bench.path('tree', 'b.bin'), MIB, 2);
  disk.onWrite = (writtenBytes) => {
    if (writtenBytes < 3 * MIB) return;
    disk.onWrite = () => undefined;
    fs.truncateSync(first, 5 * MIB);
  };
  const id = await sender.send([bench.path('tree')], receiver.port);
  const sent = await sender.outcome('delivered', id);
  const received = await receiver.outcome('delivered', id);
  const problem = { path: 'tree/a.bin', code: 'SOURCE_CHANGED' };
  expect(sent.failed).toEqual({ count: 1, examples: [problem] });
  expect(received.failed).toEqual({ count: 1, examples: [problem] });
  expect(readdirSync(join(receiver.directory, 'tree'))).toEqual(['b.bin']);
  expect(received.hash).toBe(sent.hash);
});

test.each(['grows', 'is written to'])(
  'a file that %s while it is sent fails alone',
  async (how) => {
    const disk = new GatedDisk();
    const receiver = await bench.receiver({ fs: disk.fs });
    const first = putFile(bench.path('tree', 'a.bin'), 20 * MIB, 1);
    putFile(bench.path('tree', 'b.bin'), MIB, 2);
    disk.onWrite = (writtenBytes) => {
      if (writtenBytes < 3 * MIB) return;
      disk.onWrite = () => undefined;
      const fd = fs.openSync(first, 'r+');
      fs.writeSync(fd, 'new', how === 'grows' ? 20 * MIB : 0);
      fs.closeSync(fd);
    };
    const id = await sender.send([bench.path('tree')], receiver.port);
    const sent = await sender.outcome('delivered', id);
    expect(sent.failed.examples).toEqual([{ path: 'tree/a.bin', code: 'SOURCE_CHANGED' }]);
    expect(readdirSync(join(receiver.directory, 'tree'))).toEqual(['b.bin']);
  },
);

test.each([
  ['is rewritten under its size and time', true],
  ['only gets other rights', false],
])('a file that %s while it is sent fails only if its bytes are others', async (_how, rewrites) => {
  const disk = new GatedDisk();
  const receiver = await bench.receiver({ fs: disk.fs });
  const first = putFile(bench.path('tree', 'a.bin'), 20 * MIB, 1);
  putFile(bench.path('tree', 'b.bin'), MIB, 2);
  const { modifiedUs } = entryAt(first);
  disk.onWrite = (writtenBytes) => {
    if (writtenBytes < 3 * MIB) return;
    disk.onWrite = () => undefined;
    const fd = fs.openSync(first, 'r+');
    if (rewrites) fs.writeSync(fd, 'new', 0);
    else fs.chmodSync(first, 0o600);
    fs.closeSync(fd);
    setTime(first, (Number(modifiedUs) + 0.25) / 1e6);
  };
  const id = await sender.send([bench.path('tree')], receiver.port);
  const sent = await sender.outcome('delivered', id);
  expect(sent.failed.examples).toEqual(
    rewrites ? [{ path: 'tree/a.bin', code: 'SOURCE_CHANGED' }] : [],
  );
  const names = readdirSync(join(receiver.directory, 'tree')).sort();
  expect(names).toEqual(rewrites ? ['b.bin'] : ['a.bin', 'b.bin']);
});

test('a source that cannot be read fails alone', async () => {
  const readSync = ((fd: number, ...rest: [Uint8Array, number, number, number]) => {
    if (fs.fstatSync(fd).size === 777) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    return fs.readSync(fd, ...rest);
  }) as FileSystem['readSync'];
  const broken = await bench.sender({ fs: { readSync } });
  const receiver = await bench.receiver();
  const bad = putFile(bench.path('bad.bin'), 777, 1);
  const good = putFile(bench.path('good.bin'), 778, 2);
  const id = await broken.send([bad, good], receiver.port);
  const sent = await broken.outcome('delivered', id);
  expect(sent.failed.examples).toEqual([{ path: 'bad.bin', code: 'SOURCE_UNREADABLE' }]);
  expect(readdirSync(receiver.directory)).toEqual(['good.bin']);
});
