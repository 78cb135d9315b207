import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { Item, Problem } from '../../../shared/model/transfer.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import { EntryList } from '../../../shared/protocol/entry-list.ts';
import { MAX_ENTRIES } from '../../../shared/protocol/limits.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { sortSteps } from '../../../shared/protocol/steps.ts';
import { numberedName, planPath } from '../../../shared/protocol/wire-path.ts';
import { CheckedWays } from './checked-ways.ts';
import { InodeList } from './inode-list.ts';
import { namesIn } from './list-names.ts';
import type { FileSystem } from './ports.ts';
import type { DiskSelection } from './source.ts';
import { modifiedUsOf } from './source.ts';
import { pathError } from './system-errors.ts';
import { inTurns } from './turns.ts';

/** How many entries are looked at before other transfers of this thread get their turn. */
const ENTRIES_PER_TURN = 500;

export interface Scan extends DiskSelection {
  readonly items: readonly Item[];
  readonly leftOut: { readonly count: number; readonly examples: readonly Problem[] };
}

/**
 * Lists what a person chose. A path given by name is followed if it is a link; inside a folder a link is
 * followed only to a file of the same folder, so nothing outside the selection is ever sent.
 * Throws PATH_NOT_FOUND, NO_PERMISSION, NOTHING_TO_SEND, TOO_MANY_FILES.
 */
