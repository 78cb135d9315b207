import { join } from 'node:path';
import type { DeliveryOptions } from './delivery-options.ts';

/** Where the top things of a delivery are, by the names that they were planned to have. */
export class SavedNames {
  readonly #options: DeliveryOptions;
  readonly #paths = new Map<string, string>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** The first that is there, in the order of the offer; null: nothing yet. */
  get first(): string | null {
    for (const [name = ''] of this.#options.saved) {
      const path = this.#paths.get(name);
      if (path !== undefined) return path;
    }
    return null;
  }

  set(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  /** What is in a folder is not told by itself. */
  setFile(index: number, path: string): void {
    const [name = '', ...rest] = this.#options.saved.at(index) ?? [];
    if (rest.length === 0) this.#paths.set(name, path);
  }

  /** The tops of these went into what was there under their names. */
  setMerged(directories: readonly (readonly string[])[]): void {
    for (const [name = ''] of directories) {
      this.#paths.set(name, join(this.#options.directory, name));
    }
  }
}
