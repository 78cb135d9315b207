import { basename, dirname, join, relative, sep } from 'node:path';
import { DroplineError } from '../../../shared/errors.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import { numberedName } from '../../../shared/protocol/wire-path.ts';
import { DiskHasher } from './disk-hasher.ts';
import { diskBelow } from './folder-disk.ts';
import type { JournalContent } from './journal-records.ts';
import { OpenElsewhere, SCANNER_PATIENCE_MS } from './open-elsewhere.ts';
import type { Clock, FileSystem } from './ports.ts';
import { NO_LINKS } from './publish.ts';
import { isSameFile, lookAt, moveToFree } from './replace.ts';
import type { Replacement } from './replacements.ts';
import { replacementsOf } from './replacements.ts';
import { syncNames } from './sync-names.ts';
import { diskError, errnoOf } from './system-errors.ts';
import { isRealDirectory, removeEmptyPlaces } from './undo-place.ts';

/** What was received, and where it is since the old file is back. */
export interface Moved {
  readonly from: string;
  readonly to: string;
}

/** Files whose second names are made durable together. */
const FILES_PER_SYNC = 64;

/** Far beyond any real folder: a loop that ends. */
const MAX_NUMBER = 100_000;

/** What a system answers about a file that is there and may not be read: then it is not known as ours. */
const UNREADABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'ENOENT', 'ELOOP', 'EISDIR']);

/**
 * Puts back what a delivery replaced. Nothing is lost by it, whenever it is cut short: what was received
 * gets the next free number, and where something else is under the name by now the old file does. Doing it
 * again goes on where it was. Answers where what was received is now. Throws NOTHING_TO_UNDO, INTERRUPTED, DISK_FULL, NO_PERMISSION, DISK_ERROR.
 */
export async function undoReplacements(
  disk: FileSystem,
  content: JournalContent,
  isWanted: () => boolean,
  clock?: Pick<Clock, 'after'>,
): Promise<readonly Moved[]> {
  const { directory } = content.header;
  const fs = diskBelow(disk, directory);
  const replacements = [...replacementsOf(fs, content)].reverse();
  const isDone = content.facts.some(({ record }) => record === 'undone');
  if (replacements.length === 0 && !isDone) throw new DroplineError('NOTHING_TO_UNDO');
  const undo = new Undo(fs, content, isWanted, clock);
  try {
    for (const group of groupsOf(replacements)) await undo.putBack(group);
  } catch (error) {
    throw diskError(error, directory);
  }
  removeEmptyPlaces(
    fs,
    directory,
    replacements.map(({ kept }) => kept),
  );
  return undo.moved;
}

/** What was replaced twice comes back step by step. */
function groupsOf(replacements: readonly Replacement[]): readonly (readonly Replacement[])[] {
  const groups: Replacement[][] = [];
  let paths = new Set<string>();
  for (const one of replacements) {
    const last = groups.at(-1);
    if (last && last.length < FILES_PER_SYNC && !paths.has(one.path)) last.push(one);
    else {
      groups.push([one]);
      paths = new Set();
    }
    paths.add(one.path);
  }
  return groups;
}

/** A file that goes back over what was received, which has a second name. */
interface Swap {
  readonly path: string;
  readonly kept: string;
  readonly beside: string;
}

class Undo {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #hasher: DiskHasher;
  readonly #isWanted: () => boolean;
  readonly #elsewhere: OpenElsewhere;
  readonly moved: Moved[] = [];

  constructor(
    fs: FileSystem,
    { header }: JournalContent,
    isWanted: () => boolean,
    clock?: Pick<Clock, 'after'>,
  ) {
    this.#fs = fs;
    this.#directory = header.directory;
    this.#hasher = new DiskHasher(fs, header.hash, isWanted);
    this.#isWanted = isWanted;
    this.#elsewhere = new OpenElsewhere(fs, () => true, clock);
  }

