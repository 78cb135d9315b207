import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { DroplineError, isErrorCode } from '../../../shared/errors.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { FileState, ListedFile } from '../../../shared/model/file-list.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { MAX_ENTRIES } from '../../../shared/protocol/limits.ts';
import type { FileRows } from './file-rows.ts';
import type { FileSystem } from './ports.ts';
import { ownPath } from './sent-rows.ts';
import { FileMarks } from './sent-states.ts';
import { attempt } from './system-errors.ts';

/**
 * What became of the files of a send, as its thread leaves it on the disk: a line that tells of all of them,
 * then one for each. Only a number for each is held, however long their names are: what is looked at is read
 * again.
 */

const READ_BYTES = 256 * 1024;
/** More than the longest names of all files take. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024;
const NEW_LINE = 10;

const header = z.object({
  version: z.literal(1),
  /** The list that was offered. */
  entriesKey: z.string(),
  /** Where each top name lay. Of what a page held there are none. */
  roots: z.array(z.tuple([z.string(), z.string()])),
  count: z.int().min(0).max(MAX_ENTRIES),
  states: z.string(),
  reasons: z.string(),
  codes: z.array(z.custom<ErrorCode>(isErrorCode)),
});
export type SentHeader = z.infer<typeof header>;

/** The folder of a home that they are kept in. */
export function sentListsIn(home: string): string {
  return join(home, 'sent-files');
}

export function sentListName(transferId: TransferId): string {
  return `${transferId}.jsonl`;
}

/** How long it is, and what it is called. */
type Row = readonly [number, string];
const NOTHING: Row = [0, ''];

export class SentList implements FileRows {
  readonly entriesKey: string;
  readonly roots: ReadonlyMap<string, string>;
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #marks: FileMarks;
  /** Where each line begins, and where the last one ends. */
  readonly #starts: Uint32Array;

  private constructor(fs: FileSystem, path: string, said: SentHeader, starts: Uint32Array) {
    this.#fs = fs;
    this.#path = path;
    this.#starts = starts;
    this.entriesKey = said.entriesKey;
    this.roots = new Map(said.roots);
    const [states, reasons] = [said.states, said.reasons].map((text) => bytesOf(text));
    this.#marks = new FileMarks(states ?? bytesOf(''), reasons ?? bytesOf(''), said.codes);
  }

  /** null: there is none, or it is damaged. */
  static async open(fs: FileSystem, path: string): Promise<SentList | null> {
    try {
      const { first, starts } = await linesOf(fs, path);
      const said = header.parse(JSON.parse(first));
      if (starts.length !== said.count + 1) return null;
      return new SentList(fs, path, said, starts);
    } catch {
      return null;
    }
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  state(at: number): FileState {
    return this.#marks.state(at);
  }

  paths(places: readonly number[]): readonly string[] {
    return this.#rows(places).map(([, path]) => path);
  }

  read(places: readonly number[]): readonly ListedFile[] {
    const rows = this.#rows(places);
    return places.map((at, n) => {
      const [bytes, path] = rows[n] ?? NOTHING;
      const [state, code] = [this.#marks.state(at), this.#marks.code(at)];
      return { at, path, bytes, state, code, renamedTo: null, savedAs: ownPath(this.roots, path) };
    });
  }

  #rows(places: readonly number[]): readonly Row[] {
    const fd = this.#fs.openSync(this.#path, 'r');
    try {
      return runsOf(places).flatMap(([from, to]) => this.#run(fd, from, to));
    } finally {
      attempt(() => {
        this.#fs.closeSync(fd);
      });
    }
  }

  #run(fd: number, from: number, to: number): readonly Row[] {
    const start = this.#starts[from] ?? 0;
    const bytes = Buffer.alloc((this.#starts[to] ?? start) - start);
    const count = this.#fs.readSync(fd, bytes, 0, bytes.length, start);
    return bytes
      .toString('utf8', 0, count)
      .split('\n', to - from)
      .map(rowOf);
  }
}

/** Throws where it is damaged. By hand: there are a hundred thousand. */
function rowOf(line: string): Row {
  const row: unknown = JSON.parse(line);
  const [bytes, path] = Array.isArray(row) ? (row as readonly unknown[]) : [];
  if (typeof bytes === 'number' && typeof path === 'string') return [bytes, path];
  throw new DroplineError('NO_FILE_LIST');
}

/** What stands side by side is read at once. */
function runsOf(places: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const at of places) {
    const last = runs.at(-1);
    if (last?.[1] === at) last[1] = at + 1;
    else runs.push([at, at + 1]);
  }
  return runs;
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** The first line, and where the others begin and end. Throws what the disk does. */
async function linesOf(
  fs: FileSystem,
  path: string,
): Promise<{ readonly first: string; readonly starts: Uint32Array }> {
  const fd = fs.openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(READ_BYTES);
    const starts = new Uint32Array(MAX_ENTRIES + 2);
    const before: Buffer[] = [];
    let lines = 0;
    for (let offset = 0; ;) {
      const count = fs.readSync(fd, chunk, 0, chunk.length, offset);
      if (count === 0) break;
      if (lines === 0) before.push(Buffer.from(chunk.subarray(0, count)));
      if (before.length * READ_BYTES > MAX_HEADER_BYTES) break;
      for (let at = chunk.indexOf(NEW_LINE); at >= 0 && at < count;) {
        if (lines < starts.length) starts[lines++] = offset + at + 1;
        at = chunk.indexOf(NEW_LINE, at + 1);
      }
      offset += count;
      await setImmediate();
    }
    const first = Buffer.concat(before).toString('utf8', 0, Math.max(0, (starts[0] ?? 0) - 1));
    return { first, starts: starts.slice(0, lines) };
  } finally {
    attempt(() => {
      fs.closeSync(fd);
    });
  }
}
