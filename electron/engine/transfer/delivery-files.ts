import { join } from 'node:path';
import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import { fromHex, toHex } from '../../../shared/protocol/hash-tree.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { namingRefusalOf, refusalOf } from './disk-refusals.ts';
import { FileStamps } from './file-stamps.ts';
import { FileStates } from './file-states.ts';
import type { Target } from './going.ts';
import { MergedFolders } from './merged-folders.ts';
import { MetFiles } from './met-files.ts';
import { PartFiles } from './part-files.ts';
import { Publisher } from './publisher.ts';
import { RefusedEntries } from './refused-entries.ts';
import type { Found } from './restored.ts';
import { SavedNames } from './saved-names.ts';
import type { Staging } from './staging.ts';
import { SyncQueue } from './sync-queue.ts';
import { diskError } from './system-errors.ts';

/** The files of a delivery on their way: written, found whole, flushed, and given their names one by one. */
export class DeliveryFiles {
  /** What is begun and not whole yet. */
  readonly parts: PartFiles;
  /** What was there before. */
  readonly met: MetFiles;
  readonly states: FileStates;
  readonly refused: RefusedEntries;
  readonly folders: MergedFolders;
  readonly publisher: Publisher;
  readonly saved: SavedNames;
  readonly syncs: SyncQueue;
  readonly #options: DeliveryOptions;
  readonly #staging: Staging;
  readonly #stamps: FileStamps;
  /** Which file the content is of that comes. */
  #coming = -1;
  /** Nobody wants any more of them. */
  givenUp = false;
  /** Of what counted as whole when this connection began, and comes anew. */
  takenBackBytes = 0;

  constructor(options: DeliveryOptions, staging: Staging) {
    const { fs, journal, directory } = options;
    this.#options = options;
    this.#staging = staging;
    this.met = new MetFiles(options);
    this.folders = new MergedFolders(fs, journal, directory);
    this.parts = new PartFiles({ ...options, staging });
    this.syncs = new SyncQueue(fs);
    this.publisher = new Publisher({
      ...options,
      targetOf: (index) => this.#targetOf(index),
      isWanted: () => !this.givenUp,
      isSound: ({ index, hash }) => this.#stamps.isSound(index, fromHex(hash)),
      onLost: (index) => this.drop(index, 'HASH_MISMATCH'),
      isRefused: (...refusal) => this.#isRefused(...refusal),
      onPublished: (...published) => this.#onPublished(...published),
    });
    this.#stamps = new FileStamps(options, staging);
    this.refused = new RefusedEntries(options);
    this.states = new FileStates(options, this.refused);
    this.saved = new SavedNames(options);
  }

  takeUp(found: Found): void {
    for (const [name, path] of found.tops) this.saved.set(name, path);
    for (const { index, hash } of found.whole) this.states.whole.set(index, hash);
    for (const [index, count] of found.copies) this.states.named(index, count);
    for (const index of found.begun) this.parts.takeUp(index);
    for (const path of found.made) this.folders.takeUp(path);
    this.met.takeUp(found);
    this.refused.takeUp(found.refused);
    for (const { below, code } of found.unmade) this.refused.add(this.refused.below(below), code);
  }

