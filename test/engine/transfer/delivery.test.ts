import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestEngine } from '../../support/engines.ts';
import { Ground, atPort } from '../../support/engines.ts';
import {
  entryAt,
  leftovers,
  makeExecutable,
  putFile,
  readTree,
  setFolderTimes,
  setTime,
} from '../../support/trees.ts';

/** Two whole engines over loopback. */

const isWindows = process.platform === 'win32';
const MIB = 1024 * 1024;
const ground = new Ground();
let anna: TestEngine;
let ben: TestEngine;
let source = '';
let round = 0;

beforeAll(async () => {
  anna = await ground.start('Anna');
  ben = await ground.start('Ben');
});
beforeEach(() => {
  source = ground.path(`source-${round++}`);
  mkdirSync(source);
});
afterEach(() => {
  expect(leftovers(ben.directory)).toEqual([]);
});
afterAll(async () => {
  await ground.stopEngines();
  await ground.remove();
});

async function deliver(paths: readonly string[], from = anna, to = ben) {
  const id = await from.send(paths, to);
  const sent = await from.until(id, 'delivered');
  const received = await to.until(id, 'delivered');
  expect(received.hash).toBe(sent.hash);
  expect(sent.verified && received.verified).toBe(true);
  return { sent, received };
}

test('a tree arrives with its bytes, empty folders, times, programs and odd names', async () => {
  const root = join(source, 'photos & größe');
  mkdirSync(join(root, 'empty', 'deeper'), { recursive: true });
  const sizes = [0, 1, 700, MIB - 1, MIB, MIB + 1, 5 * MIB + 7];
  sizes.forEach((bytes, n) => putFile(join(root, 'sizes', `${bytes}.bin`), bytes, n + 1));
  const odd = [
    'a b',
    '-rf',
    '~',
    '$HOME',
    "it's",
    'naïve.txt',
    '写真.jpg',
    '👩‍👩‍👧.png',
    '.hidden',
    'a..b',
    'x'.repeat(200),
  ];
  odd.forEach((name, n) => putFile(join(root, 'odd', name), n + 1, n));
  makeExecutable(putFile(join(root, 'run.sh'), 10));
  setFolderTimes(root);
  setTime(join(root, 'sizes', '700.bin'), 981_173_106);
  setTime(join(root, 'sizes', '0.bin'), 1_600_000_000.123);
  setTime(join(root, 'run.sh'), 1_700_000_000.123456);
  setTime(join(root, 'odd', 'a b'), 1);
  setTime(join(root, 'empty'), 1_234_567_890.5);
  setTime(join(root, 'odd'), 1_500_000_000.000001);
  setTime(root, 1_400_000_000.999999);
  const { sent, received } = await deliver([root]);
  const arrived = join(ben.directory, 'photos & größe');
  expect(readTree(arrived)).toEqual(readTree(root));
  expect(received.savedAs).toBe(arrived);
  const files = sizes.length + odd.length + 1;
  expect(sent.totals).toMatchObject({ files, directories: 5 });
  expect(received.totals).toMatchObject({ files, bytes: sent.totals.bytes });
  expect(sent.sentBytes).toBe(sent.totals.bytes);
});

test.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB])(
  'a single file of %i bytes arrives',
  async (bytes) => {
    const path = putFile(join(source, `single-${bytes}.bin`), bytes, bytes);
    setTime(path, 1_600_000_000.654321);
    const { received } = await deliver([path]);
    expect(entryAt(join(ben.directory, `single-${bytes}.bin`))).toEqual(entryAt(path));
    expect(received.savedAs).toBe(join(ben.directory, `single-${bytes}.bin`));
  },
);

test('several things go in one transfer, and two of one name are both there', async () => {
  const one = putFile(join(source, 'a', 'notes.txt'), 10, 1);
  const two = putFile(join(source, 'b', 'notes.txt'), 20, 2);
  putFile(join(source, 'album', 'x.jpg'), 30, 3);
  putFile(join(source, 'c', 'album', 'y.jpg'), 40, 4);
  const { sent } = await deliver([one, two, join(source, 'album'), join(source, 'c', 'album')]);
  expect(sent.items).toEqual([
    { name: 'notes.txt', kind: 'file' },
    { name: 'notes (2).txt', kind: 'file' },
    { name: 'album', kind: 'folder' },
    { name: 'album (2)', kind: 'folder' },
  ]);
  expect(entryAt(join(ben.directory, 'notes.txt'))).toEqual(entryAt(one));
  expect(entryAt(join(ben.directory, 'notes (2).txt'))).toEqual(entryAt(two));
  expect(readdirSync(join(ben.directory, 'album'))).toEqual(['x.jpg']);
  expect(readdirSync(join(ben.directory, 'album (2)'))).toEqual(['y.jpg']);
});

