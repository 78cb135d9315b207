import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { Problem } from '../../../shared/model/transfer.ts';
import { equalBytes, toHex, transferHashSteps } from '../../../shared/protocol/hash-tree.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { FileHashes } from './file-hashes.ts';
import { runningDigest } from './hash.ts';
import { hashedFiles } from './hashed-files.ts';
import type { RefusedEntries } from './refused-entries.ts';
import { inTurns } from './turns.ts';

/** One yes is good for a file and one more of it, where its sender turns out to have another version. */
const MAX_COPIES = 2;

export interface DeliveryReport {
  readonly files: number;
  readonly bytes: number;
  readonly failed: readonly FileProblem[];
  readonly problems: readonly Problem[];
}

/** How far each file of a delivery is: whole, failed, or neither yet. */
export class FileStates {
  readonly #options: DeliveryOptions;
  readonly #refused: RefusedEntries;
  /** The hash of each file that is whole, by index: what the sender said and we computed. */
  readonly whole: FileHashes;
  /** What the sender said in this run. Nothing is whole with another hash than that. */
  readonly declared: FileHashes;
  readonly #copies = new Map<number, number>();
  readonly #failed = new Map<number, ErrorCode>();
  /** What came anew when all was finished: too late to be kept, and not what is here. */
  readonly #late = new Map<number, ErrorCode>();

  constructor(options: DeliveryOptions, refused: RefusedEntries) {
    this.#options = options;
    this.#refused = refused;
    this.whole = new FileHashes(options.entries.length);
    this.declared = new FileHashes(options.entries.length, this.whole);
    for (const { index, code } of options.skip) this.#failed.set(index, code);
  }

  bytesOf(index: number): number {
    const entry = this.#options.entries.at(index);
    return entry?.kind === 'file' ? entry.bytes : 0;
  }

  failed(index: number, code: ErrorCode): void {
    this.#failed.set(index, code);
  }

  /** It comes, perhaps again, and may become whole. Throws SOURCE_CHANGED where that was too often. */
  comes(index: number): void {
    if ((this.#copies.get(index) ?? 0) >= MAX_COPIES) {
      const path = (this.#options.saved.at(index) ?? []).join('/');
      throw new DroplineError('SOURCE_CHANGED', { path });
    }
    this.#failed.delete(index);
  }

  /** It gets a name of its own. `count`: so often, in all. */
  named(index: number, count = 1 + (this.#copies.get(index) ?? 0)): void {
    this.#copies.set(index, count);
  }

  /** All is finished, and what is not whole never will be. */
  restFailed(): void {
    const { entries, unwanted } = this.#options;
    for (const [index, { kind }] of entries.entries()) {
      if (this.#refused.has(index) || this.whole.has(index)) continue;
      if (kind === 'file' && !unwanted.has(index)) this.#failed.set(index, 'HASH_MISMATCH');
    }
  }

  cameLate(index: number, code: ErrorCode): void {
    this.#late.set(index, code);
  }

  /** It was said again when all was finished: what differs from what is here is too late. */
  saidLate(index: number, declared: Uint8Array): void {
    const known = this.whole.get(index);
    if (!known || !equalBytes(known, declared)) this.#late.set(index, 'SOURCE_CHANGED');
  }

  forgetLate(): void {
    this.#late.clear();
  }

  /** Of all that the sender has sent or that was here already, as hex. */
  async transferHash(): Promise<string> {
    const { hash, entries } = this.#options;
    const files = hashedFiles(
      entries,
      (index) => this.declared.get(index) ?? this.whole.get(index),
    );
    return toHex(await inTurns(transferHashSteps(files, runningDigest(hash))));
  }

  /** Files and bytes that are whole, and what is not. */
  report(): DeliveryReport {
    let files = 0;
    let bytes = 0;
    for (let index = 0; index < this.#options.entries.length; index++) {
      if (!this.whole.has(index) || this.#late.has(index)) continue;
      files++;
      bytes += this.bytesOf(index);
    }
    const refused = this.#refused.all.map(({ index, code }) => [index, code] as const);
    const all = new Map([...this.#late, ...this.#failed, ...refused]);
    const failed = [...all].map(([index, code]) => ({ index, code }));
    const problems = failed.map(({ index, code }) => {
      const path = (this.#options.saved.at(index) ?? []).join('/');
      return { path, code };
    });
    return { files, bytes, failed, problems };
  }
}
