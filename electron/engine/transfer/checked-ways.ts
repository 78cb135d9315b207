import type { BigIntStats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FileSystem } from './ports.ts';
import type { Ways } from './ways.ts';
import { pathBelow, wayError } from './ways.ts';

/** Directories that are remembered: what is more is looked at again. */
const MAX_KNOWN = 256;

/**
 * Where the system has no way through open directories: each directory is looked at before a call and
 * after it. Who swaps one in the moment between has one call go astray, and is found out by the next look:
 * then nothing more is written.
 */
export class CheckedWays implements Ways {
  readonly #fs: FileSystem;
  readonly #root: string;
  readonly #known = new Map<string, string>();
  #folder: { readonly key: string; readonly place: string } | null = null;

  constructor(fs: FileSystem, root: string) {
    this.#fs = fs;
    this.#root = resolve(root);
  }

  through<R>(paths: readonly string[], call: (reached: readonly string[]) => R): R {
    const plain = paths.map((path) => pathBelow(this.#root, path));
    const looks = plain.map((path) => {
      if (path === this.#root) throw wayError('EINVAL', path);
      return this.#look(dirname(path));
    });
    const result = call(plain);
    for (const look of looks) look();
    return result;
  }

  reach<R>(path: string, call: (reached: string) => R): R {
    return this.through([path], ([reached = '']) => call(reached));
  }

  into<R>(directory: string, call: (reached: string) => R): R {
    const plain = pathBelow(this.#root, directory);
    const look = this.#look(plain);
    const result = call(plain);
    look();
    return result;
  }

  forget(path: string): void {
    this.#known.delete(path);
  }

  release(): void {
    this.#known.clear();
    this.#folder = null;
  }

  /** Throws ELOOP where it is not what it was; answers how to look again. */
  #look(directory: string): () => void {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const before = this.#known.get(directory);
    const key = keyOf(this.#fs.statSync(directory, { bigint: true }));
    if (key !== before) this.#walk(directory);
    const known = this.#known.get(directory);
    return () => {
      const now = this.#fs.statSync(directory, { bigint: true, throwIfNoEntry: false });
      if (now === undefined || keyOf(now) !== known) throw wayError('ELOOP', directory);
    };
  }

  /** Every directory on the way is one, and no link. */
  #walk(directory: string): void {
    if (directory === this.#root) {
      this.#known.set(directory, this.#rootKey());
      return;
    }
    this.#walk(dirname(directory));
    const stat = this.#fs.lstatSync(directory, { bigint: true });
    if (!stat.isDirectory()) throw wayError('ELOOP', directory);
    this.#known.set(directory, keyOf(stat));
  }

  /** A link may lead to it, but to no other one than before. */
  #rootKey(): string {
    const key = keyOf(this.#fs.statSync(this.#root, { bigint: true }));
    this.#folder ??= { key, place: this.#fs.realpathSync(this.#root) };
    const isSame = key === this.#folder.key;
    if (isSame || this.#fs.realpathSync(this.#root) === this.#folder.place) return key;
    throw wayError('ELOOP', this.#root);
  }
}

function keyOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}
