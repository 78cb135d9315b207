import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { Check, DoneCheck } from '../../shared/model/check.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import type { TestEngine } from '../support/engines.ts';
import { Ground, atPort } from '../support/engines.ts';
import { putFile } from '../support/trees.ts';

/**
 * Verifying again, asked of whole engines. If these fail, a person asks whether their files are still what
 * arrived and gets no answer, a wrong one, or loses it at the next start.
 */

const MIB = 1024 * 1024;
const ground = new Ground();
const everything = { text: '', direction: 'all', from: 0, count: 100 } as const;
let round = 0;
let anna: TestEngine;
let ben: TestEngine;

const startBen = () => ground.start(`Ben ${round}`);
beforeEach(async () => {
  round++;
  [anna, ben] = await Promise.all([ground.start(`Anna ${round}`), startBen()]);
});
afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

async function deliver(name: string, bytes = 500): Promise<TransferId> {
  const id = await anna.send([putFile(ground.path(`source-${round}`, name), bytes)], ben);
  await Promise.all([anna.until(id, 'delivered'), ben.until(id, 'delivered')]);
  return id;
}

function checkOf(engine: TestEngine, transferId: TransferId): Check | null {
  const transfer = engine.transfer(transferId);
  if (transfer?.phase !== 'delivered') throw new Error('it is not among those delivered');
  return transfer.check;
}

/** Resolves with what came out. */
async function verify(engine: TestEngine, transferId: TransferId): Promise<Check | null> {
  await engine.engine.commands.verify({ transferId });
  await engine.when(() => checkOf(engine, transferId)?.state !== 'running');
  return checkOf(engine, transferId);
}

const intact = { state: 'done', files: 1, intact: 1 } as const;
const noReceipt = { code: 'NO_RECEIPT' };

test('what came out stands at the transfer, and is known after a restart and to the history', async () => {
  const transferId = await deliver('letter.txt');
  expect(ben.transfer(transferId)).toMatchObject({ hasReceipt: true, check: null });
  const before = Date.now();
  const check = (await verify(ben, transferId)) as DoneCheck;
  expect(check).toMatchObject(intact);
  expect(check.finishedAtMs).toBeGreaterThanOrEqual(before);
  const again = await deliver('later.txt');
  await ben.engine.stop();
  ben = await startBen();
  const { transfers } = ben.engine.snapshot();
  expect(transfers.map(({ id }) => id)).toEqual([again, transferId]);
  expect(transfers[1]).toMatchObject({ hasReceipt: true, check });
  const past = await ben.engine.commands.searchHistory(everything);
  expect(past.transfers.map(({ id }) => id)).toEqual([again, transferId]);
  expect(past.transfers[1]).toMatchObject({ hasReceipt: true, check });
  expect(past.total).toBe(2);
});

test('what was changed since, and what is gone, is named', async () => {
  const transferId = await deliver('letter.txt');
  const path = join(ben.directory, 'letter.txt');
  writeFileSync(path, 'something else');
  expect(await verify(ben, transferId)).toMatchObject({
    intact: 0,
    changed: { count: 1, examples: [{ path: 'letter.txt', code: 'FILE_CHANGED_SINCE' }] },
  });
  renameSync(path, ground.path('moved'));
  expect(await verify(ben, transferId)).toMatchObject({
    changed: { count: 0 },
    missing: { count: 1, examples: [{ path: 'letter.txt', code: 'FILE_GONE_SINCE' }] },
  });
});

test('what is off the list is on it again while it is verified', async () => {
  const transferId = await deliver('letter.txt');
  await ben.engine.commands.dismiss({ transferId });
  expect(await verify(ben, transferId)).toMatchObject(intact);
  expect(ben.engine.snapshot().transfers).toHaveLength(1);
});

test('an engine without a port verifies too, beside one that has it', async () => {
  const transferId = await deliver('letter.txt');
  const beside = await ground.start(`Ben ${round}`, { listen: 'none' });
  expect(await verify(beside, transferId)).toMatchObject(intact);
  // written down by the other engine, after it was shown there
  const inHistory = async () => (await ben.engine.commands.searchHistory(everything)).transfers;
  await expect.poll(inHistory, { timeout: 20_000 }).toMatchObject([{ check: intact }]);
});

