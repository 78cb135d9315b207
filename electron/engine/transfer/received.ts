import { limitOf } from '../../../shared/model/limit.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import type { Counts } from './count-reporter.ts';
import type { Delivery } from './destination.ts';
import type { ReceiveSession } from './receive-session.ts';
import type { WorkerOutcome } from './worker-messages.ts';

/** What a session that came to its end has brought. */
export function delivered(session: ReceiveSession, delivery: Delivery | null): WorkerOutcome {
  const report = delivery?.report();
  const problems = report?.problems ?? [];
  return {
    kind: 'delivered',
    hash: delivery?.transferHash ?? null,
    verified: true,
    files: report?.files ?? 0,
    bytes: report?.bytes ?? 0,
    sentBytes: session.receivedBytes,
    failed: { count: problems.length, examples: problems.slice(0, MAX_PROBLEM_EXAMPLES) },
    savedAs: delivery?.savedAs ?? null,
    existing: delivery?.met.counts ?? { replaced: 0, identical: 0 },
  };
}

/** How far a session is. */
export function countsOf(session: ReceiveSession, delivery: Delivery): Counts {
  return {
    bytes: session.keptBytes - delivery.takenBackBytes + session.receivedBytes,
    files: session.delivery?.wholeFiles.size ?? 0,
    limitedBy: limitOf(session.meter.effort, null),
    paused: session.paused,
  };
}
