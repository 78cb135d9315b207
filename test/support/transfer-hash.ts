import type { Digest, HashedFile } from '../../shared/protocol/hash-tree.ts';
import { transferHashSteps } from '../../shared/protocol/hash-tree.ts';
import { atOnce } from '../../shared/protocol/steps.ts';

/** The hash of a transfer of few files, by a hash of whole pieces. */
export function transferHash(files: readonly HashedFile[], digest: Digest): Uint8Array {
  const pieces: Uint8Array[] = [];
  const update = (bytes: Uint8Array): void => void pieces.push(bytes.slice());
  const finish = (): Uint8Array => digest(Buffer.concat(pieces));
  return atOnce(transferHashSteps(files, { update, finish }));
}