test('an empty folder alone arrives', async () => {
  mkdirSync(join(source, 'nothing'));
  setTime(join(source, 'nothing'), 1_000_000_000);
  await deliver([join(source, 'nothing')]);
  expect(readTree(join(ben.directory, 'nothing'))).toEqual(readTree(join(source, 'nothing')));
});

test('a name that exists is never written over: the new one is numbered', async () => {
  const before = putFile(join(ben.directory, 'report.txt'), 5, 9);
  const old = entryAt(before);
  putFile(join(ben.directory, 'report (2).txt'), 6, 9);
  mkdirSync(join(ben.directory, 'trip'));
  putFile(join(source, 'trip', 'a'), 3);
  const file = putFile(join(source, 'report.txt'), 100, 3);
  const { received } = await deliver([file, join(source, 'trip')]);
  expect(entryAt(before)).toEqual(old);
  const names = readdirSync(ben.directory).filter((name) => name.startsWith('report'));
  expect(names).toHaveLength(3);
  const fresh = names.find((name) => !['report.txt', 'report (2).txt'].includes(name))!;
  expect(fresh).toBe('report (3).txt');
  expect(entryAt(join(ben.directory, fresh))).toEqual(entryAt(file));
  expect(readdirSync(join(ben.directory, 'trip'))).toEqual([]);
  expect(readdirSync(join(ben.directory, 'trip (2)'))).toEqual(['a']);
  expect(received.savedAs).toBe(join(ben.directory, fresh));
});

/** What is no file and no folder, by its name; Windows has nothing of the kind. */
function putSpecial(folder: string): string[] {
  if (isWindows) return [];
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  return ['pipe'];
}

test('a link to a file of the selection is followed, every other link is left out and told', async () => {
  const root = join(source, 'linked');
  const secret = putFile(join(source, 'secret.txt'), 50, 7);
  const real = putFile(join(root, 'real.txt'), 60, 8);
  mkdirSync(join(root, 'folder'));
  symlinkSync('real.txt', join(root, 'same.txt'));
  symlinkSync(secret, join(root, 'outside.txt'));
  symlinkSync('folder', join(root, 'to-folder'));
  symlinkSync('nowhere', join(root, 'broken'));
  symlinkSync('round', join(root, 'round'));
  const special = putSpecial(root);
  const { sent, received } = await deliver([root]);
  const arrived = join(ben.directory, 'linked');
  expect(readdirSync(arrived).sort()).toEqual(['folder', 'real.txt', 'same.txt']);
  expect(entryAt(join(arrived, 'same.txt'))).toEqual(entryAt(real));
  expect(sent.leftOut.count).toBe(4 + special.length);
  expect([...sent.leftOut.examples].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: 'linked/broken', code: 'SOURCE_IS_LINK' },
    { path: 'linked/outside.txt', code: 'SOURCE_IS_LINK' },
    ...special.map((name) => ({ path: `linked/${name}`, code: 'SOURCE_IS_SPECIAL' })),
    { path: 'linked/round', code: 'SOURCE_IS_LINK' },
    { path: 'linked/to-folder', code: 'SOURCE_IS_LINK' },
  ]);
  expect(received.leftOut.count).toBe(4 + special.length);
});

test('a link that the person chose by name is what it stands for', async () => {
  const real = putFile(join(source, 'real', 'inside.txt'), 10);
  symlinkSync('real', join(source, 'shortcut'));
  await deliver([join(source, 'shortcut')]);
  expect(entryAt(join(ben.directory, 'shortcut', 'inside.txt'))).toEqual(entryAt(real));
});

test.skipIf(isWindows)(
  'a selection of nothing that can be sent fails before anyone is asked',
  async () => {
    const [pipe = ''] = putSpecial(source);
    const id = await anna.send([join(source, pipe)], ben);
    const failed = await anna.until(id, 'failed');
    expect(failed.failure.code).toBe('NOTHING_TO_SEND');
    expect(ben.transfer(id)).toBeUndefined();
  },
);

