import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { DragLine } from './ui/drag-line.tsx';
import { useFileDrop, useOwnDrags } from './ui/file-drop.ts';
import { Doctor } from './features/doctor/doctor.tsx';
import { OfferStack } from './features/offer/offer-stack.tsx';
import { PairingAnnouncer } from './features/pairing/pairing-announcer.tsx';
import { PairingStack } from './features/pairing/pairing-stack.tsx';
import { PeerAnnouncer } from './features/peers/peer-announcer.tsx';
import { PeerList } from './features/peers/peer-list.tsx';
import { useSeveral } from './features/peers/use-several.ts';
import { SelfHeader } from './features/self/self-header.tsx';
import type { Place } from './features/self/self-header.tsx';
import { SendBar } from './features/send/send-bar.tsx';
import { useStaging } from './features/send/staging.ts';
import { isForField } from './features/send/pasted-files.ts';
import { DirectorySetting } from './features/settings/directory-setting.tsx';
import { SettingsPage } from './features/settings/settings-page.tsx';
import { Announcer } from './features/transfers/announcer.tsx';
import { HistoryPage } from './features/transfers/history/history-page.tsx';
import { TransferList } from './features/transfers/transfer-list.tsx';
import { Welcome } from './features/welcome/welcome.tsx';
import { useAsked, useShortcuts } from './shortcuts.ts';
import { useSnapshot } from './snapshot.ts';
import styles from './home.module.css';

/** One page: who you are, what others offer, what you send, to whom, and how it goes. */
export function Home({ notices }: { readonly notices: ReactNode }) {
  const isNew = useSnapshot(({ self }) => self.isNew);
  const [wasNew] = useState(isNew);
  const staging = useStaging();
  const isChoosing = staging.state.step === 'staged';
  const several = useSeveral(isChoosing);
  const [place, setPlace] = useState<Place>('home');
  const { isOver, handlers } = useFileDrop((data) => {
    setPlace('home');
    staging.stageDrop(data);
  });

  useOwnDrags();
  const theme = useSnapshot(({ settings }) => settings.theme);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  useAsked(setPlace, staging);
  useShortcuts(setPlace, staging);
  const { stagePaste, sendPaste } = staging;
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (event.defaultPrevented || event.clipboardData === null || isForField(event.target))
        return;
      event.preventDefault();
      setPlace('home');
      const on = peerWithFocus();
      if (on === null) stagePaste(event.clipboardData);
      else sendPaste(on, event.clipboardData);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [stagePaste, sendPaste]);

  useEffect(() => {
    if (place === 'home') return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) setPlace('home');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [place]);

  return (
    <div className={styles['ground']} {...handlers}>
      <main className={styles['page']}>
        {isNew ? (
          <Welcome folder={<DirectorySetting level={2} />} />
        ) : (
          <SelfHeader place={place} onPlace={setPlace} isFocusedAtFirst={wasNew} />
        )}
        {notices}
        <OfferStack />
        <PairingStack />
        {place === 'settings' && <SettingsPage />}
        {place === 'history' && <HistoryPage onSent={() => setPlace('home')} />}
        {place === 'home' && !isNew && (
          <>
            <SendBar {...{ staging, isDragging: isOver, chosenKeys: several.marked }} />
            <div className={styles['who']}>
              <PeerList
                several={several}
                isChoosing={isChoosing}
                onChoose={staging.sendStaged}
                onDrop={staging.sendDrop}
                onPick={staging.pickFor}
                onWrite={staging.write}
              />
              <Doctor />
            </div>
            <TransferList />
          </>
        )}
      </main>
      <DragLine />
      <Announcer />
      <PeerAnnouncer />
      <PairingAnnouncer />
    </div>
  );
}

/** The device that the keyboard is at; null: none. One that was only clicked was not meant. */
function peerWithFocus(): string | null {
  const card = document.querySelector(':focus-visible')?.closest<HTMLElement>('[data-peer]');
  return card?.dataset['peer'] ?? null;
}
