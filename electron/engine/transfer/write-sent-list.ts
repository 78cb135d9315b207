import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { OpenElsewhere, SCANNER_PATIENCE_MS } from './open-elsewhere.ts';
import type { FileSystem } from './ports.ts';
import type { SendOffer } from './send-offer.ts';
import type { SentHeader } from './sent-list.ts';
import { LiveRows, listedPath } from './sent-rows.ts';
import { attempt } from './system-errors.ts';

/** As many as the transfers that are still shown one by one. */
const MAX_SENT_LISTS = 200;
/** All lists together, the newest always. */
const MAX_SENT_LISTS_BYTES = 64 * 1024 * 1024;
const ROWS_AT_ONCE = 1_000;
/** Writes what became of the files of an offer. Throws what the disk does. */
export async function writeSentList(fs: FileSystem, path: string, offer: SendOffer): Promise<void> {
  const { source } = offer.prepared;
  const rows = new LiveRows(source, offer.states);
  const marks = offer.states.marksOf(rows.indexes);
  const said: SentHeader = {
    version: 1,
    entriesKey: offer.entriesKey,
    roots: [...(source.roots ?? [])],
    count: rows.count,
    states: Buffer.from(marks.states).toString('base64'),
    reasons: Buffer.from(marks.reasons).toString('base64'),
    codes: marks.codes,
  };
  const temporary = `${path}.part`;
  const fd = fs.openSync(temporary, 'w', 0o600);
  try {
    write(fs, fd, `${JSON.stringify(said)}\n`);
    for (let from = 0; from < rows.count; from += ROWS_AT_ONCE) {
      const lines = [...rows.indexes.subarray(from, from + ROWS_AT_ONCE)].map((index) =>
        rowOf(source.entries.at(index)),
      );
      write(fs, fd, lines.join(''));
      await setImmediate();
    }
  } finally {
    fs.closeSync(fd);
  }
  await new OpenElsewhere(fs, () => true).outwait(
    path,
    () => {
      fs.renameSync(temporary, path);
    },
    SCANNER_PATIENCE_MS,
  );
}

function rowOf(entry: Entry | undefined): string {
  const bytes = entry?.kind === 'file' ? entry.bytes : 0;
  return `${JSON.stringify([bytes, listedPath(entry)])}\n`;
}

function write(fs: FileSystem, fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += fs.writeSync(fd, bytes, at, bytes.length - at);
}

/** Removes the oldest of those that are too many, or too long together. Never throws. */
export function pruneSentLists(
  fs: FileSystem,
  folder: string,
  mostBytes = MAX_SENT_LISTS_BYTES,
): void {
  attempt(() => {
    const lists = fs.readdirSync(folder).map((name) => {
      const path = join(folder, name);
      const { mtimeMs, size } = fs.statSync(path);
      return { path, mtimeMs, size };
    });
    let bytes = 0;
    for (const [at, { path, size }] of lists.sort((a, b) => b.mtimeMs - a.mtimeMs).entries()) {
      bytes += size;
      if (at > 0 && (at >= MAX_SENT_LISTS || bytes > mostBytes)) fs.unlinkSync(path);
    }
  });
}
