import { useId } from 'react';
import type { KeyboardEvent } from 'react';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './answer-buttons.module.css';

interface AnswerButtonsProps {
  readonly isArmed: boolean;
  readonly isStranger: boolean;
  readonly onAccept: () => void;
  readonly onDecline: () => void;
  readonly onSaveTo: () => void;
}

/** Enter is pressed by people who are typing: it answers yes only to somebody they know. */
export function refuseEnter(event: KeyboardEvent): void {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  event.stopPropagation();
}

export function AnswerButtons(props: AnswerButtonsProps) {
  const { isArmed, isStranger } = props;
  const hintId = useId();
  const guard = isStranger ? { onKeyDownCapture: refuseEnter } : {};
  const described = isStranger ? { 'aria-describedby': hintId } : {};
  return (
    <div className={styles['answers']}>
      <Button isArming={!isArmed} onPress={props.onDecline} data-decline="">
        {t('window.offer.decline')}
      </Button>
      <div className={styles['yes']} {...guard}>
        <Button isArming={!isArmed} onPress={props.onSaveTo} {...described}>
          {t('window.offer.saveTo')}
        </Button>
        <Button kind="strong" isArming={!isArmed} onPress={props.onAccept} {...described}>
          {t('window.offer.accept')}
        </Button>
      </div>
      {isStranger && (
        <p id={hintId} className={styles['hint']}>
          {t('window.offer.spaceOnly')}
        </p>
      )}
    </div>
  );
}
