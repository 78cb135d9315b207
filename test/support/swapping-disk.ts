import fs, { cpSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';
import { plainPath } from './plain-path.ts';
import { namesBelow } from './trees.ts';

/** Which directory is swapped: the one that a call goes through, or the first one below the folder. */
export type Aim = 'nearest' | 'topmost';

export interface Swap {
  /** The how many-th way through a directory below the folder. */
  readonly at: number;
  readonly aim: Aim;
  /** The directory is back before the next call. */
  readonly isShort: boolean;
}

type Call = (...args: unknown[]) => unknown;

/**
 * A real disk on which, in the moment before a call, another program swaps the directory that the call goes
 * through for a link that leads out: to a copy, so that everything that is asked for is there.
 */
export class SwappingDisk {
  readonly fs: FileSystem;
  /** Ways through a directory below the folder, so far. */
  ways = 0;
  readonly #folder: string;
  readonly #outside: string;
  readonly #swap: Swap | null;
  /** Calls that changed something where the link leads. */
  astray = 0;
  #last: string | null = null;
  #before: string | null = null;
  #putBack: (() => void) | null = null;

  constructor(folder: string, outside: string, swap: Swap | null, real: FileSystem = fs) {
    this.#folder = folder;
    this.#outside = outside;
    this.#swap = swap;
    const calls = Object.entries(real).map(([name, call]): [string, unknown] => {
      if (typeof call !== 'function' || !/Sync$/.test(name)) return [name, call];
      const run: Call = (...args) => {
        this.#putBack?.();
        for (const arg of args) if (typeof arg === 'string') this.#wayTo(arg, name);
        try {
          return (call as Call)(...args);
        } finally {
          this.#look();
        }
      };
      return [name, run];
    });
    this.fs = { ...real, ...Object.fromEntries(calls) };
  }

  /** What was changed where the link leads; null: nothing, or there was no swap. */
  get harm(): string | null {
    if (this.#before === null) return null;
    const now = snapshot(this.#outside);
    return now === this.#before ? null : `was:\n${this.#before}\nis:\n${now}`;
  }

  #look(): void {
    if (this.#last === null) return;
    const now = snapshot(this.#outside);
    if (now !== this.#last) this.astray++;
    this.#last = now;
  }

  #wayTo(path: string, call: string): void {
    const plain = plainPath(path);
    const isListed = call === 'opendirSync' || call === 'readdirSync';
    const way = relative(this.#folder, isListed ? plain : dirname(plain)).split(sep);
    if (way[0] === '' || way[0] === '..') return;
    const at = this.ways++;
    if (at !== this.#swap?.at) return;
    this.#swapNow(this.#swap.aim === 'nearest' ? way : way.slice(0, 1), this.#swap.isShort);
  }

  #swapNow(way: readonly string[], isShort: boolean): void {
    const directory = join(this.#folder, ...way);
    if (!lstatSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
    const aside = `${this.#folder}.aside`;
    cpSync(directory, this.#outside, { recursive: true, preserveTimestamps: true });
    this.#before = snapshot(this.#outside);
    this.#last = this.#before;
    renameSync(directory, aside);
    fs.symlinkSync(this.#outside, directory);
    if (!isShort) return;
    this.#putBack = () => {
      this.#putBack = null;
      // what was renamed over the link stays
      if (!lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink()) return;
      rmSync(directory);
      renameSync(aside, directory);
    };
  }
}

/** Everything that a call could change there. */
function snapshot(folder: string): string {
  const names = ['.', ...namesBelow(folder)];
  return names
    .map((name) => {
      const stat = lstatSync(join(folder, name), { bigint: true });
      const content = stat.isFile() ? readFileSync(join(folder, name)).toString('base64') : '';
      const { mode, nlink, mtimeNs, ino } = stat;
      return [name, mode.toString(8), nlink, mtimeNs, ino, content].join(' ');
    })
    .join('\n');
}
