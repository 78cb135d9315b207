import type { ListedPeer } from '../../../shared/model/peer.ts';
import { Words, t } from '../../text.tsx';
import { DeviceIcons, PairedIcon, SendIcon, StarIcon, TickIcon } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import styles from './peer-face.module.css';

interface PeerFaceProps {
  readonly peer: ListedPeer;
  /** Another device has the same name: the id tells them apart. */
  readonly sharesName: boolean;
  readonly isFavourite: boolean;
  /** A drop would send it there. */
  readonly isOver: boolean;
  /** What a press would do; null: open its menu. */
  readonly press: 'send' | 'choose' | 'unchoose' | null;
}

/** What a device looks like: its kind, its name, and how it is reached. */
export function PeerFace({ peer, sharesName, isFavourite, isOver, press }: PeerFaceProps) {
  const Icon = DeviceIcons[peer.platform];
  const [address = ''] = peer.addresses;
  const isChosen = press === 'unchoose';
  return (
    <>
      <span
        className={styles['icon']}
        data-strong={isOver || isChosen || undefined}
        data-drop-end=""
      >
        {isChosen ? <TickIcon /> : <Icon />}
      </span>
      <span className={styles['words']}>
        <span className={styles['name']}>
          {press === 'send' && <span className="only-heard">{t('window.peers.sendHere')}: </span>}
          <Name>{peer.name}</Name>
        </span>
        {isOver ? (
          <span className={styles['release']}>
            <Words k="window.send.releaseToSend" gaps={{ name: <Name>{peer.name}</Name> }} />
          </span>
        ) : (
          <span className={styles['where']}>
            <Standing peer={peer} />
            {t(`window.platform.${peer.platform}`)}
            {address !== peer.name && (
              <>
                {' · '}
                <bdi>{address}</bdi>
              </>
            )}
            {peer.foundBy === 'address' && ` · ${t('window.peers.byAddress')}`}
            {sharesName &&
              peer.id !== null &&
              ` · ${t('window.offer.id', { id: peer.id.slice(0, 8) })}`}
          </span>
        )}
      </span>
      {isFavourite && (press === 'choose' || press === 'unchoose') && (
        <span className={styles['star']}>
          <StarIcon />
          <span className="only-heard">{t('window.peers.favourite')}</span>
        </span>
      )}
      {press === 'send' && !isOver && (
        <span className={styles['send']} title={t('window.peers.sendHere')} aria-hidden="true">
          <SendIcon />
        </span>
      )}
    </>
  );
}

/** What the paired devices tell about it: that it is one of them, or only calls itself so. */
function Standing({ peer: { paired, calledLike } }: { readonly peer: ListedPeer }) {
  if (paired) {
    return (
      <>
        <span className={styles['paired']}>
          <PairedIcon />
          {t('window.peers.paired')}
        </span>
        {' · '}
      </>
    );
  }
  if (calledLike === null) return null;
  return (
    <>
      <span className={styles['impostor']}>{t('window.peers.calledLike')}</span>
      {' · '}
    </>
  );
}
