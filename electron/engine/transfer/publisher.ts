import type { Journal } from './journal.ts';
import type { FileSystem } from './ports.ts';
import { freePath, isTaken, publishFile, publishFolder } from './publish.ts';
import { diskError } from './system-errors.ts';

interface Waiting {
  readonly index: number;
  readonly part: string;
  readonly name: string;
  readonly hash: string;
}

export interface PublisherOptions {
  readonly fs: FileSystem;
  readonly journal: Journal;
  readonly directory: string;
  /** false: nobody wants it any more. */
  readonly isWanted: () => boolean;
  readonly onPublished: (index: number, path: string) => void;
}

/**
 * Gives whole files their final names one after another. Where a file is about to go is in the journal,
 * durably, before it goes there: whoever finds the disk after a crash can tell what is ours. Files that
 * wait together share one sync of the journal.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  #queue: Waiting[] = [];
  #running: Promise<void> | null = null;
  #fault: unknown = null;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** `hash`: the file's, as hex. */
  add(index: number, part: string, name: string, hash: string): void {
    this.#queue.push({ index, part, name, hash });
    this.#running ??= this.#run();
  }

  /** Resolves when nothing waits. Throws the first fault, and goes on throwing it. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
    if (this.#fault !== null) throw diskError(this.#fault, this.#options.directory);
  }

  /** Moves a filled folder to its final name, or the next free one. Answers the path. */
  async folder(staging: string, name: string): Promise<string> {
    const { fs, journal, directory } = this.#options;
    for (;;) {
      const path = freePath(fs, directory, name, 'directory');
      journal.append({ record: 'publishingFolder', name, path });
      await journal.sync();
      try {
        publishFolder(fs, staging, path);
      } catch (error) {
        if (isTaken(error)) continue;
        throw diskError(error, path);
      }
      journal.append({ record: 'publishedFolder', name, path });
      return path;
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

  async #publish(batch: readonly Waiting[]): Promise<void> {
    const { fs, journal, directory, isWanted, onPublished } = this.#options;
    const going = batch.map((file) => ({
      ...file,
      path: freePath(fs, directory, file.name, 'file'),
    }));
    journal.append(
      ...going.map(({ index, path }) => ({ record: 'publishing', index, path }) as const),
    );
    await journal.sync();
    for (const { path, ...file } of going) {
      if (!isWanted()) return;
      const { index, hash } = file;
      try {
        publishFile(fs, file.part, path);
      } catch (error) {
        if (!isTaken(error)) throw error;
        this.#queue.push(file);
        continue;
      }
      journal.append({ record: 'published', index, path, hash });
      onPublished(index, path);
    }
  }
}
