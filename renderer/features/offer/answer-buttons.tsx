import { useId } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './answer-buttons.module.css';

interface AnswerButtonsProps {
  readonly isArmed: boolean;
  readonly isStranger: boolean;
  /** There is no use in accepting as it is. */
  readonly isRefused: boolean;
  /** Stands beside the buttons, and moves none of them. */
  readonly choice: ReactNode;
  /** What accepting it is called. */
  readonly acceptWords: string;
  readonly onAccept: () => void;
  readonly onDecline: () => void;
  /** null: it goes to no folder. */
  readonly onSaveTo: (() => void) | null;
  /** null: there is no key to block. */
  readonly onBlock: (() => void) | null;
}

/** Enter is pressed by people who are typing: it answers yes only to somebody they know. */
function refuseEnter(event: KeyboardEvent): void {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  event.stopPropagation();
}

export function AnswerButtons(props: AnswerButtonsProps) {
  const { isArmed, isStranger, isRefused } = props;
  const hintId = useId();
  const guard = isStranger ? { onKeyDownCapture: refuseEnter } : {};
  const described = isStranger ? { 'aria-describedby': hintId } : {};
  return (
    <div className={styles['answers']}>
      <div className={styles['row']}>
        {props.choice}
        <div className={styles['buttons']}>
          <Button isArming={!isArmed} onPress={props.onDecline} data-decline="">
            {t('window.offer.decline')}
          </Button>
          {props.onSaveTo && (
            <Button isArming={!isArmed} onPress={props.onSaveTo} data-save-to="">
              {t('window.offer.saveTo')}
            </Button>
          )}
          <div className={styles['yes']} {...guard}>
            <Button
              kind="strong"
              isArming={!isArmed}
              isDisabled={isRefused}
              onPress={props.onAccept}
              {...described}
            >
              {props.acceptWords}
            </Button>
          </div>
        </div>
        {props.onBlock && (
          // Last for the keyboard, and away from the answers for the hand.
          <div className={styles['block']}>
            <Button kind="quiet" isArming={!isArmed} onPress={props.onBlock}>
              {t('window.offer.block')}
            </Button>
          </div>
        )}
      </div>
      {isStranger && (
        <p id={hintId} className={styles['hint']}>
          {t('window.offer.spaceOnly')}
        </p>
      )}
    </div>
  );
}
