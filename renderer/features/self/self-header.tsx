import { useLayoutEffect, useRef, useState } from 'react';
import type { Visibility } from '../../../shared/model/settings.ts';
import type { Self } from '../../../shared/model/snapshot.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { BackIcon, HistoryIcon, SettingsIcon } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import styles from './self-header.module.css';

export type Place = 'home' | 'history' | 'settings';

interface SelfHeaderProps {
  readonly place: Place;
  readonly onPlace: (place: Place) => void;
}

interface NamedProps extends SelfHeaderProps {
  /** It comes in the place of something that had the focus. */
  readonly isFocusedAtFirst: boolean;
}

/** Who this device is, how others see it, and the way to the other pages. */
export function SelfHeader({ place, onPlace, isFocusedAtFirst }: NamedProps) {
  const self = usePart('self');
  const settings = usePart('settings');
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    // an offer may have the focus by now, and keeps it
    if (isFocusedAtFirst && document.activeElement === document.body) heading.current?.focus();
  }, [isFocusedAtFirst]);
  return (
    <header className={styles['header']}>
      <div className={styles['self']}>
        <p className={styles['how']}>{t(seenAs(self, settings.visibility))}</p>
        <h1 ref={heading} tabIndex={-1} className={styles['name']}>
          <Name>{self.name}</Name>
        </h1>
        <p className={styles['address']}>
          <bdi>{addressLine(self)}</bdi>
        </p>
      </div>
      <PlaceButtons place={place} onPlace={onPlace} />
    </header>
  );
}

function PlaceButtons({ place, onPlace }: SelfHeaderProps) {
  const [cameFrom, setCameFrom] = useState(place);
  const go = (to: Place): void => {
    setCameFrom(to);
    onPlace(to);
  };
  const isHome = place === 'home';
  return (
    <div className={styles['places']}>
      {isHome && (
        // Who comes back from there has left the button that took the focus along.
        <Button
          kind="quiet"
          icon={<HistoryIcon />}
          autoFocus={cameFrom === 'history'}
          onPress={() => go('history')}
        >
          {t('window.self.history')}
        </Button>
      )}
      <Button
        kind="quiet"
        icon={isHome ? <SettingsIcon /> : <BackIcon />}
        onPress={() => (isHome ? go('settings') : onPlace('home'))}
      >
        {t(isHome ? 'window.self.settings' : 'window.self.back')}
      </Button>
    </div>
  );
}

function seenAs({ port, discovery }: Self, visibility: Visibility) {
  if (port === null) return 'window.self.notListening';
  if (visibility === 'hidden') return 'window.self.hiddenAs';
  if (visibility === 'paired' && discovery === 'on') return 'window.self.pairedAs';
  if (discovery === 'on') return 'window.self.visibleAs';
  return 'window.self.byAddressAs';
}

const SHOWN = 2;

function addressLine({ addresses, port }: Self): string {
  if (addresses.length === 0) return t('window.self.noAddress');
  return addresses
    .slice(0, SHOWN)
    .map((address) => (port === null ? address : hostAndPort(address, port)))
    .join(' · ');
}

function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
