import { useEffect, useRef } from 'react';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { OfferCard } from './offer-card.tsx';
import { nextDecline } from './offer-focus.ts';
import styles from './offer-stack.module.css';

/** Every offer that waits for an answer, the oldest first, so that a new one moves none of the others. */
export function OfferStack() {
  const transfers = usePart('transfers');
  const offers = transfers
    .filter(({ phase, direction }) => phase === 'offered' && direction === 'receive')
    .toReversed();
  const lastFocus = useRef<Element | null>(null);
  const count = offers.length;

  useEffect(() => {
    // An answered card takes the focus with it: the next card gets it, or what had it before all of them.
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const back = nextDecline() ?? lastFocus.current;
    if (back instanceof HTMLElement && back.isConnected) back.focus();
  }, [count]);

  if (count === 0) return null;
  return (
    <section className={styles['stack']} aria-label={t('window.offer.region')}>
      {offers.map((offer, at) => (
        <OfferCard
          key={offer.id}
          offer={offer}
          place={at}
          onFocusTaken={(from) => {
            lastFocus.current = from;
          }}
        />
      ))}
    </section>
  );
}
