import { ToggleButton } from 'react-aria-components';
import type { ListedPeer } from '../../../shared/model/peer.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import { t } from '../../text.tsx';
import { StarIcon } from '../../ui/icons.tsx';
import { shownName } from '../../ui/name.tsx';
import button from '../../ui/icon-button.module.css';
import styles from './star.module.css';

/** Lists a device before the others, in the corner of its card. */
export function Star(props: { readonly peer: ListedPeer; readonly isFavourite: boolean }) {
  const { peer, isFavourite } = props;
  const { id } = peer;
  const bridge = useBridge();
  const ask = useAsk();
  if (id === null) return null;
  return (
    <ToggleButton
      className={`${button['button'] ?? ''} ${styles['star'] ?? ''}`}
      aria-label={t('window.peers.favouriteOf', { name: shownName(peer.name) })}
      isSelected={isFavourite}
      onChange={(favourite) => void ask(bridge.call('setFavourite', { peerId: id, favourite }))}
    >
      <StarIcon />
    </ToggleButton>
  );
}
