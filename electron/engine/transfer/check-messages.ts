import type { Failure } from '../../../shared/errors.ts';
import type { CheckResult } from '../../../shared/model/check.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';

/** What became of verifying a received transfer again. */
export type CheckOutcome =
  | { readonly kind: 'done'; readonly result: CheckResult }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type CheckEvent =
  | { readonly kind: 'checking'; readonly transferId: TransferId; readonly bytes: number }
  | { readonly kind: 'checked'; readonly transferId: TransferId; readonly outcome: CheckOutcome };
