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
import type { Several } from './use-several.ts';
import { chosenOf } from './use-several.ts';
import styles from './peer-list.module.css';

/** The devices that can be sent to, and those that were seen before. */
export function PeerList({ several, ...actions }: PeerActions & { readonly several: Several }) {
  const peers = usePart('peers');
  const paired = usePart('paired');
  const settings = usePart('settings');
  const { favourites } = settings;
  const [text, setText] = useState('');
  const { near, away, isSearched } = deviceList({ peers, paired, favourites }, text);
  const chosen = chosenOf(several, peers);

  return (
    <section className={styles['section']} aria-labelledby="peers-title">
      <div className={styles['heading']}>
        <h2 id="peers-title">
          {t(actions.isChoosing ? 'window.peers.titleStaged' : 'window.peers.title')}
        </h2>
        {chosen === null && <AddByAddress />}
        {actions.isChoosing && peers.length > 1 && (
          <SeveralButtons {...{ several, chosen, onChoose: actions.onChoose }} />
        )}
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
                chosen={chosen && chosen.some(({ key }) => key === peer.key)}
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

function SeveralButtons({
  several,
  chosen,
  onChoose,
}: Pick<PeerActions, 'onChoose'> & {
  readonly several: Several;
  readonly chosen: readonly Peer[] | null;
}) {
  if (chosen === null) {
    return (
      <Button kind="quiet" onPress={several.begin}>
        {t('window.peers.several')}
      </Button>
    );
  }
  const count = chosen.length;
  return (
    <div className={styles['several']}>
      <p role="status">
        {count === 0 ? t('window.peers.chosenHint') : t('window.peers.chosen', { count })}
      </p>
      <Button kind="quiet" onPress={several.end}>
        {t('window.peers.one')}
      </Button>
      <Button
        kind="strong"
        isDisabled={count === 0}
        onPress={() => onChoose(chosen.map(({ key }) => key))}
      >
        {t('window.peers.sendChosen', { count })}
      </Button>
    </div>
  );
}

function sharesName(peer: Peer, peers: readonly Peer[]): boolean {
  return peers.some((other) => other !== peer && other.name === peer.name);
}
