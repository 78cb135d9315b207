import { MAX_COMPONENT_BYTES, MAX_FILE_BYTES, MAX_PATH_DEPTH } from './limits.ts';

/** One file or directory of an offer. The path is the sender's; the receiver plans its own from it. */
export type Entry =
  | {
      kind: 'file';
      path: readonly string[];
      bytes: number;
      modifiedUs?: number | undefined;
      executable?: boolean | undefined;
    }
  | { kind: 'directory'; path: readonly string[]; modifiedUs?: number | undefined };

/**
 * An entry as PROTOCOL.md §5.3 has it; null: malformed. By hand, as a list may hold a hundred thousand, of
 * each of which a schema would make an account of its own. Unknown fields are left out.
 */
export function readEntry(value: unknown): Entry | null {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, path, bytes, modifiedUs, executable, compression } = value as Record<
    string,
    unknown
  >;
  // a name kept for a feature that this version does not have: ignoring it would garble a file
  if (compression !== undefined || !isPath(path)) return null;
  // times outside what a file system can hold are dropped, not refused: they cost nobody a file
  const time = isCount(modifiedUs) ? { modifiedUs } : null;
  if (kind === 'directory') return { kind, path, ...time };
  if (kind !== 'file' || !isCount(bytes)) return null;
  if (executable === undefined) return { kind, path, bytes, ...time };
  return typeof executable === 'boolean' ? { kind, path, bytes, ...time, executable } : null;
}

function isCount(value: unknown): value is number {
  return (
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MAX_FILE_BYTES
  );
}

function isPath(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > MAX_PATH_DEPTH) return false;
  return value.every(
    (name) => typeof name === 'string' && name.length >= 1 && name.length <= MAX_COMPONENT_BYTES,
  );
}
