import { useEffect, useRef, useState } from 'react';
import type { PhaseName, Transfer, TransferId } from '../../../shared/model/transfer.ts';
import { useSnapshot } from '../../snapshot.ts';
import { itemsText, t } from '../../text.tsx';
import { shownName } from '../../ui/name.tsx';
import { phaseWords } from './phase-words.ts';

/** Tells those who cannot see it that a transfer has come a phase further. Never per cents. */
export function Announcer() {
  const { transfers } = useSnapshot();
  const known = useRef<ReadonlyMap<TransferId, PhaseName> | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const before = known.current;
    known.current = new Map(transfers.map(({ id, phase }) => [id, phase]));
    // What was there when the window opened is read where it stands.
    if (before === null) return;
    const news = transfers.filter(({ id, phase }) => before.get(id) !== phase);
    if (news.length > 0) setSaid(news.map(announcement).join('. '));
  }, [transfers]);
  return (
    <div role="status" aria-live="polite" className="only-heard">
      {said}
    </div>
  );
}

export function announcement(transfer: Transfer): string {
  const what = itemsText(transfer);
  const name = shownName(transfer.peer.name);
  if (transfer.phase === 'offered' && transfer.direction === 'receive') {
    return t('window.transfers.announceOffer', { name, what });
  }
  const key =
    transfer.direction === 'send' ? 'window.transfers.announceTo' : 'window.transfers.announceFrom';
  return t(key, { what, name, phase: phaseWords(transfer) });
}
