import { useState } from 'react';
import { deviceList, isFavourite } from '../../../shared/model/device-list.ts';
import type { Peer } from '../../../shared/model/peer.ts';
import { usePart } from '../../snapshot.ts';
import { t } from '../../text.tsx';
import { Button } from '../../ui/button.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { AddByAddress } from './add-by-address.tsx';
import { AwayList } from './away-list.tsx';
import { NobodyThere } from './nobody-there.tsx';
import { PeerCard } from './peer-card.tsx';
import type { PeerActions } from './peer-card.tsx';
import styles from './peer-list.module.css';

/** The devices that can be sent to, and those that were seen before. */
export function PeerList(actions: PeerActions) {
  const peers = usePart('peers');
  const paired = usePart('paired');
  const settings = usePart('settings');
  const { favourites } = settings;
  const [text, setText] = useState('');
  const { near, away, isSearched } = deviceList({ peers, paired, favourites }, text);
  const several = useSeveral(actions, peers);

  return (
    <section className={styles['section']} aria-labelledby="peers-title">
      <div className={styles['heading']}>
        <h2 id="peers-title">
          {t(actions.isChoosing ? 'window.peers.titleStaged' : 'window.peers.title')}
        </h2>
        {several.chosen === null && <AddByAddress />}
        {actions.isChoosing && peers.length > 1 && <SeveralButtons several={several} />}
      </div>
      {isSearched && <Search text={text} onChange={setText} found={near.length + away.length} />}
      {peers.length === 0 && <NobodyThere />}
      {near.length > 0 && (
        <ul className={styles['list']} aria-labelledby="peers-title">
          {near.map((peer) => (
            <li key={peer.key}>
              <PeerCard
                peer={peer}
                sharesName={sharesName(peer, peers)}
                isFavourite={isFavourite(peer.id, favourites)}
                chosen={several.chosen && several.chosen.has(peer.key)}
                onToggle={several.toggle}
                {...actions}
              />
            </li>
          ))}
        </ul>
      )}
      {away.length > 0 && <AwayList devices={away} />}
    </section>
  );
}

function Search(props: {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly found: number;
}) {
  const { text, onChange, found } = props;
  return (
    <search className={styles['search']}>
      <SearchField
        label={t('window.peers.search')}
        clear={t('window.search.clear')}
        value={text}
        onChange={onChange}
      />
      <p role="status" className={styles['found']}>
        {text.trim() !== '' &&
          (found === 0 ? t('window.peers.nothing') : t('window.peers.found', { count: found }))}
      </p>
    </search>
  );
}

interface Several {
  /** null: a press on one sends. */
  readonly chosen: ReadonlySet<string> | null;
  readonly toggle: (peerKey: string, isChosen: boolean) => void;
  readonly begin: () => void;
  readonly end: () => void;
  readonly send: () => void;
}

/** Who of those that are there gets what is staged. It is chosen anew for what is staged next. */
function useSeveral({ isChoosing, onChoose }: PeerActions, peers: readonly Peer[]): Several {
  const [marked, setMarked] = useState<ReadonlySet<string> | null>(null);
  if (!isChoosing && marked !== null) setMarked(null);
  const keys = peers.map(({ key }) => key);
  const chosen = marked && new Set(keys.filter((key) => marked.has(key)));
  return {
    chosen,
    toggle: (key, isChosen) => {
      const others = [...(chosen ?? [])].filter((one) => one !== key);
      setMarked(new Set(isChosen ? [...others, key] : others));
    },
    begin: () => setMarked(new Set()),
    end: () => setMarked(null),
    send: () => onChoose([...(chosen ?? [])]),
  };
}

function SeveralButtons({ several }: { readonly several: Several }) {
  const { chosen } = several;
  if (chosen === null) {
    return (
      <Button kind="quiet" onPress={several.begin}>
        {t('window.peers.several')}
      </Button>
    );
  }
  return (
    <div className={styles['several']}>
      <p role="status">
        {chosen.size === 0
          ? t('window.peers.chosenHint')
          : t('window.peers.chosen', { count: chosen.size })}
      </p>
      <Button kind="quiet" onPress={several.end}>
        {t('window.peers.one')}
      </Button>
      <Button kind="strong" isDisabled={chosen.size === 0} onPress={several.send}>
        {t('window.peers.sendChosen', { count: chosen.size })}
      </Button>
    </div>
  );
}

function sharesName(peer: Peer, peers: readonly Peer[]): boolean {
  return peers.some((other) => other !== peer && other.name === peer.name);
}
