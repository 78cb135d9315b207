import { useState } from 'react';
import type { Peer } from '../../../shared/model/peer.ts';

/** Who gets what is staged, where it is more than one device. */
export interface Several {
  /** null: a press on a device sends. Some of them may have gone since. */
  readonly marked: ReadonlySet<string> | null;
  readonly begin: () => void;
  readonly end: () => void;
  readonly toggle: (peerKey: string, isChosen: boolean) => void;
}

/** It is chosen anew for what is staged next. */
export function useSeveral(isChoosing: boolean): Several {
  const [marked, setMarked] = useState<ReadonlySet<string> | null>(null);
  if (!isChoosing && marked !== null) setMarked(null);
  return {
    marked,
    begin: () => setMarked(new Set()),
    end: () => setMarked(null),
    toggle: (key, isChosen) => {
      const others = [...(marked ?? [])].filter((one) => one !== key);
      setMarked(new Set(isChosen ? [...others, key] : others));
    },
  };
}

/** Of those that are there. null: a press on one sends. */
export function chosenOf({ marked }: Several, peers: readonly Peer[]): readonly Peer[] | null {
  return marked && peers.filter(({ key }) => marked.has(key));
}
