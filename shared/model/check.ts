import type { Failure } from '../errors.ts';
import type { Problems } from './problems.ts';

/** What "verify again" found: what is on the disk now, against what arrived. */
export interface CheckResult {
  /** All that had arrived. */
  readonly files: number;
  readonly intact: number;
  /** Something else stands under the name now. */
  readonly changed: Problems;
  readonly missing: Problems;
  /** Nothing can be said of these: they, or their line of the receipt, cannot be read. */
  readonly unchecked: Problems;
}

export interface DoneCheck extends CheckResult {
  readonly state: 'done';
  readonly finishedAtMs: number;
}

/** `last`: what the one before found, which counts until this one is done. */
export type Check =
  | DoneCheck
  | { readonly state: 'running'; readonly bytes: number; readonly last: DoneCheck | null }
  | { readonly state: 'failed'; readonly failure: Failure; readonly last: DoneCheck | null };

export function lastDone(check: Check | null): DoneCheck | null {
  if (check === null) return null;
  return check.state === 'done' ? check : check.last;
}

/** Every file is there, as it arrived. */
export function isIntact({ files, intact }: CheckResult): boolean {
  return intact === files;
}
