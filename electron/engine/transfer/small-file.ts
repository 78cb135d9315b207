import { DroplineError } from '../../../shared/errors.ts';
import type { Digest } from '../../../shared/protocol/hash-tree.ts';
import type { EffortMeter } from './effort-meter.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { FileAtHand } from './source.ts';

/** So many share a write, and each is one block. */
export const SMALL_FILE_BYTES = 64 * 1024;

interface SmallFile {
  readonly index: number;
  readonly bytes: number;
  readonly file: FileAtHand;
}

/**
 * Reads a file of one block at once into what is sent, with its frames around it, and answers its hash. null:
 * something was done to it meanwhile, so that it has to be read again; nothing of it is sent then. Throws
 * SOURCE_CHANGED, SOURCE_UNREADABLE.
 */
export function sendSmallFile(
  { index, bytes, file }: SmallFile,
  writer: FrameWriter,
  digest: Digest,
  meter: EffortMeter,
): Uint8Array | null {
  const target = writer.reserveFile(bytes);
  if (bytes > 0 && meter.disk(() => file.read(target, 0)) < bytes) {
    throw new DroplineError('SOURCE_CHANGED');
  }
  if (file.check() !== file.stamp) return null;
  const hash = digest(bytes > 0 ? digest(target) : target);
  writer.commitFile(index, bytes, hash);
  return hash;
}
