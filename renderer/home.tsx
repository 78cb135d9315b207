import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useFileDrop } from './ui/file-drop.ts';
import { OfferStack } from './features/offer/offer-stack.tsx';
import { PeerList } from './features/peers/peer-list.tsx';
import { SelfHeader } from './features/self/self-header.tsx';
import { SendBar } from './features/send/send-bar.tsx';
import { useStaging } from './features/send/staging.ts';
import { SettingsPage } from './features/settings/settings-page.tsx';
import { Announcer } from './features/transfers/announcer.tsx';
import { TransferList } from './features/transfers/transfer-list.tsx';
import styles from './home.module.css';

/** One page: who you are, what others offer, what you send, to whom, and how it goes. */
export function Home({ notices }: { readonly notices: ReactNode }) {
  const staging = useStaging();
  const [isInSettings, setInSettings] = useState(false);
  const { isOver, handlers } = useFileDrop((data) => {
    setInSettings(false);
    staging.stageDrop(data);
  });

  useEffect(() => {
    if (!isInSettings) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) setInSettings(false);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isInSettings]);

  return (
    <div className={styles['ground']} {...handlers}>
      <main className={styles['page']}>
        <SelfHeader isInSettings={isInSettings} onSettings={setInSettings} />
        {notices}
        <OfferStack />
        {isInSettings ? (
          <SettingsPage />
        ) : (
          <>
            <SendBar staging={staging} isDragging={isOver} />
            <PeerList
              isChoosing={staging.state.step === 'staged'}
              onChoose={staging.sendStaged}
              onDrop={staging.sendDrop}
              onPick={staging.pickFor}
            />
            <TransferList />
          </>
        )}
      </main>
      <Announcer />
    </div>
  );
}
