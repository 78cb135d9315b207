import { useEffect, useRef, useState } from 'react';
import { lastDone } from '../../../shared/model/check.ts';
import type { Transfer, TransferId } from '../../../shared/model/transfer.ts';
import { usePart } from '../../snapshot.ts';
import { checkWords, itemsText, t } from '../../text.tsx';
import { shownName } from '../../ui/name.tsx';
import { phaseWords } from './phase-words.ts';

/** Tells those who cannot see it that a transfer has come a phase further. Never per cents. */
export function Announcer() {
  const transfers = usePart('transfers');
  const known = useRef<ReadonlyMap<TransferId, string> | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const before = known.current;
    known.current = new Map(transfers.map((transfer) => [transfer.id, stateOf(transfer)]));
    // What was there when the window opened is read where it stands.
    if (before === null) return;
    const news = transfers.filter((transfer) => before.get(transfer.id) !== stateOf(transfer));
    const said = news.map((transfer) =>
      before.has(transfer.id) ? announcement(transfer) : phaseAnnouncement(transfer),
    );
    if (said.length > 0) setSaid(said.join(t('join.stop')));
  }, [transfers]);
  return (
    <div role="status" aria-live="polite" className="only-heard">
      {said}
    </div>
  );
}

/** Changes with all that is announced: verifying again when it is done, and not while it runs. */
function stateOf(transfer: Transfer): string {
  const check = transfer.phase === 'delivered' ? lastDone(transfer.check) : null;
  return check === null ? transfer.phase : `checked ${check.finishedAtMs}`;
}

export function announcement(transfer: Transfer): string {
  const check = transfer.phase === 'delivered' ? lastDone(transfer.check) : null;
  if (check === null) return phaseAnnouncement(transfer);
  const name = shownName(transfer.peer.name);
  return t('window.check.announce', { what: itemsText(transfer), name, found: checkWords(check) });
}

function phaseAnnouncement(transfer: Transfer): string {
  const what = itemsText(transfer);
  const name = shownName(transfer.peer.name);
  if (transfer.phase === 'offered' && transfer.direction === 'receive') {
    const { content } = transfer;
    if (content !== undefined) return t(`window.offer.${content}`, { name });
    return t('window.transfers.announceOffer', { name, what });
  }
  const key =
    transfer.direction === 'send' ? 'window.transfers.announceTo' : 'window.transfers.announceFrom';
  return t(key, { what, name, phase: phaseWords(transfer) });
}
