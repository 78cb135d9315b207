import type { DiskImage, Inode, Op } from './disk-log.ts';
import { copyImage, copyInode } from './disk-log.ts';
import type { Random } from './random.ts';
import { writeInto } from './sim-disk.ts';

/**
 * What a disk may hold after the power went: whatever was synced, and of everything else any part, in any
 * order. POSIX promises no more: fsync of a file covers its bytes and its size but not its name, fsync of
 * a directory the names in it; a rename or a link is there or is not. Weak file systems do just that
 * (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).
 */
export interface CrashState {
  readonly image: DiskImage;
  /** What the world had been told. */
  readonly told: readonly string[];
  /** To find it again. */
  readonly name: string;
}

const PAGE_BYTES = 4096;
const SECTOR_BYTES = 512;
/** What a file is as long as, where its bytes did not make it: zeros, or what lay there before. */
const JUNK = 0xa5;

/** Of everything that was not synced, this much made it. */
interface Luck {
  readonly name: string;
  bytes(): boolean;
  sizes(): boolean;
  names(): boolean;
  /** How many of a page's sectors were written when it is torn; null: all of them. */
  tornAt(): number | null;
  junk(): boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const whole = (): null => null;

const ORDERED: readonly Luck[] = [
  { name: 'all', bytes: always, sizes: always, names: always, tornAt: whole, junk: never },
  { name: 'nothing', bytes: never, sizes: never, names: never, tornAt: whole, junk: never },
  // allocation is put off: names and sizes are there long before the bytes
  { name: 'names first', bytes: never, sizes: never, names: always, tornAt: whole, junk: never },
  { name: 'sizes first', bytes: never, sizes: always, names: always, tornAt: whole, junk: always },
  { name: 'bytes first', bytes: always, sizes: always, names: never, tornAt: whole, junk: never },
];

function luckOf(random: Random): Luck {
  const [bytes, sizes, names] = [0, 0, 0].map(() => random.pick([0.1, 0.5, 0.9])) as [
    number,
    number,
    number,
  ];
  const torn = random.pick([0, 0.2]);
  return {
    name: 'random',
    bytes: () => random.chance(bytes),
    sizes: () => random.chance(sizes),
    names: () => random.chance(names),
    tornAt: () => (random.chance(torn) ? random.int(0, PAGE_BYTES / SECTOR_BYTES - 1) : null),
    junk: () => random.chance(0.5),
  };
}

/** Every prefix of the log, in each of the usual orders. */
export function* everyPrefix(start: DiskImage, log: readonly Op[]): Generator<CrashState> {
  for (let length = 0; length <= log.length; length++) {
    for (const luck of ORDERED) yield stateOf(start, log, length, luck);
  }
}

/** Some prefixes at random, each with its own parts missing. */
export function* someStates(
  start: DiskImage,
  log: readonly Op[],
  random: Random,
  count: number,
): Generator<CrashState> {
  for (let n = 0; n < count; n++) {
    const luck = random.chance(0.5) ? random.pick(ORDERED) : luckOf(random);
    yield stateOf(start, log, random.int(0, log.length), luck);
  }
}

function stateOf(start: DiskImage, log: readonly Op[], length: number, luck: Luck): CrashState {
  const image = copyImage(start);
  const durable = durableBefore(log, length);
  const told: string[] = [];
  for (let at = 0; at < length; at++) {
    const op = log[at] as Op;
    if (op.kind === 'note') told.push(op.text);
    else apply(image, op, durable(op, at), luck);
  }
  return { image, told, name: `${luck.name}, after ${length} of ${log.length}` };
}

/** Whether a sync that ended before the cut covers an operation. */
function durableBefore(log: readonly Op[], length: number): (op: Op, at: number) => boolean {
  const syncedUpTo = new Map<number, number>();
  for (let at = 0; at < length; at++) {
    const op = log[at] as Op;
    if (op.kind !== 'sync') continue;
    syncedUpTo.set(op.ino, Math.max(op.upTo, syncedUpTo.get(op.ino) ?? 0));
  }
  const covers = (ino: number, at: number): boolean => at < (syncedUpTo.get(ino) ?? 0);
  return (op, at) => {
    if (op.kind === 'names') return op.changes.some(({ dir }) => covers(dir, at));
    return op.kind === 'write' || op.kind === 'size' ? covers(op.ino, at) : true;
  };
}

function apply(image: DiskImage, op: Op, durable: boolean, luck: Luck): void {
  switch (op.kind) {
    case 'made':
      image.set(op.ino, copyInode(op.inode));
      break;
    case 'write':
      write(inodeOf(image, op.ino), op, durable, luck);
      break;
    case 'size':
      if (durable || luck.sizes()) resize(inodeOf(image, op.ino), op.size);
      break;
    case 'names':
      if (durable || luck.names()) rename(image, op.changes);
      break;
    default:
      break;
  }
}

function inodeOf(image: DiskImage, ino: number): Inode {
  const inode = image.get(ino);
  if (inode === undefined) throw new Error(`no inode ${ino}`);
  return inode;
}

function resize(inode: Inode, size: number): void {
  if (size < inode.size) inode.data.fill(0, size);
  inode.size = size;
}

function rename(image: DiskImage, changes: (Op & { kind: 'names' })['changes']): void {
  for (const { dir, name, ino, was } of changes) {
    const { entries } = inodeOf(image, dir);
    if (ino !== null) entries.set(name, ino);
    else if (entries.get(name) === was) entries.delete(name);
  }
}

function write(
  inode: Inode,
  op: Op & { readonly kind: 'write' },
  durable: boolean,
  luck: Luck,
): void {
  const end = op.at + op.bytes.length;
  if (durable) {
    writeInto(inode, op.at, op.bytes);
    inode.size = Math.max(inode.size, end);
    return;
  }
  const junk = luck.junk();
  for (let at = op.at; at < end;) {
    const pageEnd = Math.min(end, (Math.floor(at / PAGE_BYTES) + 1) * PAGE_BYTES);
    const page = op.bytes.subarray(at - op.at, pageEnd - op.at);
    if (luck.bytes()) {
      const sectors = luck.tornAt();
      writeInto(inode, at, sectors === null ? page : page.subarray(0, sectors * SECTOR_BYTES));
    } else if (junk && pageEnd > inode.size) {
      const from = Math.max(at, inode.size);
      writeInto(inode, from, new Uint8Array(pageEnd - from).fill(JUNK));
    }
    at = pageEnd;
  }
  if (luck.sizes()) inode.size = Math.max(inode.size, end);
}
