import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { shownName } from '../../ui/name.tsx';
import styles from './nobody-there.module.css';

const REASONS = {
  on: 'window.peers.emptyBody',
  off: 'window.peers.emptyOff',
  failed: 'window.peers.emptyFailed',
} as const;

/** An empty list explains itself: what would fill it, and what may be in the way. */
export function NobodyThere() {
  const self = usePart('self');
  const settings = usePart('settings');
  const name = settings.interface;
  const [address] = self.addresses;
  return (
    <div className={styles['empty']}>
      <svg viewBox="0 0 240 72" aria-hidden="true" className={styles['picture']}>
        <path d="M 16 22 C 70 22 70 58 120 58" className={styles['ours']} />
        <path d="M 120 58 C 170 58 170 22 224 22" className={styles['theirs']} />
        <circle cx="16" cy="22" r="6" className={styles['here']} />
        <circle cx="224" cy="22" r="6" className={styles['there']} />
      </svg>
      <div className={styles['words']}>
        <p className={styles['title']}>{t('window.peers.emptyTitle')}</p>
        <p>{t(REASONS[self.discovery])}</p>
        {name !== null && (
          <p className={styles['help']}>
            {t(address === undefined ? 'window.peers.interfaceAway' : 'window.peers.oneInterface', {
              name: shownName(name),
            })}
          </p>
        )}
        <p className={styles['help']}>
          {t(self.discovery === 'on' ? 'window.peers.emptyHelp' : 'window.peers.emptyByHand')}
        </p>
        {address !== undefined && self.port !== null && (
          <p className={styles['help']}>
            {t('window.peers.emptyAddress', { address: `${address}:${self.port}` })}
          </p>
        )}
      </div>
    </div>
  );
}
