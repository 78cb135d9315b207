import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryEntry } from '../support/memory-tree.ts';
import { bytesOf } from '../support/memory-tree.ts';
import type { Choice } from '../../shared/model/choice.ts';
import { EVERYTHING } from '../../shared/model/choice.ts';
import type { CrashState } from './support/crash-states.ts';
import { someStates } from './support/crash-states.ts';
import { pathsIn } from './support/disk-log.ts';
import { materialise } from './support/materialise.ts';
import type { Trial } from './support/matrix.ts';
import { promise } from './support/matrix.ts';
import type { Expected } from './support/oracle.ts';
import { mustBeRight, versionOf } from './support/oracle.ts';
import { Random } from './support/random.ts';
import { HOME, INBOX, SimDelivery } from './support/sim-delivery.ts';
import { SimDisk } from './support/sim-disk.ts';

/**
 * If this fails, the light goes out, and afterwards a photograph is there under its name, of the right
 * size, full of zeros. Or the sender was told "delivered", deleted it, and it is nowhere.
 */

const KIB = 1024;
const STATES_A_DELIVERY = 40;
const DELIVERED = 'delivered';

function randomTree(random: Random): MemoryEntry[] {
  const file = (path: string[], most: number): MemoryEntry => ({
    path,
    content: bytesOf(random.chance(0.15) ? 0 : random.int(1, most), random.int(1, 1_000_000)),
  });
  const tree: MemoryEntry[] = [];
  const singles = random.int(0, 2);
  for (let n = 0; n < singles; n++) tree.push(file([`file ${n}.bin`], 300 * KIB));
  if (random.chance(0.1)) tree.push(file(['large.bin'], 2100 * KIB));
  if (tree.length === 0 || random.chance(0.6)) {
    tree.push({ path: ['trip'], content: null });
    if (random.chance(0.5)) tree.push({ path: ['trip', 'sub'], content: null });
    const below = tree.at(-1)?.path ?? [];
    const inside = random.int(1, 4);
    for (let n = 0; n < inside; n++) tree.push(file([...below, `f${n}`], 60 * KIB));
  }
  return tree;
}

function expectedOf(
  tree: readonly MemoryEntry[],
): Required<Pick<Expected, 'versions' | 'directories' | 'whole' | 'must'>> {
  const files = tree.filter(({ content }) => content !== null);
  const versions = Object.fromEntries(
    files.map(({ path, content }) => [path.join('/'), [versionOf(content ?? new Uint8Array(0))]]),
  );
  const directories = tree.filter((e) => e.content === null).map(({ path }) => path.join('/'));
  const inTrip = tree.filter(({ path }) => path[0] === 'trip' && path.length > 1);
  const members = inTrip.map(({ path }) => path.join('/'));
  const whole = members.length > 0 ? { trip: members } : {};
  return { versions, directories, whole, must: tree.map(({ path }) => path.join('/')) };
}

interface Wanted {
  readonly choice: Choice;
  /** What the choice leaves. */
  readonly tree: readonly MemoryEntry[];
}

/** Now and then one thing of it is not wanted, with all that is in it. */
function wantedOf(tree: readonly MemoryEntry[], random: Random): Wanted {
  const all = { choice: EVERYTHING, tree };
  const off = random.chance(0.4) ? random.pick(tree).path : null;
  if (off === null) return all;
  const isIn = (path: readonly string[], place: readonly string[]): boolean =>
    place.every((name, at) => path[at] === name);
  const left = tree.filter(({ path }) => !isIn(path, off));
  const holds = ({ path }: MemoryEntry, list: readonly MemoryEntry[]): boolean =>
    list.some((other) => other.path.length > path.length && isIn(other.path, path));
  const files = left.filter(({ content }) => content !== null);
  const some = left.filter((e) => e.content !== null || holds(e, files) || !holds(e, tree));
  return some.length === 0 ? all : { choice: [{ path: off, wanted: false }], tree: some };
}

/** A whole delivery, with a cut wire now and then, and the log of the disk under it. */
async function record(
  tree: readonly MemoryEntry[],
  choice: Choice,
  random: Random,
): Promise<SimDisk> {
  const blank = new SimDisk();
  blank.fs.mkdirSync(HOME);
  blank.fs.mkdirSync(INBOX);
  const later = new Random(random.int(0, 1_000_000));
  const disk = new SimDisk(blank.image, (run) => wait(later.int(-1, 3), run));
  const delivery = new SimDelivery(disk.fs, tree, random, { choice });
  await delivery.open();
  if (random.chance(0.4)) {
    await delivery.stream(random.int(0, tree.length));
    await delivery.cut();
  }
  await delivery.stream();
  await delivery.finish();
  disk.note(DELIVERED);
  await delivery.close();
  if (disk.openCount > 0) throw new Error(`${disk.openCount} descriptors are still open`);
  return disk;
}

/** Less than none: within the turn, as on a disk that is quick. */
function wait(turns: number, run: () => void): void {
  if (turns < 0) run();
  else if (turns === 0) setImmediate(run);
  else setImmediate(() => wait(turns - 1, run));
}

/** What a person finds after the cut, and what becomes of it when the same thing is sent again. */
async function check(
  state: CrashState,
  tree: readonly MemoryEntry[],
  wanted: Wanted,
  trial: Trial,
  target: string,
): Promise<void> {
  const { choice } = wanted;
  const expected = expectedOf(wanted.tree);
  const { must, ...may } = expected;
  const isDelivered = state.told.includes(DELIVERED);
  const found = join(target, 'found');
  materialise(state.image, INBOX, found);
  const now = isDelivered ? { ...may, must } : { ...may, leftovers: true };
  await mustBeRight(found, now);

  const disk = new SimDisk(state.image);
  const again = new SimDelivery(disk.fs, tree, new Random(trial.turn), { choice });
  await again.takeStock();
  await again.open();
  await again.stream();
  await again.finish();
  await again.close();
  const after = join(target, 'after');
  materialise(disk.image, INBOX, after);
  await mustBeRight(after, expected);
  const inHome = [...pathsIn(disk.image).keys()].filter((path) => path.startsWith(`${HOME}/`));
  const journals = inHome.filter((path) => /[/]journal[/].*[.]jsonl$/.test(path));
  if (journals.length > 0) throw new Error(`journals are left: ${journals.join()}`);
}

promise({
  id: 'F03',
  onlyOn: 'linux', // the simulated disk is one of POSIX
  says: 'when the power goes, no final name has wrong bytes, and what was delivered is there',
  quick: 5 * STATES_A_DELIVERY,
  full: 2_000,
  run: async (random, trial) => {
    const tree = randomTree(random);
    const wanted = wantedOf(tree, random);
    const disk = await record(tree, wanted.choice, random);
    const wrong: string[] = [];
    for (const state of someStates(disk.start, disk.log, random, STATES_A_DELIVERY)) {
      const folder = trial.path('disk');
      try {
        await check(state, tree, wanted, trial, folder);
      } catch (error) {
        wrong.push(`${state.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      rmSync(folder, { recursive: true });
    }
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
    return STATES_A_DELIVERY;
  },
});
