import type { ErrorCode } from '../../../shared/errors.ts';
import type { Problem, Problems, Transfer } from '../../../shared/model/transfer.ts';
import { NO_PROBLEMS } from '../../../shared/model/transfer.ts';
import { Words, failureWords, t } from '../../text.tsx';
import { Name } from '../../ui/name.tsx';
import styles from './problem-lines.module.css';

/** So many are named in the line itself. */
const NAMED = 3;

/** What was left out, and what did not make it: never silently. */
export function ProblemLines({ transfer }: { readonly transfer: Transfer }) {
  const failed = transfer.phase === 'delivered' ? transfer.failed : NO_PROBLEMS;
  return (
    <>
      {failed.count > 0 && <Line problems={failed} k="window.problems.failed" />}
      {transfer.leftOut.count > 0 && (
        <Line problems={transfer.leftOut} k={leftOutKey(transfer.leftOut)} />
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

function Line({
  problems,
  k,
}: {
  readonly problems: Problems;
  readonly k: 'window.problems.failed' | ReturnType<typeof leftOutKey>;
}) {
  const { count, examples } = problems;
  const named = examples.slice(0, NAMED);
  const names = (
    <>
      {named.map(({ path }, at) => (
        <span key={path}>
          {at > 0 && ', '}
          <Name>{path}</Name>
        </span>
      ))}
      {count > named.length && ` ${t('window.size.more', { count: count - named.length })}`}
    </>
  );
  return (
    <details className={styles['problems']}>
      <summary>
        <Words k={k} count={count} gaps={{ names }} />
      </summary>
      {examples.length < count && (
        <p>{t('window.problems.firstOf', { shown: examples.length, count })}</p>
      )}
      <ul>
        {examples.map((problem) => (
          <li key={problem.path}>
            <Words
              k="window.problems.why"
              gaps={{ path: <Name>{problem.path}</Name>, reason: reason(problem) }}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}

function reason({ code }: Problem): string {
  return failureWords({ code, details: {} }).what;
}
