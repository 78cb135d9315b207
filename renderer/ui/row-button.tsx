import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import styles from './icon-button.module.css';

interface RowButtonProps {
  readonly label: string;
  readonly onPress: () => void;
  /** An icon. */
  readonly children: ReactNode;
}

/** What can be done with one row of a long list. The arrow keys lead to it: Tab would meet each of them. */
export function RowButton({ label, onPress, children }: RowButtonProps) {
  return (
    <Button
      className={styles['button'] ?? ''}
      aria-label={label}
      excludeFromTabOrder
      onPress={onPress}
    >
      {children}
    </Button>
  );
}
