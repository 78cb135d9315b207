import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { plainPath } from '../../support/plain-path.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';

/** If these fail, whoever stops what waits for another program waits with it, or gets what they stopped. */

let bench: Bench;
let sender: TestSender;
let receiver: TestReceiver;
/** What ends so is open in another program. */
let open: string[];
let tries: number;

/** Names are as Windows keeps them. */
const windows: Partial<FileSystem> = {
  isWindows: true,
  // a disk without links
  linkSync: () => {
    throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
  },
  renameSync: (from, to) => {
    if (open.some((ending) => plainPath(String(from)).endsWith(ending))) {
      tries++;
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    }
    renameSync(from, to);
  },
};

beforeEach(async () => {
  open = [];
  tries = 0;
  bench = new Bench();
  [sender, receiver] = await Promise.all([bench.sender(), bench.receiver({ fs: windows })]);
  for (const name of ['first', 'second']) {
    mkdirSync(bench.path(name));
    writeFileSync(bench.path(name, 'x'), name);
  }
});
afterEach(() => bench.remove());

const inbox = (): string[] => readdirSync(receiver.directory).sort();

async function send(): Promise<ReturnType<TestSender['send']>> {
  const id = await sender.send([bench.path('first'), bench.path('second')], receiver.port);
  while (tries === 0) await nextTurn();
  return id;
}

test.each(['sender', 'receiver'] as const)(
  'a folder that waits for its name is given up at once, at the %s',
  async (side) => {
    open = ['folder-0.part'];
    const id = await send();
    await (side === 'sender' ? sender : receiver).cancel(id);
    await Promise.all([sender.outcome('cancelled', id), receiver.outcome('cancelled', id)]);
    await receiver.tidy();
    expect(inbox()).toEqual([]);
  },
);

test('a folder that has its name keeps it, and the one that waits is taken back', async () => {
  open = ['folder-1.part'];
  const id = await send();
  open = ['folder-0.part', 'folder-1.part'];
  await receiver.cancel(id);
  await Promise.all([sender.outcome('cancelled', id), receiver.outcome('cancelled', id)]);
  await receiver.tidy();
  expect(inbox()).toEqual(['first']);
});

test('a program that ends does not wait, and the next one gives the name', async () => {
  open = ['folder-1.part'];
  const id = await send();
  const { identity, directory, home } = receiver;
  const before = tries;
  await receiver.stop();
  expect(tries).toBe(before);
  expect(inbox().filter((name) => !name.startsWith('.'))).toEqual(['first']);
  expect(readdirSync(bench.path(basename(home), 'journal'))).toHaveLength(1);
  open = [];
  receiver = await bench.receiver({ fs: windows, identity, place: { directory, home } });
  const again = await sender.send([bench.path('first'), bench.path('second')], receiver.port);
  await receiver.outcome('delivered', again);
  expect(inbox()).toEqual(['first', 'second']);
  await sender.cancel(id);
});

test('a file that waits for its name keeps nobody who ends, and gets it from the next one', async () => {
  open = ['-0.part'];
  writeFileSync(bench.path('single'), 'one');
  const id = await sender.send([bench.path('single'), bench.path('first')], receiver.port);
  while (tries === 0) await nextTurn();
  const { identity, directory, home } = receiver;
  const before = tries;
  await receiver.stop();
  expect(tries).toBe(before);
  expect(inbox().filter((name) => !name.startsWith('.'))).toEqual([]);
  open = [];
  receiver = await bench.receiver({ fs: windows, identity, place: { directory, home } });
  const again = await sender.send([bench.path('single'), bench.path('first')], receiver.port);
  await receiver.outcome('delivered', again);
  expect(inbox()).toEqual(['first', 'single']);
  await sender.cancel(id);
});
