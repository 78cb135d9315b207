import type { ErrorCode } from '../errors.ts';
import type { MessageOf } from './messages.ts';
import type { FileProblem } from './receiver-state.ts';

/** What a receiver says of the files that do not come (PROTOCOL.md §5.10, §5.12). */

/** One message for each reason: a list of all indexes that an offer can have fits a frame. */
export function skipsOf(skip: readonly FileProblem[]): MessageOf<'skip'>[] {
  return [...byReason(skip)].map(([code, indexes]) => ({ type: 'skip', code, indexes }));
}

export function byReason(problems: Iterable<FileProblem>): Map<ErrorCode, number[]> {
  const byCode = new Map<ErrorCode, number[]>();
  for (const { index, code } of problems) {
    const indexes = byCode.get(code);
    if (indexes) indexes.push(index);
    else byCode.set(code, [index]);
  }
  return byCode;
}

/** What was not chosen stands last: it leaves room for what has failed. */
export function problemsOf(
  skipped: ReadonlyMap<number, ErrorCode>,
  failed: readonly FileProblem[],
): FileProblem[] {
  const skips = [...skipped].map(([index, code]) => ({ index, code }));
  return [
    ...skips.filter(({ code }) => code !== 'DECLINED'),
    ...failed.filter(({ index }) => !skipped.has(index)),
    ...skips.filter(({ code }) => code === 'DECLINED'),
  ];
}
