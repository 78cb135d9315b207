import { mkdirSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SLICE_STEPS } from '../../../electron/engine/transfer/preflight.ts';
import type { ExistingChoices } from '../../../shared/model/plan.ts';
import { Ground } from '../../support/engines.ts';
import type { TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile, setTime } from '../../support/trees.ts';

const GIB = 1024 ** 3;

/** If these fail, the plan that a person sees is none, an old one, or that of another folder. */

describe('a receiver that is asked for a plan', () => {
  const bench = new Bench();
  let sender: TestSender;

  beforeAll(async () => {
    sender = await bench.sender();
  });
  afterAll(() => bench.remove());

  async function offered() {
    const receiver = await bench.receiver();
    receiver.accepts = false;
    const album = bench.path('album');
    for (const root of [album, join(receiver.directory, 'album')]) {
      putFile(join(root, 'same.jpg'), 100);
      putFile(join(root, 'other.jpg'), root === album ? 100 : 90);
    }
    putFile(join(album, 'new.jpg'), 50);
    const id = await sender.send([album], receiver.port);
    await receiver.event('offered', id);
    return { receiver, id };
  }

  test('tells what is in that folder, and tells it anew for another one', async () => {
    const { receiver, id } = await offered();
    await receiver.plan(id);
    const first = await receiver.event('planned', id);
    expect(first.plan).toMatchObject({
      directory: receiver.directory,
      files: 3,
      bytes: 250,
      fits: true,
      existing: { count: 1, sameSizeAndTime: 1, sameBytes: 100, differs: 1 },
    });
    const elsewhere = bench.path('elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    await receiver.plan(id, elsewhere);
    const second = await receiver.event('planned', id, 2);
    expect(second.plan).toMatchObject({ directory: elsewhere, existing: { count: 0 } });
    await receiver.accept(id);
    await sender.outcome('delivered', id);
  });

  test('answers only the latest of several questions, and none once the offer is answered', async () => {
    const receiver = await bench.receiver();
    receiver.accepts = false;
    const many = bench.path('many');
    for (let n = 0; n <= SLICE_STEPS; n++) putFile(join(many, String(n)), 0);
    const elsewhere = bench.path('elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    const id = await sender.send([many], receiver.port);
    await receiver.event('offered', id);
    // none of them is through before the next one is asked
    await Promise.all([receiver.plan(id), receiver.plan(id), receiver.plan(id, elsewhere)]);
    const told = receiver.all('planned', id).map(({ plan }) => plan?.directory);
    expect(told).toEqual([elsewhere]);
    await Promise.all([receiver.plan(id), receiver.decline(id)]);
    expect(receiver.all('planned', id)).toHaveLength(1);
  });

  test('says nothing of an offer that is answered', async () => {
    const { receiver, id } = await offered();
    await receiver.accept(id);
    await receiver.plan(id);
    await sender.outcome('delivered', id);
    await receiver.plan(id);
    expect(receiver.all('planned', id)).toEqual([]);
  });

  test('leaves out what the disk cannot hold, before a byte of it is sent, and says so', async () => {
    const free = 5 * GIB;
    const statfsSync = (() => ({ bavail: free, bsize: 1, blocks: free, type: 0x4d44 })) as never;
    const receiver = await bench.receiver({ fs: { statfsSync } });
    receiver.accepts = false;
    const films = bench.path('films');
    // all holes; both together are more than there is room for
    for (const [name, bytes] of [
      ['huge.mov', 4 * GIB],
      ['huger.mov', 6 * GIB],
      ['small.mov', 1000],
    ] as const) {
      truncateSync(putFile(join(films, name), 0), bytes);
    }
    const id = await sender.send([films], receiver.port);
    await receiver.event('offered', id);
    await receiver.plan(id);
    const { plan } = await receiver.event('planned', id);
    expect(plan).toMatchObject({ files: 1, bytes: 1000, fits: true, tooBig: { count: 2 } });
    await receiver.accept(id);
    for (const end of [sender, receiver]) {
      const { files, sentBytes, failed } = await end.outcome('delivered', id);
      expect({ files, sentBytes }).toEqual({ files: 1, sentBytes: 1000 });
      expect(failed.examples).toEqual([
        { path: 'films/huge.mov', code: 'FILE_TOO_BIG' },
        { path: 'films/huger.mov', code: 'FILE_TOO_BIG' },
      ]);
    }
    expect(readdirSync(join(receiver.directory, 'films'))).toEqual(['small.mov']);
  });

  test('has none of a folder that cannot be looked at, and accepting says why', async () => {
    const { receiver, id } = await offered();
    rmSync(receiver.directory, { recursive: true });
    await receiver.plan(id);
    expect((await receiver.event('planned', id)).plan).toBeNull();
    await receiver.accept(id);
    expect((await receiver.outcome('failed', id)).failure.code).toBe('DISK_ERROR');
  });
});

describe('an engine', () => {
  const ground = new Ground();

  afterAll(() => ground.remove());

  test('has a plan for each offer that waits for a person, and for the folder they choose', async () => {
    const [anna, ben] = await Promise.all([
      ground.start('Anna'),
      ground.start('Ben', { accept: 'ask' }),
    ]);
    const path = putFile(ground.path('gift.txt'), 1000);
    putFile(join(ben.directory, 'gift.txt'), 1000);
    const id = await anna.send([path], ben);
    const planIn = (directory: string) =>
      ben.when(({ transfers }) => {
        const found = transfers.find((t) => t.id === id);
        return found?.phase === 'offered' && found.plan?.directory === directory && found.plan;
      });
    const plan = await planIn(ben.directory);
    expect(plan.existing.items).toEqual([
      { name: 'gift.txt', kind: 'file', sameSizeAndTime: 1, sameBytes: 1000, differs: 0 },
    ]);
    const chosen = await ben.engine.nameFolder(ground.path('shelf'));
    const { commands } = ben.engine;
    await commands.plan({ transferId: id, folderId: chosen.folderId });
    expect((await planIn(chosen.path)).existing.count).toBe(0);
    await commands.plan({ transferId: id, folderId: null });
    await planIn(ben.directory);
    // what is set as the usual folder is what the offer goes to now
    const usual = await ben.engine.nameFolder(ground.path('usual'));
    setTime(putFile(join(usual.path, 'gift.txt'), 900), 1);
    await commands.setDirectory({ folderId: usual.folderId });
    expect((await planIn(usual.path)).existing.differs).toBe(1);
    await commands.answer({
      transferId: id,
      accept: true,
      folderId: null,
      existing: { forAll: 'keepBoth', items: { 'gift.txt': 'keepBoth' } },
    });
    await ben.until(id, 'delivered');
  });

  test('writes down what was chosen: in the answer, at its start, or in the settings', async () => {
    const anna = await ground.start('Anna 3');
    const ben = await ground.start('Ben 3', { accept: 'ask', existing: 'replace' });
    const carl = await ground.start('Carl 3', { accept: 'all' });
    await carl.engine.commands.setSettings({ existing: 'skipIdentical' });
    const path = putFile(ground.path('gift.txt'), 1000);
    const receipt = (name: string, id: string): string =>
      readFileSync(ground.path(`${name}-home`, 'receipts', `${id}.jsonl`), 'utf8');
    const accept = async (existing?: ExistingChoices): Promise<string> => {
      const id = await anna.send([path], ben);
      await ben.until(id, 'offered');
      const answer = { transferId: id, accept: true, folderId: null };
      await ben.engine.commands.answer(existing ? { ...answer, existing } : answer);
      await ben.until(id, 'delivered');
      return receipt('Ben 3', id);
    };
    const chosen: ExistingChoices = { forAll: 'keepBoth', items: { 'gift.txt': 'skipIdentical' } };
    expect(await accept(chosen)).toContain(`"existing":${JSON.stringify(chosen)}`);
    expect(await accept()).toContain('"existing":{"forAll":"replace","items":{}}');
    const id = await anna.send([path], carl);
    await carl.until(id, 'delivered');
    expect(receipt('Carl 3', id)).toContain('"existing":{"forAll":"skipIdentical","items":{}}');
  });

  test('makes none where it accepts by itself, nor by the bare exchange', async () => {
    const anna = await ground.start('Anna 2');
    const [asks, accepts] = await Promise.all([
      ground.start('Ben 2', { accept: 'ask', listen: 'plain' }),
      ground.start('Carl', { accept: 'all' }),
    ]);
    const path = putFile(ground.path('gift.txt'), 1000);
    const plans: unknown[] = [];
    for (const { engine } of [asks, accepts]) {
      engine.subscribe(({ transfers }) => {
        for (const t of transfers) if (t.phase === 'offered' && t.plan) plans.push(t.plan);
      });
    }
    await anna.until(await anna.send([path], accepts), 'delivered');
    const plain = await anna.send([path], asks, 'plain');
    const offer = await asks.when(({ transfers }) => transfers.find((t) => t.phase === 'offered'));
    await asks.engine.commands.plan({ transferId: offer.id, folderId: null });
    await asks.accept(offer.id);
    await anna.until(plain, 'delivered');
    expect(plans).toEqual([]);
  });
});
