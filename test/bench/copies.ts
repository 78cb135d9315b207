import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether a copy is one: every name, kind and byte, and where it is promised times and exec bits. It
 * knows nothing of any contender.
 */
export interface Fingerprint {
  readonly content: string;
  /** With times in whole seconds and exec bits. */
  readonly metadata: string;
  readonly entries: number;
}

const BLOCK_BYTES = 1024 * 1024;
const EXEC_BITS = 0o111;

export function fingerprint(path: string): Fingerprint {
  const content = createHash('sha256');
  const metadata = createHash('sha256');
  let entries = 0;
  for (const [name, at] of walk(path, '.')) {
    const stat = lstatSync(at);
    const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
    content.update(JSON.stringify([name, kind, stat.isFile() ? hashFile(at) : '']));
    if (stat.isFile()) {
      const seconds = Math.floor(stat.mtimeMs / 1000);
      metadata.update(JSON.stringify([name, seconds, (stat.mode & EXEC_BITS) !== 0]));
    }
    entries++;
  }
  return { content: content.digest('hex'), metadata: metadata.digest('hex'), entries };
}

/** null: it is a true copy. */
export function differenceOf(
  source: Fingerprint,
  copy: Fingerprint,
  keepsMetadata: boolean,
): string | null {
  if (copy.entries !== source.entries) return `${copy.entries} entries of ${source.entries}`;
  if (copy.content !== source.content) return 'names or bytes differ';
  if (keepsMetadata && copy.metadata !== source.metadata) return 'times or exec bits differ';
  return null;
}

function* walk(at: string, name: string): Generator<readonly [string, string]> {
  yield [name, at];
  if (!lstatSync(at).isDirectory()) return;
  for (const entry of readdirSync(at).sort()) yield* walk(join(at, entry), `${name}/${entry}`);
}

const block = Buffer.alloc(BLOCK_BYTES);

function hashFile(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  for (;;) {
    const bytes = readSync(file, block);
    if (bytes === 0) break;
    hash.update(block.subarray(0, bytes));
  }
  closeSync(file);
  return hash.digest('hex');
}
