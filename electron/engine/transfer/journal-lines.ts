import { createHash } from 'node:crypto';

/**
 * The lines of a journal: each carries a checksum of its own, so that a line which a crash cut short, or
 * a disk has damaged, is told from a whole one wherever it stands.
 */

const CHECKSUM_DIGITS = 16;

/** Empty lines between two copies of one: no sector of a disk holds a part of both. */
export const GAP = '\n'.repeat(4096);

export function encodeLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksumOf(json)} ${json}\n`;
}

/** Damaged lines are null; the empty ones between them are passed over. */
export function decodeLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(decodeLine);
}

function decodeLine(line: string): unknown {
  const json = line.slice(CHECKSUM_DIGITS + 1);
  if (line.slice(0, CHECKSUM_DIGITS) !== checksumOf(json)) return null;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return null;
  }
}

function checksumOf(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, CHECKSUM_DIGITS);
}
