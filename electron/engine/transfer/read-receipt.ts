import { constants } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { decodeLines } from './journal-lines.ts';
import type { Fact } from './journal-records.ts';
import { readFact, readRecords } from './journal-records.ts';
import type { FileSystem } from './ports.ts';
import { NON_BLOCKING, NO_FOLLOW } from './ports.ts';
import type { Receipt } from './receipt.ts';
import { receiptOf } from './receipt.ts';

const CHUNK_BYTES = 64 * 1024;
const LINE_END = 0x0a;

/**
 * Reads a receipt in slices: one of a hundred thousand files takes a second, in which others want their
 * turn. null: it is not there, is damaged where it may not be, or nobody wants it any more.
 */
export async function readReceipt(
  fs: FileSystem,
  path: string,
  isWanted: () => boolean,
): Promise<Receipt | null> {
  let fd: number;
  try {
    fd = fs.openSync(path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
  } catch {
    return null;
  }
  const opening: unknown[] = [];
  const facts: Fact[] = [];
  try {
    for (const text of linesOf(fs, fd)) {
      for (const line of decodeLines(text)) {
        if (isOpening(line)) opening.push(line);
        else facts.push(...[readFact(line)].filter((fact) => fact !== null));
      }
      await setImmediate();
      if (!isWanted()) return null;
    }
  } catch {
    return null;
  } finally {
    fs.closeSync(fd);
  }
  const content = readRecords(opening);
  return content && receiptOf({ ...content, facts });
}

/** The text of the file in pieces of whole lines. */
function* linesOf(fs: FileSystem, fd: number): Generator<string> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let begun: Buffer[] = [];
  for (let at = 0; ;) {
    const count = fs.readSync(fd, chunk, 0, CHUNK_BYTES, at);
    if (count === 0) break;
    at += count;
    const read = Buffer.from(chunk.subarray(0, count));
    const end = read.lastIndexOf(LINE_END) + 1;
    begun.push(read.subarray(0, end));
    if (end === 0) begun = [...begun.slice(0, -1), read];
    else {
      yield Buffer.concat(begun).toString();
      begun = [read.subarray(end)];
    }
  }
  yield Buffer.concat(begun).toString();
}

function isOpening(line: unknown): boolean {
  const record: unknown =
    line !== null && typeof line === 'object' && 'record' in line ? line.record : null;
  return record === 'header' || record === 'list';
}
