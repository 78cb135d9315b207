import { toHex, transferHashSteps } from '../../../shared/protocol/hash-tree.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import type { Held } from '../../../shared/protocol/sender.ts';
import type { FileHashes } from './file-hashes.ts';
import { runningDigest } from './hash.ts';
import { hashedFiles } from './hashed-files.ts';
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
  const { source, held, hashes, algorithm } = sent;
  const files = hashedFiles(source.entries, (index) =>
    failed.has(index) || held.skipped.has(index) ? null : hashes.get(index),
  );
  return toHex(await inTurns(transferHashSteps(files, runningDigest(algorithm))));
}
