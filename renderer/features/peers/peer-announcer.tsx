import { useEffect, useRef, useState } from 'react';
import { usePart } from '../../snapshot.ts';
import { list, t } from '../../text.tsx';
import { shownName } from '../../ui/name.tsx';

/** Devices come one after the other when a network is joined: they are told together. */
const GATHER_MS = 1_500;
const MAX_NAMED = 3;

/** Tells those who cannot see it that devices have come. Who goes is not worth an interruption. */
export function PeerAnnouncer() {
  const peers = usePart('peers');
  const known = useRef<ReadonlySet<string> | null>(null);
  const [news, setNews] = useState<readonly string[]>([]);
  const [said, setSaid] = useState('');

  useEffect(() => {
    const before = known.current;
    known.current = new Set(peers.map(({ key }) => key));
    // What was there when the window opened is read where it stands.
    if (before === null) return;
    const come = peers.filter(({ key, foundBy }) => foundBy !== 'address' && !before.has(key));
    if (come.length > 0) setNews((told) => [...told, ...come.map(({ name }) => shownName(name))]);
  }, [peers]);

  useEffect(() => {
    if (news.length === 0) return;
    const timer = setTimeout(() => {
      setSaid(arrivalWords(news));
      setNews([]);
    }, GATHER_MS);
    return () => clearTimeout(timer);
  }, [news]);

  return (
    <div role="status" aria-live="polite" className="only-heard">
      {said}
    </div>
  );
}

function arrivalWords(names: readonly string[]): string {
  const count = names.length;
  if (count > MAX_NAMED) return t('window.peers.arrivedMany', { count });
  return t('window.peers.arrived', { count, names: list(names) });
}
