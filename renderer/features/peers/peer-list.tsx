import type { Peer } from '../../../shared/model/peer.ts';
import { useSnapshot } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { AddByAddress } from './add-by-address.tsx';
import { NobodyThere } from './nobody-there.tsx';
import { PeerCard } from './peer-card.tsx';
import type { PeerActions } from './peer-card.tsx';
import styles from './peer-list.module.css';

/** The devices that can be sent to. */
export function PeerList(actions: PeerActions) {
  const { peers } = useSnapshot();
  return (
    <section className={styles['section']} aria-labelledby="peers-title">
      <div className={styles['heading']}>
        <h2 id="peers-title">
          {t(actions.isChoosing ? 'window.peers.titleStaged' : 'window.peers.title')}
        </h2>
        <AddByAddress />
      </div>
      {peers.length === 0 ? (
        <NobodyThere />
      ) : (
        <ul className={styles['list']} aria-labelledby="peers-title">
          {peers.map((peer) => (
            <li key={peer.key}>
              <PeerCard peer={peer} sharesName={sharesName(peer, peers)} {...actions} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function sharesName(peer: Peer, peers: readonly Peer[]): boolean {
  return peers.some((other) => other !== peer && other.name === peer.name);
}
