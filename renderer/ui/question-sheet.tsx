import { useId } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import styles from './question-sheet.module.css';

interface QuestionSheetProps {
  /** Below the heading that it stands under. */
  readonly level: 3 | 4;
  readonly title: ReactNode;
  readonly more: ReactNode;
  readonly no: string;
  readonly yes: string;
  readonly onNo: () => void;
  readonly onYes: () => Promise<void>;
  /** It covers what it is about. */
  readonly isRaised?: boolean;
}

/** Asks before something that cannot be brought back. It begins at the no, and Escape says no. */
export function QuestionSheet(props: QuestionSheetProps) {
  const { title, more, no, yes, onNo, onYes } = props;
  const id = useId();
  const Title = `h${props.level}` as const;
  return (
    <div
      role="alertdialog"
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}more`}
      className={styles['sheet']}
      data-raised={props.isRaised === true || undefined}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // It closes the question, and not the page round it.
        event.preventDefault();
        onNo();
      }}
    >
      <Title id={`${id}title`} className={styles['title']}>
        {title}
      </Title>
      <div id={`${id}more`} className={styles['more']}>
        {more}
      </div>
      <div className={styles['answers']}>
        <Button autoFocus onPress={onNo}>
          {no}
        </Button>
        <Button kind="strong" onPress={onYes}>
          {yes}
        </Button>
      </div>
    </div>
  );
}
