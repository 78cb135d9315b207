import type { HashedFile } from '../../../shared/protocol/hash-tree.ts';
import { toHex, transferHashSteps } from '../../../shared/protocol/hash-tree.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import type { Held } from '../../../shared/protocol/sender.ts';
import type { FileHashes } from './file-hashes.ts';
import { runningDigest } from './hash.ts';
import type { Source } from './source.ts';
import { inTurns } from './turns.ts';

interface Sent {
  readonly source: Source;
  readonly held: Held;
  readonly hashes: FileHashes;
  readonly algorithm: HashAlgorithm;
}

/** Of all files that were sent whole or that the receiver has, as hex; in turns. */
export async function sentHashHex(
  sent: Sent,
  failed: { has(index: number): boolean },
): Promise<string> {
  return toHex(
    await inTurns(transferHashSteps(hashed(sent, failed), runningDigest(sent.algorithm))),
  );
}

function* hashed(
  { source, held, hashes }: Sent,
  failed: { has(index: number): boolean },
): Generator<HashedFile> {
  for (const [index, { path }] of source.entries.entries()) {
    const isLeftOut = failed.has(index) || held.skipped.has(index);
    const hash = isLeftOut ? null : hashes.get(index);
    if (hash) yield { path, hash };
  }
}
