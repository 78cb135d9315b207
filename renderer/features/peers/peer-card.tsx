import { Button, ToggleButton } from 'react-aria-components';
import type { ListedPeer } from '../../../shared/model/peer.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { t } from '../../text.tsx';
import { useFileDrop } from '../../ui/file-drop.ts';
import { FolderIcon, PairedIcon, SeveralIcon, TextIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { MenuEntry } from '../../ui/menu.tsx';
import { shownName } from '../../ui/name.tsx';
import { PeerFace } from './peer-face.tsx';
import { Star } from './star.tsx';
import styles from './peer-card.module.css';

export interface PeerActions {
  /** Something is staged: pressing a device sends it there. */
  readonly isChoosing: boolean;
  readonly onChoose: (peerKeys: readonly string[]) => void;
  readonly onDrop: (peerKey: string, data: DataTransfer) => void;
  readonly onPick: (peerKey: string, kind: 'files' | 'folder') => void;
  readonly onWrite: (peerKey: string) => void;
}

interface PeerCardProps extends PeerActions {
  readonly peer: ListedPeer;
  readonly sharesName: boolean;
  readonly isFavourite: boolean;
  /** Where several are chosen: whether it is among them. */
  readonly chosen: boolean | null;
  readonly onToggle: (peerKey: string, isChosen: boolean) => void;
}

export function PeerCard({ peer, sharesName, isFavourite, chosen, ...actions }: PeerCardProps) {
  const { isOver, handlers } = useFileDrop((data) => actions.onDrop(peer.key, data));
  const entries = usePeerEntries(peer, actions);
  const face = (press: Parameters<typeof PeerFace>[0]['press']) => (
    <PeerFace {...{ peer, sharesName, isFavourite, isOver, press }} />
  );
  const look = styles['button'] ?? '';
  return (
    <div
      className={styles['card']}
      data-peer={peer.key}
      data-drop-target=""
      data-over={isOver || undefined}
      {...handlers}
    >
      {!actions.isChoosing ? (
        <Menu
          label={t('window.peers.sendTo', { name: shownName(peer.name) })}
          entries={entries}
          button={<Button className={look}>{face(null)}</Button>}
        />
      ) : chosen === null ? (
        <Button className={look} onPress={() => actions.onChoose([peer.key])}>
          {face('send')}
        </Button>
      ) : (
        <ToggleButton
          className={look}
          isSelected={chosen}
          onChange={(isChosen) => actions.onToggle(peer.key, isChosen)}
        >
          {face(chosen ? 'unchoose' : 'choose')}
        </ToggleButton>
      )}
      {!actions.isChoosing && peer.id !== null && <Star {...{ peer, isFavourite }} />}
    </div>
  );
}

/** What a device's menu offers. */
function usePeerEntries(
  { key, paired, foundBy }: ListedPeer,
  { onPick, onWrite }: Pick<PeerActions, 'onPick' | 'onWrite'>,
): readonly MenuEntry[] {
  const bridge = useBridge();
  const ask = useAsk();
  const entries: MenuEntry[] = [
    {
      id: 'files',
      words: t('window.peers.sendFiles'),
      icon: <SeveralIcon />,
      onAction: () => onPick(key, 'files'),
    },
    {
      id: 'folder',
      words: t('window.peers.sendFolder'),
      icon: <FolderIcon />,
      onAction: () => onPick(key, 'folder'),
    },
    {
      id: 'text',
      words: t('window.peers.sendText'),
      icon: <TextIcon />,
      onAction: () => onWrite(key),
    },
  ];
  if (!paired) {
    entries.push({
      id: 'pair',
      words: t('window.peers.pair'),
      icon: <PairedIcon />,
      onAction: () => void ask(bridge.call('pair', { key })),
    });
  }
  if (foundBy === 'address') {
    entries.push({
      id: 'remove',
      words: t('window.peers.remove'),
      onAction: () => void ask(bridge.call('removePeer', { key })),
    });
  }
  return entries;
}
