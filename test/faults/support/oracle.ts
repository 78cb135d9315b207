import { createHash } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { namesBelow } from '../../support/trees.ts';

/** Asks the independent reader (reader.mjs) what lies on the disk, and throws where it is wrong. */

export interface Version {
  readonly bytes: number;
  readonly sha256: string;
}

export interface Found extends Version {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'other';
}

/** What may be found in a folder; see reader.mjs. */
export interface Expected {
  readonly versions: Readonly<Record<string, readonly Version[]>>;
  readonly directories?: readonly string[];
  readonly must?: readonly string[];
  readonly whole?: Readonly<Record<string, readonly string[]>>;
  readonly numbered?: boolean;
  readonly leftovers?: boolean;
  readonly untouched?: Readonly<Record<string, Version>>;
  readonly beside?: { readonly root: string; readonly names: readonly string[] } | null;
}

export interface Verdict {
  readonly wrong: readonly string[];
  readonly found: readonly Found[];
  readonly hidden: readonly string[];
}

const PROGRAM = join(import.meta.dirname, 'reader.mjs');

class Reader {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (verdict: Verdict) => void>();
  #asked = 0;

  constructor() {
    const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    child.unref();
    for (const stream of [child.stdin, child.stdout]) (stream as unknown as Socket).unref();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { id, ...verdict } = JSON.parse(line) as Verdict & { id: number };
      this.#waiting.get(id)?.(verdict);
      this.#waiting.delete(id);
    });
  }

  async ask(question: object): Promise<Verdict> {
    const id = this.#asked++;
    const stdout = this.#process.stdout as unknown as Socket;
    stdout.ref();
    const verdict = await new Promise<Verdict>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.stdin?.write(`${JSON.stringify({ id, ...question })}\n`);
    });
    if (this.#waiting.size === 0) stdout.unref();
    return verdict;
  }
}

let reader: Reader | null = null;

/** Starts the reader: before a count of what is open. */
export function startReader(): void {
  reader ??= new Reader();
}

export async function look(root: string, expected: Expected): Promise<Verdict> {
  startReader();
  return (reader as unknown as Reader).ask({
    root,
    directories: [],
    must: [],
    whole: {},
    numbered: false,
    leftovers: false,
    untouched: {},
    beside: null,
    ...expected,
  });
}

/** Throws with everything that is wrong. */
export async function mustBeRight(root: string, expected: Expected): Promise<Verdict> {
  const verdict = await look(root, expected);
  if (verdict.wrong.length === 0) return verdict;
  const found = verdict.found.map(({ path, bytes }) => `${path} (${bytes})`).join(', ');
  throw new Error(`${verdict.wrong.join('; ')} — found: ${found}; ${verdict.hidden.join(', ')}`);
}

export function versionOf(content: Uint8Array): Version {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { bytes: content.length, sha256 };
}

export function versionAt(path: string): Version {
  return versionOf(readFileSync(path));
}

/** What a send of these paths makes of an empty folder, each thing once and whole. */
export function sentAs(
  paths: readonly string[],
): Required<Pick<Expected, 'versions' | 'directories' | 'whole' | 'untouched' | 'must'>> {
  const versions: Record<string, Version[]> = {};
  const untouched: Record<string, Version> = {};
  const whole: Record<string, string[]> = {};
  const directories: string[] = [];
  for (const path of paths) {
    const name = basename(path);
    const isFolder = statSync(path).isDirectory();
    if (isFolder) directories.push(name);
    const below = isFolder ? namesBelow(path) : [];
    const members = isFolder ? below.map((part) => `${name}/${part}`) : [name];
    members.forEach((member, n) => {
      const source = isFolder ? join(path, below[n] ?? '') : path;
      if (statSync(source).isDirectory()) directories.push(member);
      else {
        versions[member] = [versionAt(source)];
        untouched[source] = versionAt(source);
      }
    });
    if (isFolder) whole[name] = members;
  }
  const must = [...directories, ...Object.keys(versions)];
  return { versions, directories, whole, untouched, must };
}
