import type { ErrorCode, Failure } from '../../../shared/errors.ts';
import type { Problems } from '../../../shared/model/transfer.ts';

/** How a transfer ended, as the worker saw it. */
export type WorkerOutcome =
  | {
      readonly kind: 'delivered';
      readonly hash: string | null;
      readonly verified: boolean;
      readonly files: number;
      readonly bytes: number;
      readonly sentBytes: number;
      readonly failed: Problems;
      readonly savedAs: string | null;
      readonly existing?: MetExisting;
    }
  | { readonly kind: 'declined'; readonly code: ErrorCode }
  | { readonly kind: 'cancelled'; readonly by: 'us' | 'peer' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What became of files that were there already. */
export interface MetExisting {
  /** They gave way, and are kept. */
  readonly replaced: number;
  /** They were what was offered. */
  readonly identical: number;
}
