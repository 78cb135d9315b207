import { useCallback, useRef, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { BridgeProvider, ReportProvider } from './bridge.ts';
import type { Bridge, ReportFailure } from './bridge.ts';
import { Home } from './home.tsx';
import { SnapshotProvider, useLatest, useLink } from './snapshot.ts';
import type { SnapshotStore } from './snapshot.ts';
import { useSpoken } from './speech.ts';
import { t } from './text.tsx';
import { FailureNotices } from './features/notices/failure-notices.tsx';
import type { FailureNotice } from './features/notices/failure-notices.tsx';
import styles from './app.module.css';

interface AppProps {
  readonly bridge: Bridge;
  readonly store: SnapshotStore;
}

/** Of one kind only the last is worth reading, and of many only the last few. */
const MAX_NOTICES = 3;

/** The whole window: the way to the engine, what it said last, and what went wrong on the way. */
export function App({ bridge, store }: AppProps) {
  const isThere = useLatest(store, (snapshot) => snapshot !== null);
  const notices = useLatest(store, (snapshot) => snapshot?.notices) ?? [];
  const link = useLink(bridge);
  const setting = useLatest(store, (snapshot) => snapshot?.settings.language) ?? 'system';
  const spoken = useSpoken(setting);
  // Nothing is drawn in one language and then in another, but for who changes it.
  const [isBegun, setBegun] = useState(false);
  if (!isBegun && isThere && spoken?.setting === setting) setBegun(true);
  const [own, setOwn] = useState<readonly FailureNotice[]>([]);
  const count = useRef(0);
  const report = useCallback<ReportFailure>((failure) => {
    count.current += 1;
    const notice = { id: `own-${count.current}`, failure };
    setOwn((before) =>
      [...before.filter((other) => other.failure.code !== failure.code), notice].slice(
        -MAX_NOTICES,
      ),
    );
  }, []);

  function dismiss(id: string): void {
    if (own.some((notice) => notice.id === id)) setOwn(own.filter((notice) => notice.id !== id));
    else void bridge.call('dismissNotice', { id });
  }

  if (spoken === null) return null;
  return (
    <I18nProvider locale={spoken.speech.locale}>
      <BridgeProvider value={bridge}>
        <ReportProvider value={report}>
          {link === 'lost' && <LinkLost />}
          {!isThere || !isBegun ? (
            link !== 'lost' && <p className={styles['starting']}>{t('window.starting')}</p>
          ) : (
            <SnapshotProvider value={store}>
              <Home
                notices={<FailureNotices notices={[...notices, ...own]} onDismiss={dismiss} />}
              />
            </SnapshotProvider>
          )}
        </ReportProvider>
      </BridgeProvider>
    </I18nProvider>
  );
}

function LinkLost() {
  return (
    <div role="alert" className={styles['lost']}>
      <p className={styles['lostTitle']}>{t('window.link.lost')}</p>
      <p>{t('window.link.lostMore')}</p>
    </div>
  );
}
