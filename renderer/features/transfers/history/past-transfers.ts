import { useEffect, useState } from 'react';
import type { Answer, CommandInput } from '../../../../shared/contract.ts';
import type { HistoryPage } from '../../../../shared/model/history-page.ts';
import type { Transfer, TransferId } from '../../../../shared/model/transfer.ts';
import { isFinished } from '../../../../shared/model/transfer.ts';
import { useBridge, useReport } from '../../../bridge.ts';
import type { Bridge } from '../../../bridge.ts';
import { usePart } from '../../../snapshot.ts';

export type Wanted = Pick<CommandInput<'searchHistory'>, 'text' | 'direction'>;

/** The contract answers no more than this at once. */
const MAX_PAGE = 100;

interface PastTransfers {
  /** null until it is known for the first time. */
  readonly found: HistoryPage | null;
  readonly askAgain: () => void;
}

/**
 * What has ended and fits, at most `count` of it. Asked for again whenever something ends, is undone or goes
 * off the list, so that nothing in it is old.
 */
export function usePastTransfers({ text, direction }: Wanted, count: number): PastTransfers {
  const bridge = useBridge();
  const report = useReport();
  const transfers = usePart('transfers');
  const [found, setFound] = useState<HistoryPage | null>(null);
  const [round, setRound] = useState(0);
  const ended = transfers
    .filter(isFinished)
    .map(({ id, undone }) => `${id} ${String(undone)}`)
    .join();

  useEffect(() => {
    let isWanted = true;
    void search(bridge, { text, direction }, count).then((answer) => {
      if (!isWanted) return;
      if (answer.ok) setFound(answer.value);
      else report(answer.failure);
    });
    return () => {
      isWanted = false;
    };
  }, [bridge, report, text, direction, count, ended, round]);
  return { found, askAgain: () => setRound((before) => before + 1) };
}

/** All pages from the first on: what has ended meanwhile moves the rest down, and none may be missed. */
async function search(bridge: Bridge, wanted: Wanted, count: number): Promise<Answer<HistoryPage>> {
  const transfers = new Map<TransferId, Transfer>();
  const there = new Set<TransferId>();
  const again = new Set<TransferId>();
  let total = 0;
  for (let from = 0; from < count; from += MAX_PAGE) {
    const query = { ...wanted, from, count: Math.min(MAX_PAGE, count - from) };
    const answer = await bridge.call('searchHistory', query);
    if (!answer.ok) return answer;
    ({ total } = answer.value);
    for (const transfer of answer.value.transfers) transfers.set(transfer.id, transfer);
    for (const id of answer.value.there) there.add(id);
    for (const id of answer.value.again) again.add(id);
    if (from + MAX_PAGE >= total) break;
  }
  const lists = { transfers: [...transfers.values()], there: [...there], again: [...again] };
  return { ok: true, value: { ...lists, total } };
}
