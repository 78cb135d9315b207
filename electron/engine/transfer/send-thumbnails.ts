import { setImmediate as nextTurn } from 'node:timers/promises';
import { MAX_THUMBNAILS_BYTES } from '../../../shared/protocol/limits.ts';
import type { Clock } from './ports.ts';
import type { Reading, Source, SourceFile } from './source.ts';
import type { ThumbnailMaker } from './thumbnail-thread.ts';

/** Pictures that are larger are not read for it. */
export const MAX_SOURCE_BYTES = 32 * 1024 * 1024;
/** What all of one offer may take. */
const MAKING_ALL_MS = 60_000;
/** Others on this thread want their turn. */
const READ_BYTES = 1024 * 1024;

/** The pictures of an offer, and who makes thumbnails of them. */
export interface OfferedPictures {
  readonly source: Source;
  readonly indexes: readonly number[];
  readonly openMaker: () => ThumbnailMaker;
}

export interface SendThumbnailsOptions extends OfferedPictures {
  readonly clock: Clock;
  /** Resolves when there is room for another one. */
  readonly say: (index: number, jpeg: Uint8Array) => Promise<void>;
}

/** Shows what is offered while somebody decides on it. It ends with the answer, wherever it is. */
export class SendThumbnails {
  readonly #options: SendThumbnailsOptions;
  readonly #maker: ThumbnailMaker;
  /** null: the source itself is read. */
  readonly #beside: Reading | null;
  readonly #stopTimer: () => void;
  #isStopped = false;

  constructor(options: SendThumbnailsOptions) {
    this.#options = options;
    this.#maker = options.openMaker();
    this.#beside = options.source.beside?.() ?? null;
    this.#stopTimer = options.clock.after(MAKING_ALL_MS, () => {
      this.stop();
    });
  }

  /** Never rejects. */
  async run(): Promise<void> {
    let bytes = 0;
    for (const index of this.#options.indexes) {
      const picture = await this.#read(index);
      const jpeg = picture && !this.#isStopped ? await this.#maker.make(picture) : null;
      if (this.#isStopped) return;
      if (jpeg === null) continue;
      bytes += jpeg.length;
      if (bytes > MAX_THUMBNAILS_BYTES) break;
      await this.#options.say(index, jpeg);
    }
    this.stop();
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
    this.#maker.stop();
    this.#beside?.close();
  }

  /** null: it cannot be read, or is too large for it. */
  async #read(index: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const entry = this.#options.source.entries.at(index);
    if (entry?.kind !== 'file' || entry.bytes > MAX_SOURCE_BYTES) return null;
    let file: SourceFile | null = null;
    try {
      file = await this.#open(index);
      if (!file) return null;
      const picture = new Uint8Array(entry.bytes);
      for (let at = 0; at < picture.length && !this.#isStopped; at += READ_BYTES) {
        await file.read(picture.subarray(at, at + READ_BYTES), at);
        await nextTurn();
      }
      return picture;
    } catch {
      return null; // it has changed, or is gone: the transfer itself will say so
    } finally {
      file?.close();
    }
  }

  /** null: it was answered, while the wire had no room. What is closed is not opened again. */
  #open(index: number): ReturnType<Source['open']> | null {
    return this.#isStopped ? null : (this.#beside ?? this.#options.source).open(index);
  }
}