test('stopped, it is as if it had never been asked for, and the last answer stands', async () => {
  const transferId = await deliver('film.mp4', 40 * MIB);
  const { commands } = ben.engine;
  await commands.verify({ transferId });
  expect(checkOf(ben, transferId)).toMatchObject({ state: 'running', last: null });
  await commands.stopVerify({ transferId });
  await ben.when(() => checkOf(ben, transferId) === null);
  const first = await verify(ben, transferId);
  expect(first).toMatchObject(intact);
  await commands.verify({ transferId });
  expect(checkOf(ben, transferId)).toMatchObject({ state: 'running', last: first });
  await commands.verify({ transferId });
  await commands.stopVerify({ transferId });
  await ben.when(() => checkOf(ben, transferId)?.state === 'done');
  expect(checkOf(ben, transferId)).toEqual(first);
});

test('dismissing it, clearing the history and stopping the engine end it, and nothing is remembered', async () => {
  const transferId = await deliver('film.mp4', 20 * MIB);
  await ben.engine.commands.verify({ transferId });
  await ben.engine.commands.dismiss({ transferId });
  const small = await deliver('small.txt');
  expect(await verify(ben, small)).toMatchObject(intact);
  await ben.engine.commands.verify({ transferId });
  await ben.engine.commands.clearHistory({});
  const last = await deliver('last.txt');
  expect(await verify(ben, last)).toMatchObject(intact);
  await ben.engine.commands.verify({ transferId: last });
  await ben.engine.stop();
  const history = readFileSync(join(ground.path(`Ben ${round}-home`), 'history.jsonl'), 'utf8');
  expect(history).not.toContain(transferId);
  expect(history).not.toContain(small);
});

test('what was sent, and what came by the bare exchange, cannot be verified again', async () => {
  const transferId = await deliver('letter.txt');
  expect(anna.transfer(transferId)).toMatchObject({ hasReceipt: false });
  await expect(anna.engine.commands.verify({ transferId })).rejects.toMatchObject(noReceipt);
  const plain = await ground.start(`Plain ${round}`, { listen: 'plain' });
  await anna.send([putFile(ground.path('bare.txt'), 50)], atPort(plain.port), 'plain');
  const bare = await plain.when(({ transfers }) =>
    transfers.find(({ phase }) => phase === 'delivered'),
  );
  expect(bare).toMatchObject({ hasReceipt: false });
  const asked = plain.engine.commands.verify({ transferId: bare.id });
  await expect(asked).rejects.toMatchObject(noReceipt);
});

test('what has lost its receipt, or is unknown, is refused, and offered no more after a restart', async () => {
  const transferId = await deliver('letter.txt');
  const receipts = ground.path(`Ben ${round}-home`, 'receipts');
  expect(readdirSync(receipts)).toEqual([`${transferId}.jsonl`]);
  rmSync(receipts, { recursive: true });
  expect(await verify(ben, transferId)).toMatchObject({ state: 'failed', failure: noReceipt });
  expect(ben.transfer(transferId)).toMatchObject({ hasReceipt: false });
  const { transfers } = await ben.engine.commands.searchHistory(everything);
  expect(transfers).toMatchObject([{ hasReceipt: false }]);
  await expect(ben.engine.commands.verify({ transferId })).rejects.toMatchObject(noReceipt);
  const unknown = ben.engine.commands.verify({ transferId: '0'.repeat(32) as TransferId });
  await expect(unknown).rejects.toMatchObject({ code: 'SELECTION_GONE' });
  await ben.engine.stop();
  ben = await startBen();
  expect(ben.transfer(transferId)).toMatchObject({ hasReceipt: false });
});

test('where the thread dies of it, that is said, and the next time gets a new thread', async () => {
  const transferId = await deliver('letter.txt');
  await ben.engine.stop();
  const folder = ground.path(`workers-${round}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'receive-worker.js'),
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ kind }) => { if (kind === 'verify') throw new Error('died of it'); });`,
  );
  const workers = pathToFileURL(`${folder}/`);
  const carl = await ground.start(`Ben ${round}`, { workers, listen: 'none' });
  const why = { code: 'INTERNAL', details: { reason: 'died of it' } };
  for (const notices of [1, 2]) {
    expect(await verify(carl, transferId)).toEqual({ state: 'failed', failure: why, last: null });
    expect(carl.engine.snapshot().notices).toHaveLength(notices);
  }
});