  /** Throws DISK_FULL, DISK_ERROR. */
  async claimIdentical(isWanted: () => boolean): Promise<void> {
    const known = new Set(this.parts.indexes);
    for (const { index } of this.#options.skip) known.add(index);
    const isKnown = (index: number): boolean => this.states.whole.has(index) || known.has(index);
    for await (const { index, path, hash } of this.met.claims(isKnown, isWanted)) {
      this.#setWhole(index, hash);
      this.saved.setFile(index, path);
    }
  }

  /** Throws SOURCE_CHANGED, NO_PERMISSION, DISK_ERROR. */
  openRange(index: number, offset: number): void {
    this.#coming = index;
    if (this.refused.has(index)) return;
    this.#comes(index);
    this.#orRefuse(index, () => this.parts.openRange(index, offset));
  }

  /** Throws DISK_ERROR, DISK_FULL. */
  write(bytes: Uint8Array): void {
    const index = this.#coming;
    if (!this.refused.has(index)) this.#orRefuse(index, () => this.parts.write(bytes));
  }

  /** One whose hash differs is thrown away and reported. Throws as above. */
  endFile(index: number, declared: Uint8Array): void {
    if (!this.refused.has(index)) this.#comes(index);
    this.states.declared.set(index, declared);
    if (this.refused.has(index)) return;
    let holds = false;
    // a file without content is made only now
    this.#orRefuse(index, () => (holds = this.parts.holds(index, declared)));
    if (!this.refused.has(index)) this.#end(index, declared, holds);
  }

  #end(index: number, declared: Uint8Array, holds: boolean): void {
    const stat = holds ? this.parts.finish(index) : null;
    if (stat === null) {
      this.drop(index, 'HASH_MISMATCH');
      return;
    }
    this.#stamps.written(index, stat);
    if (this.#staging.isSingle(index)) this.states.named(index);
    const onLost = (): void => this.parts.remove(index); // it may still look whole
    this.syncs.add(this.parts.take(index), onLost, () => {
      if (!this.givenUp) this.#isDurable(index, declared);
    });
  }

  /** Its sender could not read it to its end. Throws DISK_ERROR, NO_PERMISSION. */
  failAtSource(index: number, code: ErrorCode): void {
    this.#takeBack(index);
    this.states.declared.delete(index);
    if (!this.refused.has(index)) this.drop(index, code);
  }

  drop(index: number, code: ErrorCode): void {
    this.states.failed(index, code);
    this.parts.remove(index);
  }

  /** What the disk said of this file concerns it alone: nothing of it is left. Throws what else it says. */
  refuse(index: number, code: ErrorCode): void {
    this.parts.remove(index);
    this.refused.add([index], code);
  }

  /** The same of a folder below the destination, and of all in it that is not whole. */
  refuseFolder(below: readonly string[], code: ErrorCode): void {
    const isWhole = (index: number): boolean => this.states.whole.has(index);
    this.refused.add(
      this.refused.below(below).filter((index) => !isWhole(index)),
      code,
    );
  }

  /** The same of a folder that was staged, and can have no name. */
  refuseTop(name: string, code: ErrorCode): void {
    const indexes = this.refused.below([name]);
    this.refused.add(indexes, code);
    for (const index of indexes) this.states.whole.delete(index);
  }

  /** What the sender need not send. */
  takeSkips(): FileProblem[] {
    const files = this.refused.files;
    for (const { index } of files) this.states.declared.delete(index); // they are in no hash
    return files;
  }

  /** true: the disk does not take this file, and takes others. Throws where more is wrong. */
  refuses(index: number, error: unknown): boolean {
    const { fs, directory } = this.#options;
    const code = refusalOf(fs, directory, this.#staging.pathOf(index), error);
    if (code !== null) this.refuse(index, code);
    return code !== null;
  }

  #orRefuse(index: number, run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!this.refuses(index, error)) throw error;
    }
  }

  /** `path`: where it was about to go; null: its folder could not be made. */
  #isRefused(index: number, path: string | null, error: unknown): boolean {
    const { fs, directory, saved } = this.#options;
    const code =
      path === null
        ? refusalOf(fs, directory, join(directory, ...(saved.at(index) ?? [])), error)
        : namingRefusalOf(fs, directory, path, error);
    if (code !== null) this.refuse(index, code);
    return code !== null;
  }

  /** What is staged and was changed since it was whole counts no more. Answers what that is. */
  async takeBackChanged(): Promise<readonly number[]> {
    const changed = await this.#stamps.changed(this.states.whole);
    for (const index of changed) this.#takeBack(index, true);
    return changed;
  }

  /** Of what came to nothing no part is left. Throws FILE_IN_USE, DISK_ERROR, NO_PERMISSION. */
  async removeLeft(): Promise<void> {
    try {
      await this.parts.removeLeft((part) => this.publisher.removePart(part));
    } catch (error) {
      throw diskError(error, this.#options.directory);
    }
  }

  /** Nothing waits for the disk. Throws the first fault. */
  async settled(): Promise<void> {
    await this.syncs.settled();
    await this.publisher.settled();
  }

  #comes(index: number): void {
    this.states.comes(index);
    this.#takeBack(index);
  }

  #targetOf(index: number): Target {
    const path = this.#options.saved.at(index) ?? [];
    const directory = this.folders.make(path.slice(0, -1));
    return { directory, name: path.at(-1) ?? '', replaces: this.met.replacedBy(index) };
  }

  #isDurable(index: number, hash: Uint8Array): void {
    if (this.#staging.isSingle(index)) {
      this.publisher.add({ index, part: this.#staging.pathOf(index), hash: toHex(hash) });
      return;
    }
    this.#options.journal.wholeSoon(index, hash);
    this.#setWhole(index, hash);
  }

  #setWhole(index: number, hash: Uint8Array): void {
    this.parts.forget(index);
    this.states.whole.set(index, hash);
  }

  #onPublished(index: number, path: string, replaced: boolean): void {
    const hash = this.states.declared.get(index);
    if (hash) this.#setWhole(index, hash);
    if (replaced) this.met.isReplaced(index);
    this.saved.setFile(index, path);
  }

  /** What is staged is written again; what was published is its receiver's, and the new one goes beside it. */
  #takeBack(index: number, isDeclared = false): void {
    const { whole, declared } = this.states;
    if (!whole.has(index)) return;
    if (this.#staging.isPublished(index)) {
      throw new DroplineError('SOURCE_CHANGED', { path: this.#staging.finalNameOf(index) });
    }
    whole.delete(index);
    if (!isDeclared) declared.delete(index);
    this.met.differs(index);
    this.#options.journal.append({ record: 'dropped', index });
    this.takenBackBytes += this.states.bytesOf(index);
    if (!this.#staging.isSingle(index)) this.parts.takeUp(index);
  }
}
