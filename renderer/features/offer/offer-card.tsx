import { useEffect, useId, useRef, useState } from 'react';
import type { Transfer } from '../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { useSnapshot } from '../../snapshot.ts';
import { Words, bytes, t } from '../../text.tsx';
import { Name } from '../../ui/name.tsx';
import { useArmed } from './arming.ts';
import { AnswerButtons } from './answer-buttons.tsx';
import { mayTakeFocus } from './offer-focus.ts';
import { OfferedItems } from './offered-items.tsx';
import { SaveToForm } from './save-to-form.tsx';
import styles from './offer-card.module.css';

interface OfferCardProps {
  readonly offer: Transfer;
  /** Which one from the top: it has moved when this changes. */
  readonly place: number;
  readonly onFocusTaken: (from: Element | null) => void;
}

/** One offer: who, what, how much, where to, and the answer. It blocks nothing else in the window. */
export function OfferCard({ offer, place, onFocusTaken }: OfferCardProps) {
  const { self } = useSnapshot();
  const bridge = useBridge();
  const ask = useAsk();
  const titleId = useId();
  const card = useRef<HTMLDivElement>(null);
  const isArmed = useArmed(String(place));
  const [isNaming, setNaming] = useState(false);
  const [isAnswering, setAnswering] = useState(false);

  useEffect(() => {
    const from = document.activeElement;
    if (!mayTakeFocus(from)) return;
    onFocusTaken(from);
    card.current?.querySelector<HTMLElement>('[data-decline]')?.focus();
    // Only when it comes: the focus is never taken twice.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  async function answer(accept: boolean, folderId: string | null = null): Promise<void> {
    if (!isArmed || isAnswering) return;
    setAnswering(true);
    await ask(bridge.call('answer', { transferId: offer.id, accept, folderId }));
    setAnswering(false);
  }

  async function saveTo(): Promise<void> {
    if (!isArmed) return;
    const { folders } = bridge;
    if (folders.by === 'name') {
      setNaming(true);
      return;
    }
    const folder = await ask(folders.choose());
    if (folder !== null) await answer(true, folder.folderId);
  }

  return (
    <div
      ref={card}
      role="dialog"
      aria-modal="false"
      aria-labelledby={titleId}
      className={styles['card']}
      data-offer={offer.id}
    >
      <h2 id={titleId} className={styles['title']}>
        <Title offer={offer} />
      </h2>
      <Sender offer={offer} />
      <OfferedItems offer={offer} />
      <p className={styles['totals']}>{totalsText(offer)}</p>
      {isNaming && bridge.folders.by === 'name' ? (
        <SaveToForm
          name={bridge.folders.name}
          example={self.directory}
          isArmed={isArmed && !isAnswering}
          onNamed={(folderId) => answer(true, folderId)}
          onBack={() => setNaming(false)}
        />
      ) : (
        <>
          <p className={styles['where']}>
            <Words k="window.offer.saveIn" gaps={{ path: <Name>{self.directory}</Name> }} />
          </p>
          <AnswerButtons
            isArmed={isArmed && !isAnswering}
            isStranger={!offer.peer.verified}
            onAccept={() => answer(true)}
            onDecline={() => answer(false)}
            onSaveTo={saveTo}
          />
        </>
      )}
    </div>
  );
}

function Title({ offer }: { readonly offer: Transfer }) {
  const name = <Name>{offer.peer.name}</Name>;
  const [only] = offer.items;
  if (offer.itemCount !== 1 || only === undefined) {
    return <Words k="window.offer.items" count={offer.itemCount} gaps={{ name }} />;
  }
  const what = <Name>{only.name}</Name>;
  return <Words k={`window.offer.${only.kind}`} gaps={{ name, what }} />;
}

const SHORT_ID = /^(.{4})(.{4})(.{4}).*$/;

function Sender({ offer: { peer, mode } }: { readonly offer: Transfer }) {
  return (
    <p className={styles['sender']}>
      {mode === 'plain' ? (
        <span className={styles['stranger']}>{t('window.plain.mark')}</span>
      ) : peer.verified ? (
        <span className={styles['known']}>{t('window.offer.verified')}</span>
      ) : (
        <span className={styles['stranger']} title={t('window.offer.notVerifiedMore')}>
          {t('window.offer.notVerified')}
        </span>
      )}
      {peer.id !== null && (
        <span className={styles['id']}>
          {t('window.offer.id', { id: peer.id.replace(SHORT_ID, '$1 $2 $3') })}
        </span>
      )}
      <span>{t('window.offer.at', { address: peer.address })}</span>
    </p>
  );
}

function totalsText({ totals, mode }: Transfer): string {
  const said = [t('window.size.files', { count: totals.files })];
  if (totals.directories > 0) said.push(t('window.size.folders', { count: totals.directories }));
  // The bare exchange tells no size.
  if (mode === 'tls' || totals.bytes > 0) said.push(bytes(totals.bytes));
  return said.join(' · ');
}
