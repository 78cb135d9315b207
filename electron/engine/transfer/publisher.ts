import { join } from 'node:path';
import { DroplineError } from '../../../shared/errors.ts';
import { cannotBeNamed } from './disk-refusals.ts';
import type { Going, Target, WholeFile } from './going.ts';
import type { Journal } from './journal.ts';
import type { Fact } from './journal-records.ts';
import { stampOf } from './merge-plan.ts';
import type { Clock, FileSystem } from './ports.ts';
import { OpenElsewhere } from './open-elsewhere.ts';
import { freePath, isTaken, moveOverEmpty, publishFile, publishFolder } from './publish.ts';
import { lookAt } from './replace.ts';
import { Replacer } from './replacer.ts';
import { removeFile } from './staged-removal.ts';
import type { Staging } from './staging.ts';
import { diskError, errnoOf } from './system-errors.ts';
import { UndoPlace } from './undo-place.ts';

export interface PublisherOptions {
  readonly fs: FileSystem;
  readonly journal: Journal;
  readonly directory: string;
  /** In every hidden name. */
  readonly token: string;
  /** Makes the folder that it needs. Throws what the disk does. */
  readonly targetOf: (index: number) => Target;
  /** false: nobody wants it any more. */
  readonly isWanted: () => boolean;
  /** It is as it was when it was whole. */
  readonly isSound: (file: WholeFile) => Promise<boolean>;
  readonly onLost: (index: number) => void;
  /**
   * What the disk said concerns this file alone, which comes to nothing then. `path`: where it was about to
   * go; null: its folder could not be made or looked into.
   */
  readonly isRefused: (index: number, path: string | null, error: unknown) => boolean;
  readonly onPublished: (index: number, path: string, replaced: boolean) => void;
}

interface FolderHandlers {
  /** Something of it is there to be named. */
  readonly isLeft: (name: string) => boolean;
  readonly onPublished: (name: string, path: string) => void;
  /** The disk cannot hold its name. */
  readonly onRefused: (name: string) => Promise<void>;
}

