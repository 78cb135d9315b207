import { useEffect, useRef, useState } from 'react';
import type { PairingId } from '../../../shared/model/pairing.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { shownName } from '../../ui/name.tsx';

/** Tells those who cannot see it that a code is there to be compared, and that a device was paired. */
export function PairingAnnouncer() {
  const pairings = usePart('pairings');
  const paired = usePart('paired');
  const shown = useRef<ReadonlySet<PairingId>>(new Set());
  const known = useRef<ReadonlySet<PeerId> | null>(null);
  const [said, setSaid] = useState('');

  useEffect(() => {
    const coded = pairings.filter(({ code }) => code !== null);
    const news = coded.filter(({ pairingId }) => !shown.current.has(pairingId));
    shown.current = new Set(coded.map(({ pairingId }) => pairingId));
    for (const { name } of news) {
      setSaid(t('window.pairing.announce', { name: shownName(name) }));
    }
  }, [pairings]);

  useEffect(() => {
    const before = known.current;
    known.current = new Set(paired.map(({ id }) => id));
    if (before === null) return;
    for (const { id, name } of paired) {
      if (!before.has(id)) setSaid(t('window.pairing.announcePaired', { name: shownName(name) }));
    }
  }, [paired]);

  return (
    <div role="status" aria-live="polite" className="only-heard">
      {said}
    </div>
  );
}
