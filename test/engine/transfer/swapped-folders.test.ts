import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalContent } from '../../../electron/engine/transfer/journal-records.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import { readInTurns } from '../../../electron/engine/transfer/read-journal.ts';
import { removeReplaced } from '../../../electron/engine/transfer/replacements.ts';
import { undoReplacements } from '../../../electron/engine/transfer/undo.ts';
import type { ExistingChoice } from '../../../shared/model/plan.ts';
import { Random } from '../../faults/support/random.ts';
import { SimDelivery, deliveriesOn } from '../../faults/support/sim-delivery.ts';
import type { MemoryEntry } from '../../support/memory-tree.ts';
import { TRANSFER_ID, bytesOf } from '../../support/memory-tree.ts';
import type { Swap } from '../../support/swapping-disk.ts';
import { SwappingDisk } from '../../support/swapping-disk.ts';
import { putFile } from '../../support/trees.ts';

/** If these fail, another program on this computer can have us write, replace or remove what is elsewhere. */

const TREE: readonly MemoryEntry[] = [
  { path: ['trip', 'a'], content: bytesOf(300, 1) },
  { path: ['trip', 'sub', 'b'], content: bytesOf(200, 2) },
  { path: ['trip', 'sub', 'deep'], content: null },
  { path: ['note'], content: bytesOf(100, 3) },
];
const NEWER: readonly MemoryEntry[] = TREE.map(({ path, content }) => ({
  path,
  content: content && bytesOf(content.length + 1, 9),
}));

/** Nothing here loses power. */
const quick: FileSystem = {
  ...realFileSystem,
  fsync: ((_fd: number, done: (error: null) => void) => setImmediate(done, null)) as never,
};

interface Place {
  readonly inbox: string;
  readonly home: string;
  readonly forAll?: ExistingChoice;
}

interface Scene {
  readonly name: string;
  /** Before anybody attacks. */
  readonly before: (place: Place) => Promise<void> | void;
  readonly run: (fs: FileSystem, place: Place) => Promise<unknown>;
}

function delivery(fs: FileSystem, { inbox, home, forAll = 'replace' }: Place, tree = TREE) {
  return new SimDelivery(fs, tree, new Random(1), {
    deliveries: deliveriesOn(fs, home),
    directory: inbox,
    existing: { forAll, items: {} },
  });
}

async function deliver(fs: FileSystem, place: Place, tree = TREE): Promise<void> {
  const one = delivery(fs, place, tree);
  await one.takeStock();
  try {
    await one.open();
    await one.stream();
    await one.finish();
  } finally {
    await one.close();
  }
}

async function leaveHalf(place: Place): Promise<void> {
  const one = delivery(quick, place);
  await one.open();
  await one.stream(2);
  await one.close();
}

function putOld({ inbox }: Place): void {
  putFile(join(inbox, 'trip', 'a'), 300, 8);
  putFile(join(inbox, 'trip', 'sub', 'b'), 70, 8);
  putFile(join(inbox, 'note'), 5, 8);
}

async function replaceOld(place: Place): Promise<void> {
  putOld(place);
  await deliver(quick, place);
}

async function receiptOf({ home }: Place): Promise<JournalContent> {
  const receipt = join(home, 'receipts', `${TRANSFER_ID}.jsonl`);
  return (await readInTurns(quick, receipt, () => true))!;
}

const SCENES: readonly Scene[] = [
  { name: 'a new folder comes', before: () => undefined, run: deliver },
  { name: 'a folder goes on', before: leaveHalf, run: deliver },
  {
    name: 'a newer version comes',
    before: leaveHalf,
    run: (fs, place) => deliver(fs, place, NEWER),
  },
  { name: 'files are replaced', before: putOld, run: deliver },
  {
    name: 'a half folder is thrown away',
    before: leaveHalf,
    run: async (fs, place) => {
      const one = delivery(fs, place);
      await one.takeStock();
      await one.goesOn();
      await one.discard();
    },
  },
  {
    name: 'what was replaced comes back',
    before: replaceOld,
    run: async (fs, place) => undoReplacements(fs, await receiptOf(place), () => true),
  },
  {
    name: 'what was replaced is forgotten',
    before: replaceOld,
    run: async (fs, place) => removeReplaced(fs, await receiptOf(place)),
  },
];

let top: string;
let count = 0;
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'dropline-swap-'));
});
afterAll(() => {
  rmSync(top, { recursive: true, force: true });
});

