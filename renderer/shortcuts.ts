import { useEffect, useRef } from 'react';
import { useBridge, useReport } from './bridge.ts';
import type { Place } from './features/self/self-header.tsx';
import type { Staging } from './features/send/staging.ts';

/** What the system around the window asks of it. */
export function useAsked(show: (place: Place) => void, staging: Pick<Staging, 'take'>): void {
  const bridge = useBridge();
  const report = useReport();
  // what is staged changes with every drawing, and is wanted only when something is asked
  const latest = useRef({ show, staging, report });
  useEffect(() => {
    latest.current = { show, staging, report };
  });
  useEffect(
    () =>
      bridge.onAsked((asked) => {
        const { show, staging, report } = latest.current;
        show(asked.kind === 'place' ? asked.place : 'home');
        if (asked.kind === 'staged') staging.take(asked.selection);
        if (asked.kind === 'failed') report(asked.failure);
      }),
    [bridge],
  );
}

/** The keys that programs have for it everywhere. In the desktop window they stand in its menu, too. */
export function useShortcuts(show: (place: Place) => void, staging: Pick<Staging, 'pick'>): void {
  const { face } = useBridge();
  const latest = useRef({ show, staging });
  useEffect(() => {
    latest.current = { show, staging };
  });
  useEffect(() => {
    if (face === 'desktop') return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return;
      const { show, staging } = latest.current;
      const key = event.key.toLowerCase();
      if (key === ',') show('settings');
      else if (key === 'o') {
        show('home');
        staging.pick(event.shiftKey ? 'folder' : 'files');
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [face]);
}
