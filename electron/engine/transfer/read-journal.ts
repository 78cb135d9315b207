import { constants } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { decodeLines } from './journal-lines.ts';
import type { Fact, JournalContent, JournalHeader } from './journal-records.ts';
import { readFacts, readHeader, readRecords } from './journal-records.ts';
import type { FileSystem } from './ports.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';

/** Journals and receipts of a hundred thousand files: one takes a second to read, in which others want their turn. */

const CHUNK_BYTES = 64 * 1024;
const LINE_END = 0x0a;

/** Reads it in slices. null: it is not there, is not one of ours, or nobody wants it any more. */
export async function readInTurns(
  fs: FileSystem,
  path: string,
  isWanted: () => boolean,
): Promise<JournalContent | null> {
  const opening: unknown[] = [];
  const facts: Fact[] = [];
  try {
    for (const text of piecesOf(fs, path)) {
      for (const line of decodeLines(text)) {
        if (isOpening(line)) opening.push(line);
        else facts.push(...readFacts(line));
      }
      await setImmediate();
      if (!isWanted()) return null;
    }
  } catch {
    return null;
  }
  return readRecords(opening, facts);
}

/** Reads no more of it than its first lines that are sound. null: there is none that can be used. */
export function readFirst(fs: FileSystem, path: string): JournalHeader | null {
  try {
    for (const text of piecesOf(fs, path)) {
      for (const line of decodeLines(text)) {
        const header = readHeader(line);
        if (header !== null || line !== null) return header;
      }
    }
  } catch {
    return null;
  }
  return null;
}

/** The text of the file in pieces of whole lines. Throws what the disk does. */
function* piecesOf(fs: FileSystem, path: string): Generator<string> {
  const fd = fs.openSync(path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let begun: Buffer[] = [];
    for (let at = 0; ;) {
      const count = fs.readSync(fd, chunk, 0, CHUNK_BYTES, at);
      if (count === 0) break;
      at += count;
      const read = Buffer.from(chunk.subarray(0, count));
      const end = read.lastIndexOf(LINE_END) + 1;
      if (end === 0) begun.push(read);
      else {
        yield Buffer.concat([...begun, read.subarray(0, end)]).toString();
        begun = [read.subarray(end)];
      }
    }
    yield Buffer.concat(begun).toString();
  } finally {
    fs.closeSync(fd);
  }
}

function isOpening(line: unknown): boolean {
  const record: unknown =
    line !== null && typeof line === 'object' && 'record' in line ? line.record : null;
  return record === 'header' || record === 'list';
}