export async function scan(
  fs: FileSystem,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Scan> {
  const walk = new Walk(fs, signal);
  for (const path of paths) await walk.addTop(resolve(path));
  return walk.found;
}

export class Walk {
  readonly entries = new EntryList();
  readonly inodes = new InodeList();
  readonly roots = new Map<string, string>();
  readonly linkTargets = new Map<number, string>();
  readonly items: Item[] = [];
  readonly leftOut: Problem[] = [];
  leftOutCount = 0;
  readonly #fs: FileSystem;
  readonly #signal: AbortSignal;
  #realRoot = '';

  constructor(fs: FileSystem, signal: AbortSignal) {
    this.#fs = fs;
    this.#signal = signal;
  }

  get found(): Scan {
    const { entries, inodes, roots, linkTargets, items } = this;
    if (entries.length === 0) throw new DroplineError('NOTHING_TO_SEND');
    const leftOut = { count: this.leftOutCount, examples: this.leftOut };
    return { entries, inodes, roots, linkTargets, items, leftOut };
  }

  async addTop(given: string): Promise<void> {
    let real: string;
    let stat: BigIntStats;
    try {
      real = this.#fs.realpathSync(given);
      stat = this.#fs.statSync(real, { bigint: true });
      this.#fs.accessSync(real, constants.R_OK);
    } catch (error) {
      throw pathError(error, given);
    }
    const kind = stat.isDirectory() ? 'folder' : 'file';
    const name = this.#freeName(basename(given) || 'files', kind);
    if (!stat.isDirectory() && !stat.isFile()) {
      this.#leave([name], 'SOURCE_IS_SPECIAL');
      return;
    }
    this.roots.set(name, real);
    this.#realRoot = insideOf(real);
    const before = this.entries.length;
    if (stat.isFile()) this.#addFile([name], stat);
    else await this.#addDirectory([name], real, stat);
    if (this.entries.length > before) this.items.push({ name, kind });
  }

  /** Two chosen things of one name would collide on the way: the second is numbered here. */
  #freeName(name: string, kind: 'file' | 'folder'): string {
    let free = name;
    for (let n = 2; this.roots.has(free); n++) {
      free = numberedName(name, n, kind === 'file' ? 'file' : 'directory');
    }
    return free;
  }

  async #addDirectory(path: readonly string[], absolute: string, stat: BigIntStats): Promise<void> {
    let names: string[];
    try {
      names = await inTurns(namesIn(this.#fs, absolute));
    } catch {
      this.#leave(path, 'SOURCE_UNREADABLE');
      return;
    }
    const before = this.entries.length;
    const modifiedUs = modifiedUsOf(stat);
    if (!this.#add({ kind: 'directory', path, modifiedUs }, stat)) return;
    // in an order of its own, so that the same folder is the same list when it is sent again
    for (const name of await inTurns(sortSteps(names, (a, b) => (a < b ? -1 : 1)))) {
      if (this.#isTurnOver) await this.#nextTurn();
      const folder = this.#addChild([...path, name], join(absolute, name));
      if (folder) await folder;
    }
    if (!this.#isStill(absolute, stat)) this.#takeBack(path, before);
  }

  /**
   * One file of what was chosen once, as it is now, or one folder without what is in it: `real` is where its
   * top name was then.
   */
  async addOne(path: readonly string[], kind: Entry['kind'], real: string): Promise<void> {
    if (this.#isTurnOver) await this.#nextTurn();
    const [name = '', ...rest] = path;
    this.roots.set(name, real);
    this.#realRoot = insideOf(real);
    const absolute = join(real, ...rest);
    let stat: BigIntStats;
    try {
      // the folders on the way must be folders, before and after
      const ways = new CheckedWays(this.#fs, dirname(real));
      stat = ways.reach(absolute, (reached) => this.#fs.lstatSync(reached, { bigint: true }));
    } catch (error) {
      this.#leave(path, pathError(error, absolute).code);
      return;
    }
    const before = this.entries.length;
    if (kind === 'directory' && stat.isDirectory()) {
      this.#add({ kind, path, modifiedUs: modifiedUsOf(stat) }, stat);
    } else if (kind === 'file' && stat.isFile()) this.#addFile(path, stat);
    else if (kind === 'file' && stat.isSymbolicLink() && rest.length > 0)
      this.#addLink(path, absolute);
    else this.#leave(path, 'SOURCE_CHANGED');
    if (this.entries.length > before && this.items.at(-1)?.name !== name) {
      const isFolder = rest.length > 0 || kind === 'directory';
      this.items.push({ name, kind: isFolder ? 'folder' : 'file' });
    }
  }

  /** Whoever may write here can put a link in a folder's place: what was seen through it is not sent. */
  #isStill(absolute: string, { ino, dev }: BigIntStats): boolean {
    try {
      const now = this.#fs.lstatSync(absolute, { bigint: true });
      return now.isDirectory() && now.ino === ino && now.dev === dev;
    } catch {
      return false;
    }
  }

  #takeBack(path: readonly string[], length: number): void {
    for (let index = length; index < this.entries.length; index++) this.linkTargets.delete(index);
    this.entries.cutTo(length);
    this.inodes.cutTo(length);
    this.#leave(path, 'SOURCE_CHANGED');
  }

  get #isTurnOver(): boolean {
    return (this.entries.length + this.leftOutCount) % ENTRIES_PER_TURN === 0;
  }

  async #nextTurn(): Promise<void> {
    await setImmediate();
    if (this.#signal.aborted) throw new DroplineError('CANCELLED');
  }

  /** Answers what there is to wait for: a folder. */
  #addChild(path: readonly string[], absolute: string): Promise<void> | null {
    let stat: BigIntStats;
    try {
      stat = this.#fs.lstatSync(absolute, { bigint: true });
    } catch {
      this.#leave(path, 'SOURCE_UNREADABLE');
      return null;
    }
    if (stat.isDirectory()) return this.#addDirectory(path, absolute, stat);
    if (stat.isFile()) this.#addFile(path, stat);
    else if (stat.isSymbolicLink()) this.#addLink(path, absolute);
    else this.#leave(path, 'SOURCE_IS_SPECIAL');
    return null;
  }

  #addLink(path: readonly string[], absolute: string): void {
    try {
      const real = this.#fs.realpathSync(absolute);
      const stat = this.#fs.lstatSync(real, { bigint: true });
      if (real.startsWith(this.#realRoot) && stat.isFile()) {
        if (this.#addFile(path, stat)) this.linkTargets.set(this.entries.length - 1, real);
        return;
      }
    } catch {
      // a link that leads nowhere is left out like one that leads outside
    }
    this.#leave(path, 'SOURCE_IS_LINK');
  }

  #addFile(path: readonly string[], stat: BigIntStats): boolean {
    const executable = (stat.mode & 0o111n) !== 0n;
    const modifiedUs = modifiedUsOf(stat);
    const file = { kind: 'file', path, bytes: Number(stat.size), modifiedUs } as const;
    return this.#add({ ...file, ...(executable && { executable }) }, stat);
  }

  /** A name that no receiver would take is left out here, so that it does not cost the whole offer. */
  #add(entry: Entry, { ino }: BigIntStats): boolean {
    if (!planPath(entry.path, 'linux').ok) {
      this.#leave(entry.path, 'NAME_REFUSED');
      return false;
    }
    if (this.entries.length >= MAX_ENTRIES) {
      throw new DroplineError('TOO_MANY_FILES', { limit: MAX_ENTRIES });
    }
    this.entries.add(entry);
    this.inodes.add(ino);
    return true;
  }

  #leave(path: readonly string[], code: ErrorCode): void {
    this.leftOutCount++;
    if (this.leftOut.length < MAX_PROBLEM_EXAMPLES) {
      this.leftOut.push({ path: path.join('/'), code });
    }
  }
}

/** What the paths of all that is in a folder begin with: that of a whole drive ends so already. */
function insideOf(real: string): string {
  return real.endsWith(sep) ? real : real + sep;
}
