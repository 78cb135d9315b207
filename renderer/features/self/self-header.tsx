import type { Self } from '../../../shared/model/snapshot.ts';
import { useSnapshot } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { BackIcon, SettingsIcon } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import styles from './self-header.module.css';

/** Who this device is, and how others see it. */
export function SelfHeader({
  isInSettings,
  onSettings,
}: {
  readonly isInSettings: boolean;
  readonly onSettings: (isOpen: boolean) => void;
}) {
  const { self } = useSnapshot();
  return (
    <header className={styles['header']}>
      <div className={styles['self']}>
        <p className={styles['how']}>{t(visibility(self))}</p>
        <h1 className={styles['name']}>
          <Name>{self.name}</Name>
        </h1>
        <p className={styles['address']}>{addressLine(self)}</p>
      </div>
      <Button
        kind="quiet"
        icon={isInSettings ? <BackIcon /> : <SettingsIcon />}
        onPress={() => onSettings(!isInSettings)}
      >
        {t(isInSettings ? 'window.self.back' : 'window.self.settings')}
      </Button>
    </header>
  );
}

function visibility({ port, discovery }: Self) {
  if (port === null) return 'window.self.notListening';
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
