import { existsSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Journal } from '../../electron/engine/transfer/journal.ts';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../electron/engine/transfer/ports.ts';
import { Publisher } from '../../electron/engine/transfer/publisher.ts';

export const TOKEN = '0123456789abcdef';
/** Of a delivery, with what is never let go. */
export const PATIENCE_MS = 20_000;

export let folder: string;

/** Each test of the file has a folder of its own. */
export function useFolder(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dropline-open-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
}

export const here = (...names: readonly string[]): string => join(folder, ...names);

/** A disk on which names are as Windows keeps them, and another program that has files open. */
export class WindowsDisk {
  readonly fs: FileSystem;
  readonly open = new Set<string>();
  waitedMs = 0;
  /** What happens while somebody waits; the first wait is 1. */
  onWait: (wait: number) => void = () => undefined;
  #waits = 0;

  constructor(more: Partial<FileSystem> = {}) {
    const real = { ...realFileSystem, ...more };
    this.fs = {
      ...real,
      isWindows: true,
      unlinkSync: (path) => {
        this.#mustBeClosed(String(path));
        real.unlinkSync(path);
      },
      rmdirSync: (path) => {
        this.#mustBeClosed(String(path));
        real.rmdirSync(path);
      },
      renameSync: (from, to) => {
        this.#mustBeClosed(String(from));
        this.#mustBeClosed(String(to));
        if (existsSync(to) && lstatSync(to).isDirectory()) throw errno('EPERM');
        real.renameSync(from, to);
      },
    };
  }

  readonly clock = {
    after: (ms: number, run: () => void) => {
      this.waitedMs += ms;
      this.onWait(++this.#waits);
      const turn = setImmediate(run);
      return () => clearImmediate(turn);
    },
  };

  letGoAtWait(wait: number): void {
    this.onWait = (now) => {
      if (now === wait) this.open.clear();
    };
  }

  #mustBeClosed(path: string): void {
    if (this.open.has(path)) throw errno('EBUSY');
    if ([...this.open].some((open) => open.startsWith(path + sep))) throw errno('EPERM');
  }
}

function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}

export const NO_LINKS: Partial<FileSystem> = {
  linkSync: () => {
    throw errno('EISDIR');
  },
};

export interface Published {
  readonly publisher: Publisher;
  /** Names, and whether something was replaced. */
  readonly named: (readonly [string, boolean])[];
  isWanted: boolean;
}

/** `replaces`: the file that they go over. */
export function publisherOn(
  disk: WindowsDisk,
  name: string,
  replaces: string | null = null,
): Published {
  const journal = { append: () => undefined, sync: () => Promise.resolve() };
  const published: Published = {
    named: [],
    isWanted: true,
    publisher: new Publisher(
      {
        fs: disk.fs,
        journal: journal as unknown as Journal,
        directory: folder,
        token: TOKEN,
        targetOf: () => ({ directory: folder, name, replaces }),
        isWanted: () => published.isWanted,
        isSound: () => Promise.resolve(true),
        onLost: () => undefined,
        isRefused: () => false,
        onPublished: (_index, path, replaced) => published.named.push([path, replaced]),
      },
      disk.clock,
    ),
  };
  return published;
}

export function part(text = 'new'): { index: number; part: string; hash: string } {
  writeFileSync(here('.part'), text);
  return { index: 0, part: here('.part'), hash: '' };
}