  async putBack(group: readonly Replacement[]): Promise<void> {
    const swaps: Swap[] = [];
    const folders = new Set<string>([this.#directory]);
    for (const one of group) {
      const path = join(this.#folderFor(one.path), basename(one.path));
      folders.add(dirname(path));
      const swap = await this.#outwait(path, async () => {
        const isOurs = await this.#isOurs(path, one.hash);
        if (!this.#isWanted()) throw new DroplineError('INTERRUPTED');
        return this.#begin(path, join(this.#directory, one.kept), isOurs);
      });
      if (swap) swaps.push(swap);
    }
    for (const folder of folders) await syncNames(this.#fs, folder);
    for (const swap of swaps) await this.#outwait(swap.path, () => this.#end(swap));
    for (const folder of folders) await syncNames(this.#fs, folder);
  }

  /** Each step looks at what is there anew, so that it may be done again. */
  #outwait<T>(path: string, step: () => T): Promise<Awaited<T>> {
    return this.#elsewhere.outwait(path, step, SCANNER_PATIENCE_MS);
  }

  /** Where its folder is a link now, or something else, it goes to the destination itself. */
  #folderFor(path: string): string {
    const within = relative(this.#directory, dirname(path)).split(sep);
    let folder = this.#directory;
    for (const name of within) {
      if (name === '') continue;
      if (name === '..') return this.#directory;
      folder = join(folder, name);
      if (lookAt(this.#fs, folder) === null) this.#fs.mkdirSync(folder);
      if (!isRealDirectory(this.#fs, folder)) return this.#directory;
    }
    return folder;
  }

  /** It is still what was received. */
  async #isOurs(path: string, hash: string): Promise<boolean> {
    if (!lookAt(this.#fs, path)?.isFile()) return false;
    try {
      const found = await this.#hasher.read(path, null);
      return found !== null && toHex(found) === hash;
    } catch (error) {
      if (UNREADABLE.has(errnoOf(error))) return false;
      throw error;
    }
  }

  /** What is left to do when the second name is durable; null: nothing. */
  #begin(path: string, kept: string, isOurs: boolean): Swap | null {
    const [now, old] = [lookAt(this.#fs, path), lookAt(this.#fs, kept)];
    if (!old) return null;
    if (isSameFile(now, old)) this.#fs.unlinkSync(kept);
    else if (now === null) moveToFree(this.#fs, kept, path);
    else if (!isOurs) this.#moveBeside(kept, path);
    else if (this.#linkBeside(path)) return { path, kept, beside: this.#besideOf(path, path) };
    else {
      const to = this.#moveBeside(path, path);
      this.moved.push({ from: path, to });
      moveToFree(this.#fs, kept, path);
    }
    return null;
  }

  #end({ path, kept, beside }: Swap): void {
    const isSame = isSameFile(lookAt(this.#fs, path), lookAt(this.#fs, beside));
    if (isSame) {
      this.#fs.renameSync(kept, path);
      this.moved.push({ from: path, to: beside });
    } else this.#moveBeside(kept, path); // somebody was here in between
  }

  /** false: this disk has no links. */
  #linkBeside(path: string): boolean {
    const beside = this.#besideOf(path, path);
    if (lookAt(this.#fs, beside) !== null) return true;
    try {
      this.#fs.linkSync(path, beside);
      return true;
    } catch (error) {
      if (NO_LINKS.has(errnoOf(error))) return false;
      throw error;
    }
  }

  #moveBeside(from: string, path: string): string {
    const beside = this.#besideOf(path, from);
    if (lookAt(this.#fs, beside) === null) moveToFree(this.#fs, from, beside);
    else this.#fs.unlinkSync(from); // it has that name already
    return beside;
  }

  /** The first number beside `path` that is free, or that the file itself has since it was cut short. */
  #besideOf(path: string, file: string): string {
    const own = lookAt(this.#fs, file);
    for (let n = 2; n <= MAX_NUMBER; n++) {
      const beside = join(dirname(path), numberedName(basename(path), n, 'file'));
      const there = lookAt(this.#fs, beside);
      if (there === null || isSameFile(there, own)) return beside;
    }
    throw new DroplineError('DISK_ERROR', { path, reason: 'EEXIST' });
  }
}
