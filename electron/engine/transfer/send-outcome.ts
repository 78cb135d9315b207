import { toFailure } from '../../../shared/errors.ts';
import type { Problem } from '../../../shared/model/transfer.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import type { SendResult } from './send-session.ts';
import type { Source } from './source.ts';
import type { WorkerOutcome } from './worker-messages.ts';

/** How a transfer ended for its sender. `sentBytes`: over all its connections. */
export function sendOutcome(
  outcome: Outcome,
  result: SendResult,
  source: Source,
  sentBytes: number,
): WorkerOutcome {
  if (outcome.kind !== 'done') return outcome;
  const { done, hash, unwanted } = result;
  const failed = failedOf(result, source);
  return {
    kind: 'delivered',
    hash: hash && `${hash.algorithm}:${hash.hex}`,
    verified: true,
    files: done?.files ?? 0,
    bytes: done?.bytes ?? 0,
    sentBytes,
    failed: {
      count: Math.max((done?.failedCount ?? 0) - unwanted.files, failed.length),
      examples: failed.slice(0, MAX_PROBLEM_EXAMPLES),
    },
    savedAs: null,
  };
}

/** How one ended that this side gave up. */
export function brokenOff(why: unknown): WorkerOutcome {
  const failure = toFailure(why);
  return failure.code === 'CANCELLED'
    ? { kind: 'cancelled', by: 'us' }
    : { kind: 'failed', failure };
}

/** What failed here comes first: the receiver's word is not needed for it. */
function failedOf({ done, problems, unwanted }: SendResult, source: Source): Problem[] {
  const failed = new Map(problems.map((problem) => [problem.path, problem]));
  const wasDeclined = unwanted.files > 0;
  for (const { index, code } of done?.failed ?? []) {
    if (wasDeclined && code === 'DECLINED') continue; // nobody has failed at those
    const path = source.entries.at(index)?.path.join('/') ?? '';
    if (!failed.has(path)) failed.set(path, { path, code });
  }
  return [...failed.values()];
}
