import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { DiskHasher } from './disk-hasher.ts';
import { NO_FOLLOW } from './ports.ts';
import type { Replacement } from './replacements.ts';
import type { Found } from './restored.ts';
import { syncContent } from './sync-names.ts';
import { isRealDirectory } from './undo-place.ts';
import type { MetExisting } from './worker-messages.ts';

const ENTRIES_PER_TURN = 500;

/** What stands in the destination with the content that may be offered. */
export interface Claim {
  readonly index: number;
  readonly path: string;
  readonly hash: Uint8Array;
}

/** The files that a delivery met when it was accepted, and what became of each. */
export class MetFiles {
  readonly #options: DeliveryOptions;
  readonly #replacing: ReadonlySet<string>;
  /** The sender has another: it is not claimed again. */
  readonly #differs = new Set<number>();
  readonly #identical = new Set<number>();
  readonly #replaced = new Set<number>();
  /** By earlier versions of the same things, which this delivery took over. */
  #replacedBefore = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const replacing = options.merged.filter(({ replaces }) => replaces);
    this.#replacing = new Set(replacing.map(({ name }) => name));
  }

  takeUp(found: Found): void {
    for (const index of found.differs) this.differs(index);
    for (const index of found.identical) this.#identical.add(index);
    for (const index of found.replaced) this.#replaced.add(index);
    this.#replacedBefore = found.replacedBefore;
  }

  /** Answers from here on for what others before it have replaced. */
  async inherit(replacements: readonly Replacement[]): Promise<void> {
    if (replacements.length === 0) return;
    const { journal } = this.#options;
    journal.append(...replacements.map((one) => ({ record: 'replacedBefore', ...one }) as const));
    await journal.sync();
    this.#replacedBefore += replacements.length;
  }

  get counts(): MetExisting {
    return {
      replaced: this.#replaced.size + this.#replacedBefore,
      identical: this.#identical.size,
    };
  }

  /** Something that was there is kept for an undo, or may be. */
  get mayHaveReplaced(): boolean {
    return this.#replacing.size > 0 || this.#replacedBefore > 0;
  }

  /** The stamp of the file whose place this one takes; null: it takes none. */
  replacedBy(index: number): string | null {
    const { met, saved } = this.#options;
    return this.#replacing.has(saved.at(index)?.[0] ?? '') ? (met[index] ?? null) : null;
  }

  isReplaced(index: number): void {
    this.#replaced.add(index);
  }

  differs(index: number): void {
    this.#differs.add(index);
    this.#identical.delete(index);
  }

  /**
   * Answers what is as large as what is offered, whatever it holds, and puts it into the journal. `isKnown`:
   * of those there is something to go on with. Throws DISK_FULL, DISK_ERROR.
   */
  async *claims(
    isKnown: (index: number) => boolean,
    isWanted: () => boolean,
  ): AsyncGenerator<Claim> {
    const { journal } = this.#options;
    for await (const claim of this.#alike(isKnown, isWanted)) {
      const { index, path, hash } = claim;
      journal.append({ record: 'identical', index, path, hash: toHex(hash) });
      this.#identical.add(index);
      yield claim;
    }
    await journal.sync();
  }

  async *#alike(
    isKnown: (index: number) => boolean,
    isWanted: () => boolean,
  ): AsyncGenerator<Claim> {
    const { fs, hash: algorithm, entries, directory, saved, met } = this.#options;
    if (met.length === 0) return;
    const hasher = new DiskHasher(fs, algorithm, isWanted);
    for (const [index, entry] of entries.entries()) {
      if (index % ENTRIES_PER_TURN === 0) await setImmediate();
      if (!isWanted()) return;
      if (entry.kind !== 'file' || this.#differs.has(index) || isKnown(index)) continue;
      if (met[index]?.startsWith(`${entry.bytes} `) !== true || !this.#isReached(index)) continue;
      const path = join(directory, ...(saved.at(index) ?? []));
      const hash = await hasher.find(path, entry.bytes);
      if (hash && (await this.#isDurable(path))) yield { index, path, hash };
    }
  }

  /** No link is on the way to it. */
  #isReached(index: number): boolean {
    const { fs, directory, saved } = this.#options;
    const within = (saved.at(index) ?? []).slice(0, -1);
    return within.every((_, depth) =>
      isRealDirectory(fs, join(directory, ...within.slice(0, depth + 1))),
    );
  }

  /** Somebody may have written it a moment ago. */
  async #isDurable(path: string): Promise<boolean> {
    const { fs } = this.#options;
    return syncContent(fs, path, NO_FOLLOW).then(
      () => true,
      () => false,
    );
  }
}
