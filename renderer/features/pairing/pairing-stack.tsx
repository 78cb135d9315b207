import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { PairingCard } from './pairing-card.tsx';
import styles from './pairing.module.css';

/** The codes that wait to be compared. They block nothing: an offer can be answered before or after. */
export function PairingStack() {
  const pairings = usePart('pairings');
  if (pairings.length === 0) return null;
  return (
    <section className={styles['stack']} aria-label={t('window.pairing.region')}>
      {pairings.map((pairing) => (
        <PairingCard key={pairing.pairingId} pairing={pairing} />
      ))}
    </section>
  );
}
