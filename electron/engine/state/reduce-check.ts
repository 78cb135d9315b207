import type { Check } from '../../../shared/model/check.ts';
import { lastDone } from '../../../shared/model/check.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';
import type { CheckEvent } from '../transfer/check-messages.ts';

/** Only what was delivered can be verified again. */
export function applyCheck(transfer: Transfer, event: CheckEvent, finishedAtMs: number): Transfer {
  if (transfer.phase !== 'delivered') return transfer;
  const check = checkAfter(transfer.check, event, finishedAtMs);
  const isLost = check?.state === 'failed' && check.failure.code === 'NO_RECEIPT';
  return { ...transfer, check, hasReceipt: transfer.hasReceipt && !isLost };
}

function checkAfter(before: Check | null, event: CheckEvent, finishedAtMs: number): Check | null {
  const last = lastDone(before);
  if (event.kind === 'checking') return { state: 'running', bytes: event.bytes, last };
  const { outcome } = event;
  switch (outcome.kind) {
    case 'done':
      return { state: 'done', ...outcome.result, finishedAtMs };
    case 'stopped':
      return last;
    case 'failed':
      return { state: 'failed', failure: outcome.failure, last };
  }
}
