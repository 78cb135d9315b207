import type { Problem, Problems } from '../../../shared/model/transfer.ts';
import { Words, failureWords, t } from '../../text.tsx';
import type { TextKey } from '../../text.tsx';
import { Name } from '../../ui/name.tsx';
import styles from './problem-line.module.css';

/** So many are named in the line itself. */
const NAMED = 3;

/** How many there are and the first of them by name; opened, each with its reason. */
export function ProblemLine({ problems, k }: { readonly problems: Problems; readonly k: TextKey }) {
  const { count, examples } = problems;
  const named = examples.slice(0, NAMED);
  const names = (
    <>
      {named.map(({ path }, at) => (
        <span key={path}>
          {at > 0 && t('join.comma')}
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
