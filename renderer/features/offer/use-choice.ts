import { useMemo, useState } from 'react';
import type { Choice, CountedChoice, Held } from '../../../shared/model/choice.ts';
import { isNothing, rulesOf, wantedOf } from '../../../shared/model/choice.ts';
import type { Transfer } from '../../../shared/model/transfer.ts';
import { bytes, t } from '../../text.tsx';
import type { Offered } from './use-offered.ts';
import { useOffered } from './use-offered.ts';

const ALL: CountedChoice = new Map();

export interface OfferChoice {
  readonly offered: Offered;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly choice: CountedChoice;
  readonly onChoose: (choice: CountedChoice) => void;
  /** As it is told; undefined: all of it. */
  readonly rules: Choice | undefined;
  readonly unwantedFiles: number;
  readonly isNothing: boolean;
  readonly acceptWords: string;
}

/** What the person wants of an offer: all of it, until they have looked into it and said something else. */
export function useChoice(offer: Transfer): OfferChoice {
  const [isOpen, onOpen] = useState(false);
  const [choice, onChoose] = useState(ALL);
  const offered = useOffered(offer.id, isOpen);
  const rules = useMemo(() => (choice.size === 0 ? undefined : rulesOf(choice)), [choice]);
  const { all } = offered;
  const some: Held | null = all && wantedOf(choice, [], all);
  return {
    offered,
    isOpen,
    onOpen,
    choice,
    onChoose,
    rules,
    unwantedFiles: all && some ? all.files - some.files : 0,
    isNothing: some !== null && isNothing(some),
    acceptWords:
      all && some && rules !== undefined
        ? t('window.offer.acceptSome', {
            some: some.files,
            all: all.files,
            size: bytes(some.bytes),
          })
        : t('window.offer.accept'),
  };
}
