import type { ErrorCode } from '../../../shared/errors.ts';
import type { Problems, Transfer } from '../../../shared/model/transfer.ts';
import { NO_PROBLEMS } from '../../../shared/model/transfer.ts';
import { ProblemLine } from './problem-line.tsx';

/** What was left out, and what did not make it: never silently. */
export function ProblemLines({ transfer }: { readonly transfer: Transfer }) {
  const failed = transfer.phase === 'delivered' ? transfer.failed : NO_PROBLEMS;
  return (
    <>
      {failed.count > 0 && <ProblemLine problems={failed} k="window.problems.failed" />}
      {transfer.leftOut.count > 0 && (
        <ProblemLine problems={transfer.leftOut} k={leftOutKey(transfer.leftOut)} />
      )}
    </>
  );
}

const LEFT_OUT: Partial<Record<ErrorCode, 'window.problems.links' | 'window.problems.special'>> = {
  SOURCE_IS_LINK: 'window.problems.links',
  SOURCE_IS_SPECIAL: 'window.problems.special',
};

/** Where all that is known is of one kind, and all is known, it is called by its kind. */
function leftOutKey({ count, examples }: Problems) {
  const [first] = examples;
  const isOneKind =
    first !== undefined &&
    examples.length === count &&
    examples.every(({ code }) => code === first.code);
  return (isOneKind && LEFT_OUT[first.code]) || 'window.problems.leftOut';
}
