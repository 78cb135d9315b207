import type { Plan } from '../../../shared/model/plan.ts';
import { Words, bytes, t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { Name } from '../../ui/name.tsx';
import styles from './place-line.module.css';

interface PlaceLineProps {
  readonly directory: string;
  /** Where there is too little room: how much, and the plan that says so. */
  readonly lack: { readonly plan: Plan; readonly missingBytes: number } | null;
  readonly onLook: () => void;
}

/** Where it will be saved, or why it cannot be saved there. */
export function PlaceLine({ directory, lack, onLook }: PlaceLineProps) {
  const path = <Name>{directory}</Name>;
  return (
    <div className={styles['place']}>
      <p role="status" className={lack === null ? styles['where'] : styles['lack']}>
        {lack === null ? (
          <Words k="window.offer.saveIn" gaps={{ path }} />
        ) : (
          <Words
            k="window.plan.noRoom"
            gaps={{
              path,
              missing: bytes(lack.missingBytes),
              reserve: bytes(lack.plan.reserveBytes),
            }}
          />
        )}
      </p>
      {lack !== null && (
        <Button kind="quiet" onPress={onLook}>
          {t('window.plan.lookAgain')}
        </Button>
      )}
    </div>
  );
}
