import { useEffect, useRef, useState } from 'react';
import { keyOf } from '../../../shared/model/choice.ts';
import type { Held } from '../../../shared/model/choice.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { useBridge } from '../../bridge.ts';
import type { Rows } from '../../ui/long-list.tsx';
import { FIRST_ROWS } from '../../ui/long-list.tsx';
import type { Branches, TreeRow, WantedPage } from './tree-rows.ts';
import {
  NO_BRANCHES,
  PAGE,
  TOP,
  missingPages,
  rowAt,
  rowCount,
  turned,
  withPage,
} from './tree-rows.ts';

export interface Offered {
  /** All that is offered; null: it was not looked into yet. */
  readonly all: Held | null;
  readonly count: number;
  readonly row: (at: number) => TreeRow | null;
  /** Opens a folder, or closes it. */
  readonly turn: (at: number) => void;
  readonly onRows: (rows: Rows) => void;
}

/** The folders of an offer, asked for as they are looked at: an offer may have a hundred thousand files. */
export function useOffered(transferId: TransferId, isLookedAt: boolean): Offered {
  const bridge = useBridge();
  const [branches, setBranches] = useState<Branches>(NO_BRANCHES);
  const [all, setAll] = useState<Held | null>(null);
  const [rows, setRows] = useState(FIRST_ROWS);
  const asked = useRef(new Set<string>());
  const isKnown = branches.has(TOP);

  useEffect(() => {
    if (!isLookedAt) return;
    const load = async ({ path, page }: WantedPage): Promise<void> => {
      const key = `${keyOf(path)} ${page}`;
      if (asked.current.has(key)) return;
      asked.current.add(key);
      const query = { transferId, path: [...path], from: page * PAGE, count: PAGE };
      const answer = await bridge.call('listOffered', query);
      // the offer may be gone by now: its card goes, too
      if (!answer.ok) return;
      if (path.length === 0) setAll(answer.value.held);
      setBranches((before) => withPage(before, path, page, answer.value));
    };
    const missing = isKnown
      ? missingPages(branches, rows.first, rows.end)
      : [{ path: [], page: 0 }];
    for (const one of missing) void load(one);
  }, [bridge, transferId, isLookedAt, isKnown, branches, rows]);

  return {
    all,
    count: rowCount(branches),
    row: (at) => rowAt(branches, at),
    turn: (at) => {
      setBranches((before) => {
        const row = rowAt(before, at);
        return row ? turned(before, row) : before;
      });
    },
    onRows: setRows,
  };
}