/** Answers how often a directory was gone through, and what harm was done. */
async function play(scene: Scene, swap: Swap | null, real = quick) {
  const folder = join(top, String(count++));
  const place = { inbox: join(folder, 'inbox'), home: join(folder, 'home') };
  for (const path of [folder, place.inbox, place.home]) mkdirSync(path);
  await scene.before(place);
  const disk = new SwappingDisk(place.inbox, join(folder, 'outside'), swap, real);
  const fault: unknown = await scene.run(disk.fs, place).then(
    () => null,
    (error: unknown) => error,
  );
  const { ways, harm, astray } = disk;
  rmSync(folder, { recursive: true, force: true });
  return { ways, harm, astray, fault };
}

/** Every way is attacked once, and some of them in other manners. */
async function* attacks(scene: Scene, real = quick) {
  const { ways, fault } = await play(scene, null, real);
  expect(fault).toBeNull();
  expect(ways).toBeGreaterThan(3);
  for (const aim of ['nearest', 'topmost'] as const) {
    for (const isShort of [false, true]) {
      let most = ways;
      const step = aim === 'nearest' && !isShort ? 1 : 3;
      for (let at = 0; at < most; at += step) {
        const found = await play(scene, { at, aim, isShort }, real);
        most = Math.max(most, found.ways);
        yield { ...found, what: `${aim}${isShort ? ', for a moment' : ''}, at ${at}` };
      }
    }
  }
}

test.runIf(process.platform === 'linux').each(SCENES)(
  'when $name, no swapped directory leads out',
  async (scene) => {
    const harms: string[] = [];
    for await (const { what, harm } of attacks(scene)) if (harm) harms.push(`${what}: ${harm}`);
    expect(harms).toEqual([]);
  },
);

/** A system on which nothing is reached through an open directory. */
const withoutProc: FileSystem = {
  ...quick,
  statSync: ((path: string, ...rest: []) => {
    if (path.startsWith('/proc/')) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return quick.statSync(path, ...rest);
  }) as FileSystem['statSync'],
};

test.each(SCENES)(
  'where nothing can be reached through open directories, when $name, one step goes astray, and what takes it back',
  async (scene) => {
    const harms: string[] = [];
    for await (const { what, harm, astray } of attacks(scene, withoutProc)) {
      if (astray > 2) harms.push(`${what}, ${astray} steps: ${harm ?? ''}`);
    }
    expect(harms).toEqual([]);
  },
);

/** Swaps every hidden folder for a link and back, as fast as it can, until it is told to stop. */
const SWAPPER = `
  const { readdirSync, renameSync, symlinkSync, unlinkSync } = require('node:fs');
  const { workerData: { inbox, outside, shared } } = require('node:worker_threads');
  const state = new Int32Array(shared);
  const tries = (run) => { try { run(); return true; } catch { return false; } };
  while (Atomics.load(state, 0) === 0) {
    for (const name of readdirSync(inbox).filter((name) => name.endsWith('-folder-0.part'))) {
      const path = inbox + '/' + name;
      if (!tries(() => renameSync(path, inbox + '.aside'))) continue;
      if (tries(() => symlinkSync(outside, path))) Atomics.add(state, 1, 1);
      tries(() => unlinkSync(path));
      tries(() => renameSync(inbox + '.aside', path));
    }
  }
`;
const SWAPS = 500;
const MOST_DELIVERIES = 60;

test.runIf(process.platform === 'linux')(
  'another program that swaps folders all the time gets nothing out',
  async () => {
    const folder = join(top, 'race');
    const inbox = join(folder, 'inbox');
    const outside = join(folder, 'outside');
    for (const path of [inbox, join(outside, 'sub')]) mkdirSync(path, { recursive: true });
    const shared = new SharedArrayBuffer(8);
    const state = new Int32Array(shared);
    const swapper = new Worker(SWAPPER, { eval: true, workerData: { inbox, outside, shared } });
    for (let n = 0; n < MOST_DELIVERIES && Atomics.load(state, 1) < SWAPS; n++) {
      const home = join(folder, String(n));
      mkdirSync(home);
      await deliver(quick, { inbox, home, forAll: 'keepBoth' }).catch(() => undefined);
    }
    Atomics.store(state, 0, 1);
    await once(swapper, 'exit');
    expect(Atomics.load(state, 1)).toBeGreaterThan(0);
    expect(readdirSync(outside, { recursive: true })).toEqual(['sub']);
  },
);
