import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeLines, encodeLine } from '../../../electron/engine/transfer/journal-lines.ts';
import type { Fact } from '../../../electron/engine/transfer/journal-records.ts';
import { readInTurns } from '../../../electron/engine/transfer/read-journal.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import type { CheckOutcome } from '../../../electron/engine/transfer/check-messages.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/**
 * What was received is verified again by the thread that received it. If these fail, a person is told of
 * files that never came, or cannot stop what reads their disk.
 */

const MIB = 1024 * 1024;

let bench: Bench;
let sender: TestSender;
let receiver: TestReceiver;

beforeEach(async () => {
  bench = new Bench();
  sender = await bench.sender();
});
afterEach(() => bench.remove());

async function deliver(...paths: readonly string[]): Promise<TransferId> {
  const id = await sender.send(paths, receiver.port);
  await receiver.outcome('delivered', id);
  return id;
}

async function verify(transferId: TransferId, arrived: number, nth = 1): Promise<CheckOutcome> {
  await receiver.host.handle({ kind: 'verify', transferId, arrived });
  return (await receiver.event('checked', transferId, nth)).outcome;
}

const found = (outcome: CheckOutcome) => {
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  const { intact, changed, missing, unchecked } = outcome.result;
  return [intact, changed.count, missing.count, unchecked.count];
};

test('what arrived is intact, until it is not', async () => {
  receiver = await bench.receiver();
  const tree = bench.path('tree');
  for (let n = 0; n < 5; n++) putFile(join(tree, `d${n % 2}`, `f${n}`), MIB + n, n);
  const id = await deliver(tree, putFile(bench.path('top.txt'), 70));
  expect(found(await verify(id, 6))).toEqual([6, 0, 0, 0]);
  rmSync(join(receiver.directory, 'top.txt'));
  putFile(join(receiver.directory, 'tree', 'd0', 'f2'), MIB + 2, 99);
  expect(found(await verify(id, 6, 2))).toEqual([4, 1, 1, 0]);
  const bytes = receiver.all('checking', id).map((event) => event.bytes);
  expect(bytes.length).toBeGreaterThan(0);
});

test('where no port is open it is verified all the same, and nothing is made in the home', async () => {
  receiver = await bench.receiver();
  const id = await deliver(putFile(bench.path('top.txt'), 70));
  const { identity, home } = receiver;
  await receiver.stop();
  rmSync(join(home, 'journal'), { recursive: true });
  const before = readdirSync(home);
  const self = { identity, name: 'again', platform: 'linux' } as const;
  const callers = { visibleTo: null, blocked: [], from: 'local' } as const;
  await receiver.host.handle({ kind: 'start', self, listen: null, home, callers });
  expect(found(await verify(id, 1))).toEqual([1, 0, 0, 0]);
  expect(readdirSync(home)).toEqual(before);
});

test('without a receipt it says so, and so it does with one that cannot be read', async () => {
  receiver = await bench.receiver();
  const id = await deliver(putFile(bench.path('top.txt'), 70));
  const receipt = join(receiver.home, 'receipts', `${id}.jsonl`);
  const text = readFileSync(receipt, 'utf8');
  writeFileSync(receipt, text.replaceAll('"version":1', '"version":9'));
  const none = { kind: 'failed', failure: { code: 'NO_RECEIPT', details: {} } };
  expect(await verify(id, 1)).toEqual(none);
  rmSync(receipt);
  expect(await verify(id, 1, 2)).toEqual(none);
});

