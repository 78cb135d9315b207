import { Button } from 'react-aria-components';
import type { ListedPeer } from '../../../shared/model/peer.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { Words, t } from '../../text.tsx';
import { useFileDrop } from '../../ui/file-drop.ts';
import { DeviceIcons, FolderIcon, PairedIcon, SeveralIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { MenuEntry } from '../../ui/menu.tsx';
import { Name, shownName } from '../../ui/name.tsx';
import styles from './peer-card.module.css';

export interface PeerActions {
  /** Something is staged: pressing a device sends it there. */
  readonly isChoosing: boolean;
  readonly onChoose: (peerKey: string) => void;
  readonly onDrop: (peerKey: string, data: DataTransfer) => void;
  readonly onPick: (peerKey: string, kind: 'files' | 'folder') => void;
}

interface PeerCardProps extends PeerActions {
  readonly peer: ListedPeer;
  /** Another device has the same name: the id tells them apart. */
  readonly sharesName: boolean;
}

export function PeerCard({ peer, sharesName, ...actions }: PeerCardProps) {
  const bridge = useBridge();
  const ask = useAsk();
  const { isOver, handlers } = useFileDrop((data) => actions.onDrop(peer.key, data));
  const name = shownName(peer.name);

  const face = <Face peer={peer} sharesName={sharesName} isOver={isOver} {...actions} />;
  const entries: MenuEntry[] = [
    {
      id: 'files',
      words: t('window.peers.sendFiles'),
      icon: <SeveralIcon />,
      onAction: () => actions.onPick(peer.key, 'files'),
    },
    {
      id: 'folder',
      words: t('window.peers.sendFolder'),
      icon: <FolderIcon />,
      onAction: () => actions.onPick(peer.key, 'folder'),
    },
  ];
  if (!peer.paired) {
    entries.push({
      id: 'pair',
      words: t('window.peers.pair'),
      icon: <PairedIcon />,
      onAction: () => void ask(bridge.call('pair', { key: peer.key })),
    });
  }
  if (peer.foundBy === 'address') {
    entries.push({
      id: 'remove',
      words: t('window.peers.remove'),
      onAction: () => void ask(bridge.call('removePeer', { key: peer.key })),
    });
  }
  const label = t('window.peers.sendTo', { name });
  return (
    <div className={styles['card']} data-over={isOver || undefined} {...handlers}>
      {actions.isChoosing ? (
        <Button className={styles['button'] ?? ''} onPress={() => actions.onChoose(peer.key)}>
          {face}
        </Button>
      ) : (
        <Menu
          label={label}
          entries={entries}
          button={<Button className={styles['button'] ?? ''}>{face}</Button>}
        />
      )}
    </div>
  );
}

function Face(props: PeerCardProps & { readonly isOver: boolean }) {
  const { peer, sharesName, isChoosing, isOver } = props;
  const Icon = DeviceIcons[peer.platform];
  const [address = ''] = peer.addresses;
  return (
    <>
      <span className={styles['icon']}>
        <Icon />
      </span>
      <span className={styles['words']}>
        <span className={styles['name']}>
          {isChoosing && <span className="only-heard">{t('window.peers.sendHere')}: </span>}
          <Name>{peer.name}</Name>
        </span>
        {isOver ? (
          <span className={styles['release']}>
            <Words k="window.send.releaseToSend" gaps={{ name: <Name>{peer.name}</Name> }} />
          </span>
        ) : (
          <span className={styles['where']}>
            <Standing peer={peer} />
            {t(`window.platform.${peer.platform}`)} · {address}
            {peer.foundBy === 'address' && ` · ${t('window.peers.byAddress')}`}
            {sharesName &&
              peer.id !== null &&
              ` · ${t('window.offer.id', { id: peer.id.slice(0, 8) })}`}
          </span>
        )}
      </span>
      {isChoosing && !isOver && (
        <span className={styles['send']} aria-hidden="true">
          {t('window.peers.sendHere')}
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