/**
 * Gives whole files their final names one after another. Where a file is about to go is in the journal,
 * durably, before it goes there: whoever finds the disk after a crash can tell what is ours. Files that
 * wait together share one sync of the journal.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #elsewhere: OpenElsewhere;
  readonly #replacer: Replacer;
  readonly #undoPlace: UndoPlace;
  #queue: WholeFile[] = [];
  /** Those that give way, whatever was chosen: what they were to replace is not what it was. */
  readonly #givesWay = new Set<number>();
  #running: Promise<void> | null = null;
  #fault: unknown = null;
  /** Parts of files that have their names, which another program had open. */
  #left: string[] = [];

  constructor(options: PublisherOptions, clock?: Pick<Clock, 'after'>) {
    this.#options = options;
    const { fs, directory, token, isWanted } = options;
    this.#elsewhere = new OpenElsewhere(fs, isWanted, clock);
    this.#undoPlace = new UndoPlace(fs, directory, token);
    this.#replacer = new Replacer({
      ...options,
      elsewhere: this.#elsewhere,
      undoPlace: this.#undoPlace,
    });
  }

  /** Does nothing after a fault, which `settled` throws. */
  add(file: WholeFile): void {
    if (this.#fault !== null) return;
    this.#queue.push(file);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing waits. Throws the first fault, and goes on throwing it. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
    if (this.#fault !== null) throw diskError(this.#fault, this.#options.directory);
  }

  /** Nothing is named any more that another program has open. */
  stopWaiting(): void {
    this.#elsewhere.stopWaiting();
  }

  /** Gives every staged folder that has none its final name. Throws CANCELLED where nobody wants that. */
  async folders(
    staging: Staging,
    { isLeft, onPublished, onRefused }: FolderHandlers,
  ): Promise<void> {
    for (const { name, path, published, planned } of staging.folders) {
      if (published || !isLeft(name)) continue;
      const isThere = planned !== null && this.#overPlaceholder(path, planned);
      const final = isThere ? planned : await this.#folder(path, name, onRefused);
      if (final === null) continue;
      this.#options.journal.append({ record: 'publishedFolder', name, path: final });
      staging.setPublished(name, final);
      onPublished(name, final);
    }
  }

  /** Moves a filled folder to its final name, or the next free one. Answers the path; null: it can have none. */
  async #folder(
    staging: string,
    name: string,
    onRefused: FolderHandlers['onRefused'],
  ): Promise<string | null> {
    const { fs, journal, directory } = this.#options;
    for (;;) {
      try {
        const path = freePath(fs, directory, name, 'directory');
        journal.append({ record: 'publishingFolder', name, path });
        await journal.sync();
        await this.#elsewhere.outwait(path, () => publishFolder(fs, staging, path));
        return path;
      } catch (error) {
        if (isTaken(error)) continue;
        if (!cannotBeNamed(error)) throw diskError(error, join(directory, name));
        await onRefused(name);
        return null;
      }
    }
  }

  /** false: what is there is not empty, or is gone. The journal knows of this path. */
  #overPlaceholder(staging: string, path: string): boolean {
    const { fs, isWanted } = this.#options;
    if (!isWanted()) throw new DroplineError('CANCELLED');
    if (fs.isWindows === true) return false; // none is made there
    try {
      moveOverEmpty(fs, staging, path);
      return true;
    } catch (error) {
      if (isTaken(error) || errnoOf(error) === 'ENOENT') return false;
      throw diskError(error, path);
    }
  }

  /** Removes a part that comes to nothing. Throws FILE_IN_USE, and what the disk does. */
  async removePart(part: string): Promise<void> {
    await this.#elsewhere.outwait(part, () => removeFile(this.#options.fs, part));
  }

  /** Removes what is left of parts; what is never let go stays. */
  async tidy(): Promise<void> {
    for (const part of this.#left.splice(0)) {
      await this.removePart(part).catch(() => null);
    }
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 && this.#fault === null) {
      const batch = this.#queue.splice(0);
      try {
        await this.#publish(batch);
      } catch (error) {
        this.#fault = error;
      }
    }
    this.#running = null;
  }

  async #publish(batch: readonly WholeFile[]): Promise<void> {
    const { journal, isWanted } = this.#options;
    const going = batch.flatMap((file) => this.#whereToOrRefused(file));
    journal.append(...going.map(intentOf));
    await journal.sync();
    const ready = await this.#replacer.keep(going);
    try {
      for (const one of going) {
        if (!isWanted()) return;
        const isSound = await this.#options.isSound(one.file);
        // to read it again takes its time, in which a person may have stopped it
        if (!isWanted()) return;
        if (!isSound) this.#options.onLost(one.file.index);
        else if (one.old === null) await this.#give(one);
        else if (await this.#replacer.replace(one, one.old, ready)) this.#done(one);
        else this.#giveWay(one.file);
      }
    } finally {
      this.#replacer.letGo(ready);
    }
  }

  #whereToOrRefused(file: WholeFile): Going[] {
    try {
      return [this.#whereTo(file)];
    } catch (error) {
      if (this.#options.isRefused(file.index, null, error)) return [];
      throw error;
    }
  }

  #whereTo(file: WholeFile): Going {
    const { fs, targetOf } = this.#options;
    const { directory, name, replaces } = targetOf(file.index);
    const path = join(directory, name);
    if (replaces !== null && !this.#givesWay.has(file.index)) {
      const there = lookAt(fs, path);
      if (there?.isFile() && stampOf(there) === replaces) {
        return { file, path, old: { stamp: replaces, kept: this.#undoPlace.freeFor(file.index) } };
      }
    }
    return { file, path: freePath(fs, directory, name, 'file'), old: null };
  }

  async #give(going: Going): Promise<void> {
    const { fs, token, isRefused } = this.#options;
    try {
      const { file, path } = going;
      const give = (): boolean => publishFile(fs, file.part, path, token);
      if (!(await this.#elsewhere.outwait(path, give))) this.#left.push(file.part);
    } catch (error) {
      if (isTaken(error)) this.#queue.push(going.file);
      else if (hasName(fs, going.path)) throw error;
      else if (!isRefused(going.file.index, going.path, error)) throw error;
      return;
    }
    this.#done(going);
  }

  #giveWay(file: WholeFile): void {
    this.#givesWay.add(file.index);
    this.#queue.push(file);
  }

  #done({ file, path, old }: Going): void {
    const { journal, onPublished } = this.#options;
    const { index, hash } = file;
    journal.append({ record: 'published', index, path, hash });
    onPublished(index, path, old !== null);
  }
}

function intentOf({ file: { index, hash }, path, old }: Going): Fact {
  return old === null
    ? { record: 'publishing', index, path }
    : { record: 'replacing', index, path, kept: old.kept, hash };
}

/** It was given: what failed came after that. */
function hasName(fs: FileSystem, path: string): boolean {
  try {
    return lookAt(fs, path) !== null;
  } catch {
    return false;
  }
}
