import { useEffect, useState } from 'react';
import { keyOf } from '../../../shared/model/choice.ts';
import { mayShowPictures } from '../../../shared/model/pictures.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';
import { useBridge } from '../../bridge.ts';

export interface Pictures {
  readonly offered: number;
  readonly isShown: boolean;
  /** null: they are shown anyway, or there are none. */
  readonly onShow: ((isShown: boolean) => void) | null;
  /** As an image's address; undefined: it has not come, or there is none. */
  readonly of: (path: readonly string[]) => string | undefined;
  /** Those that have come, in the order in which they came. */
  readonly all: readonly string[];
}

const NONE = { offered: 0, come: 0 };
const NOTHING_KNOWN: ReadonlyMap<string, string> = new Map();

/** What an offer looks like: at once from a device that is known, of others where the person asks. */
export function usePictures(offer: Transfer): Pictures {
  const bridge = useBridge();
  const [asked, setAsked] = useState(false);
  const [known, setKnown] = useState(NOTHING_KNOWN);
  const { offered, come } = (offer.phase === 'offered' && offer.pictures) || NONE;
  const isShown = offered > 0 && mayShowPictures(offer, asked);
  const from = known.size;
  const transferId = offer.id;

  useEffect(() => {
    // the first question asks the other side
    if (!isShown || (come > 0 && come <= from)) return undefined;
    let isStale = false;
    const look = async (): Promise<void> => {
      const answer = await bridge.call('listPictures', { transferId, from, asked });
      if (isStale || !answer.ok || answer.value.length === 0) return;
      const more = answer.value.map(({ path, jpeg }) => {
        return [keyOf(path), `data:image/jpeg;base64,${jpeg}`] as const;
      });
      setKnown((before) => new Map([...before, ...more]));
    };
    void look();
    return () => {
      isStale = true;
    };
  }, [bridge, transferId, isShown, asked, come, from]);

  const shown = isShown ? known : NOTHING_KNOWN;
  return {
    offered,
    isShown,
    onShow: offered === 0 || offer.peer.verified ? null : setAsked,
    of: (path) => shown.get(keyOf(path)),
    all: [...shown.values()],
  };
}