test('five transfers run at once, in both directions', async () => {
  const runs = Array.from({ length: 5 }, async (_, n) => {
    const path = putFile(join(source, `at-once-${n}.bin`), 4 * MIB + n, n + 1);
    const [from, to] = n % 2 === 0 ? [anna, ben] : [ben, anna];
    await deliver([path], from, to);
    expect(entryAt(join(to.directory, `at-once-${n}.bin`))).toEqual(entryAt(path));
  });
  await Promise.all(runs);
  expect(leftovers(anna.directory)).toEqual([]);
});

test('many small files arrive, each as it was', async () => {
  const root = join(source, 'many');
  for (let n = 0; n < 400; n++) putFile(join(root, `d${n % 40}`, `f${n}`), n % 900, n + 1);
  setFolderTimes(root);
  await deliver([root]);
  expect(readTree(join(ben.directory, 'many'))).toEqual(readTree(root));
});

test('a file that changes after the scan fails alone, and both sides are told', async () => {
  const asking = await ground.start('Carl', { accept: 'ask' });
  const root = join(source, 'changing');
  putFile(join(root, 'a.txt'), 10, 1);
  putFile(join(root, 'b.txt'), 2 * MIB, 2);
  putFile(join(root, 'c.txt'), 30, 3);
  const id = await anna.send([root], asking);
  await asking.until(id, 'offered');
  writeFileSync(join(root, 'b.txt'), 'something else');
  await asking.accept(id);
  const sent = await anna.until(id, 'delivered');
  const received = await asking.until(id, 'delivered');
  const problem = { path: 'changing/b.txt', code: 'SOURCE_CHANGED' };
  expect(sent.failed).toEqual({ count: 1, examples: [problem] });
  expect(received.failed).toEqual({ count: 1, examples: [problem] });
  expect(readdirSync(join(asking.directory, 'changing')).sort()).toEqual(['a.txt', 'c.txt']);
  expect(received.hash).toBe(sent.hash);
});

test('a file that is gone after the scan fails alone, and its transfer says so', async () => {
  const asking = await ground.start('Dora', { accept: 'ask' });
  const path = putFile(join(source, 'gone.txt'), 10);
  const id = await anna.send([path], asking);
  await asking.until(id, 'offered');
  rmSync(path);
  await asking.accept(id);
  const sent = await anna.until(id, 'delivered');
  expect(sent.failed.examples).toEqual([{ path: 'gone.txt', code: 'SOURCE_CHANGED' }]);
  expect(sent.totals.files).toBe(0);
  expect(readdirSync(asking.directory)).toEqual([]);
});

test('a time that cannot be, before 1970, costs nobody the file', async () => {
  const path = putFile(join(source, 'old.txt'), 10);
  utimesSync(path, -1000, -1000);
  await deliver([path]);
  expect(entryAt(join(ben.directory, 'old.txt')).hash).toBe(entryAt(path).hash);
});

// who may read is no matter of modes there
test.skipIf(isWindows)(
  'what may not be read is left out where the system keeps it from us',
  async () => {
    const path = putFile(join(source, 'locked', 'a.txt'), 10);
    putFile(join(source, 'locked', 'b.txt'), 10);
    chmodSync(path, 0);
    const { sent } = await deliver([join(source, 'locked')]);
    const readable = process.getuid?.() === 0; // root may read everything
    expect(sent.failed.count).toBe(readable ? 0 : 1);
    expect(readdirSync(join(ben.directory, 'locked'))).toContain('b.txt');
  },
);

test('a device that is listed with another identity gets no byte', async () => {
  const path = putFile(join(source, 'private.txt'), 10);
  const carl = await ground.start('Emil');
  const id = await anna.send([path], atPort(ben.port, carl.id));
  const failed = await anna.until(id, 'failed');
  expect(failed.failure.code).toBe('IDENTITY_MISMATCH');
  expect(ben.transfer(id)).toBeUndefined();
});

test('an engine does not send to itself', async () => {
  const path = putFile(join(source, 'mine.txt'), 10);
  const id = await anna.send([path], anna);
  expect((await anna.until(id, 'failed')).failure.code).toBe('PEER_IS_SELF');
  expect(readdirSync(anna.directory)).not.toContain('mine.txt');
});

test('the same selection can be sent again, and arrives beside the first', async () => {
  const path = putFile(join(source, 'twice.txt'), 10);
  const { sent } = await deliver([path]);
  const { transferId } = await anna.engine.commands.retry({ transferId: sent.id });
  await anna.until(transferId, 'delivered');
  const again = entryAt(join(ben.directory, 'twice (2).txt'));
  expect(again).toEqual(entryAt(path));
  expect(anna.transfer(sent.id)).toBeUndefined();
});
