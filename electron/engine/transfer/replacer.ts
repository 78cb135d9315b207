import { join } from 'node:path';
import { DroplineError } from '../../../shared/errors.ts';
import { stampOf } from './merge-plan.ts';
import type { Going } from './going.ts';
import type { OpenElsewhere } from './open-elsewhere.ts';
import { SCANNER_PATIENCE_MS } from './open-elsewhere.ts';
import { isPlaceholder } from './placeholder.ts';
import type { FileSystem } from './ports.ts';
import { NO_LINKS, isTaken, publishFile } from './publish.ts';
import { isSameFile, lookAt, moveToFree } from './replace.ts';
import { syncNames } from './sync-names.ts';
import { attempt, errnoOf } from './system-errors.ts';
import type { UndoPlace } from './undo-place.ts';

/** What a system answers where a file has gone, or is open somewhere and may not be renamed over. */
const GIVES_WAY: ReadonlySet<string> = new Set([
  'ENOENT',
  'EBUSY',
  'EACCES',
  'EPERM',
  'ETXTBSY',
  'FILE_IN_USE',
]);
interface ReplacerOptions {
  readonly fs: FileSystem;
  readonly directory: string;
  readonly token: string;
  readonly undoPlace: UndoPlace;
  readonly elsewhere: OpenElsewhere;
}

type Old = NonNullable<Going['old']>;

/** Those that have their second name, by their kept path, and the path of their first. */
export type Linked = Map<string, string>;

/**
 * Puts whole files in the place of others, which are kept. Where the disk has links the name is never
 * missing: the old file gets its second name first, durably, and the new one is renamed over the first
 * one. Where there are none the old file is moved away, and the new one moved in.
 */
export class Replacer {
  readonly #options: ReplacerOptions;

  constructor(options: ReplacerOptions) {
    this.#options = options;
  }

  /** Gives each file that is to be replaced a second name, where the disk has links. */
  async keep(going: readonly Going[]): Promise<Linked> {
    const { fs, directory, undoPlace } = this.#options;
    const linked: Linked = new Map();
    if (going.every(({ old }) => old === null)) return linked;
    try {
      undoPlace.make();
      for (const { path, old } of going) {
        if (old && this.#link(path, old.kept)) linked.set(old.kept, path);
      }
      await syncNames(fs, undoPlace.path);
      await syncNames(fs, directory);
    } catch (error) {
      this.letGo(linked);
      throw error;
    }
    return linked;
  }

  /** false: what is there is not what it was, or may not be replaced. Throws what the disk does. */
  async replace({ file, path }: Going, old: Old, linked: Linked): Promise<boolean> {
    const { fs, elsewhere } = this.#options;
    if (!this.#isStill(path, old)) return false;
    try {
      if (!linked.has(old.kept)) return await this.#move(file.part, path, old);
      const replaceOver = (): boolean => {
        // looked at each time: whoever had it open may have written to it
        const isKept = isSameFile(lookAt(fs, path), lookAt(fs, this.#keptPath(old.kept)));
        if (!isKept || !this.#isStill(path, old)) return false;
        fs.renameSync(file.part, path);
        return true;
      };
      const isReplaced = await elsewhere.outwait(path, replaceOver, SCANNER_PATIENCE_MS);
      if (isReplaced) linked.delete(old.kept);
      return isReplaced;
    } catch (error) {
      if (GIVES_WAY.has(errnoOf(error))) return false;
      throw error;
    }
  }

  /** Takes back what was not used. What is a file's only name by now it leaves. */
  letGo(linked: Linked): void {
    const { fs, undoPlace } = this.#options;
    if (linked.size === 0) return;
    for (const [kept, path] of linked) {
      attempt(() => {
        const second = this.#keptPath(kept);
        const old = lookAt(fs, second);
        const hasOther = isSameFile(lookAt(fs, path), old) || (old?.nlink ?? 0n) > 1n;
        if (hasOther) fs.unlinkSync(second);
      });
    }
    linked.clear();
    attempt(() => {
      fs.rmdirSync(undoPlace.path); // nothing else is in it where this was all
    });
  }

  /** false: this disk has no links, or what was there is gone. */
  #link(path: string, kept: string): boolean {
    try {
      this.#options.fs.linkSync(path, this.#keptPath(kept));
      return true;
    } catch (error) {
      const errno = errnoOf(error);
      if (NO_LINKS.has(errno) || errno === 'ENOENT') return false;
      throw error;
    }
  }

  async #move(part: string, path: string, old: Old): Promise<boolean> {
    const { fs, elsewhere, token, undoPlace } = this.#options;
    const away = this.#keptPath(old.kept);
    const moveAway = (): boolean => {
      if (!this.#isStill(path, old)) return false;
      fs.renameSync(path, away);
      return true;
    };
    if (!(await elsewhere.outwait(path, moveAway, SCANNER_PATIENCE_MS))) return false;
    try {
      await syncNames(fs, undoPlace.path);
      publishFile(fs, part, path, token);
      return true;
    } catch (error) {
      attempt(() => {
        if (isPlaceholder(fs, path, token)) fs.renameSync(away, path);
        else moveToFree(fs, away, path);
      });
      // the old one may not stay without its name while the new one gets another: the next start sees to it
      if (lookAt(fs, away) && !isTaken(error)) throw lost(error, path);
      if (isTaken(error)) return false;
      throw error;
    }
  }

  #isStill(path: string, { stamp }: Old): boolean {
    const now = lookAt(this.#options.fs, path);
    return now?.isFile() === true && stampOf(now) === stamp;
  }

  #keptPath(kept: string): string {
    return join(this.#options.directory, kept);
  }
}

function lost(cause: unknown, path: string): DroplineError {
  return new DroplineError('DISK_ERROR', { path, reason: errnoOf(cause) }, { cause });
}