test('it stops when nobody wants it any more, goes on with the next one, and can be begun anew', async () => {
  let reads = 0;
  const fs: Partial<FileSystem> = {
    readSync: ((
      ...args: [fd: number, buffer: Uint8Array, offset: number, length: number, at: number]
    ) => {
      if (args[3] === MIB) reads++;
      return realFileSystem.readSync(...args);
    }) as FileSystem['readSync'],
  };
  receiver = await bench.receiver({ fs });
  const big = await deliver(putFile(bench.path('big.bin'), 60 * MIB));
  const small = await deliver(putFile(bench.path('small.txt'), 70));
  reads = 0;
  const stopped = verify(big, 1);
  const next = verify(small, 1);
  await receiver.event('checking', big);
  await receiver.host.handle({ kind: 'stopVerify', transferId: big });
  expect(await stopped).toEqual({ kind: 'stopped' });
  expect(found(await next)).toEqual([1, 0, 0, 0]);
  expect(reads).toBeLessThan(60);
  const again = verify(big, 1, 2);
  await receiver.host.handle({ kind: 'stopVerify', transferId: big });
  await receiver.host.handle({ kind: 'verify', transferId: big, arrived: 1 });
  await receiver.host.handle({ kind: 'verify', transferId: big, arrived: 1 });
  expect(found(await again)).toEqual([1, 0, 0, 0]);
  await receiver.stop();
  expect(receiver.all('checked', big)).toHaveLength(2);
});

test('a thread that stops does not read on', async () => {
  receiver = await bench.receiver();
  const big = await deliver(putFile(bench.path('big.bin'), 60 * MIB));
  const stopped = verify(big, 1);
  await receiver.event('checking', big);
  await receiver.stop();
  expect(await stopped).toEqual({ kind: 'stopped' });
});

/** Cuts a transfer off in its second file, changes what is there as `change` says, and goes on with it. */
async function goOnAfter(
  paths: readonly string[],
  change: (journal: string) => void,
): Promise<TransferId> {
  receiver = await bench.receiver();
  const proxy = await Proxy.open(receiver.port);
  proxy.setFates({ cutAfterBytes: 15 * MIB });
  const id = await sender.send(paths, proxy.port, { retryForMs: 0 });
  await sender.outcome('failed', id);
  await receiver.event('interrupted', id);
  await receiver.stop();
  await proxy.stop();
  const { identity, directory, home } = receiver;
  change(join(home, 'journal', `${id}.jsonl`));
  receiver = await bench.receiver({ identity, place: { directory, home } });
  await sender.send(paths, receiver.port, { transferId: id });
  await receiver.outcome('delivered', id);
  return id;
}

async function factsOf(id: TransferId): Promise<readonly Fact[]> {
  const path = join(receiver.home, 'receipts', `${id}.jsonl`);
  return (await readInTurns(realFileSystem, path, () => true))?.facts ?? [];
}

test('a file that got its name in a crash, before that was noted, is in the receipt', async () => {
  const paths = [1, 2].map((n) => putFile(bench.path(`f${n}`), 10 * MIB + n, n));
  const id = await goOnAfter(paths, (journal) => {
    const lines = decodeLines(readFileSync(journal, 'utf8')) as { record: string }[];
    const rest = lines.filter(({ record }) => record !== 'published');
    expect(rest).toHaveLength(lines.length - 1);
    writeFileSync(journal, rest.map(encodeLine).join(''));
  });
  expect(readdirSync(receiver.directory).sort()).toEqual(['f1', 'f2']);
  expect(found(await verify(id, 2))).toEqual([2, 0, 0, 0]);
  expect((await factsOf(id)).filter(({ record }) => record === 'published')).toHaveLength(2);
});

test('a file that was whole and was damaged before it got its name is noted as it came anew', async () => {
  const tree = bench.path('tree');
  for (const n of [1, 2]) putFile(join(tree, `f${n}`), 10 * MIB + n, n);
  const id = await goOnAfter([tree], () => {
    const [staged = ''] = readdirSync(receiver.directory);
    const part = join(receiver.directory, staged, 'f1');
    const content = readFileSync(part);
    content.fill(7, 5, 6);
    writeFileSync(part, content);
  });
  expect(found(await verify(id, 2))).toEqual([2, 0, 0, 0]);
  const first = (await factsOf(id)).filter((fact) => 'index' in fact && fact.index === 1);
  expect(first.map(({ record }) => record)).toEqual(['whole', 'dropped', 'whole']);
});
