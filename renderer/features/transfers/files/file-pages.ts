import { useEffect, useRef, useState } from 'react';
import type { FileFilter, FilePage, ListedFile } from '../../../../shared/model/file-list.ts';
import type { TransferId } from '../../../../shared/model/transfer.ts';
import { useAsk, useBridge } from '../../../bridge.ts';
import { keepSame } from '../../../snapshot.ts';

const PAGE = 200;
/** A list of what still comes is asked for anew now and then. */
const ANEW_MS = 5_000;

export interface WantedFiles {
  readonly transferId: TransferId;
  readonly text: string;
  readonly filter: FileFilter;
}

interface Loaded {
  readonly key: string;
  readonly last: FilePage;
  readonly pages: ReadonlyMap<number, readonly ListedFile[]>;
}

export interface FilePages {
  /** null: nothing has been answered yet. */
  readonly last: FilePage | null;
  /** undefined: it is on its way. */
  readonly at: (row: number) => ListedFile | undefined;
}

/** Those rows of a long list that are looked at. What is there stays until something newer has come. */
export function useFilePages(
  { transferId, text, filter }: WantedFiles,
  isComing: boolean,
  rows: { readonly first: number; readonly end: number },
): FilePages {
  const bridge = useBridge();
  const ask = useRef(useAsk());
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify([transferId, text, filter, isComing, turn]);
  const asked = useRef(new Set<string>());
  const latest = useRef(key);
  const from = Math.floor(rows.first / PAGE);
  const to = Math.floor(Math.max(rows.first, rows.end - 1) / PAGE);

  useEffect(() => {
    if (!isComing) return;
    const timer = setInterval(() => setTurn((before) => before + 1), ANEW_MS);
    return () => clearInterval(timer);
  }, [isComing]);

  useEffect(() => {
    if (latest.current !== key) asked.current.clear();
    latest.current = key;
    const load = async (page: number): Promise<void> => {
      if (asked.current.has(`${key} ${page}`)) return;
      asked.current.add(`${key} ${page}`);
      const query = { transferId, text, filter, from: page * PAGE, count: PAGE };
      const answer = await ask.current(bridge.call('listFiles', query));
      if (answer === null || latest.current !== key) return;
      setLoaded((before) => {
        const pages = before?.key === key ? before.pages : [];
        const files = keepSame(before?.pages.get(page) ?? [], answer.files);
        return { key, last: answer, pages: new Map([...pages, [page, files]]) };
      });
    };
    for (let page = from; page <= to; page += 1) void load(page);
  }, [bridge, key, transferId, text, filter, from, to]);

  return {
    last: loaded?.last ?? null,
    at: (row) => loaded?.pages.get(Math.floor(row / PAGE))?.[row % PAGE],
  };
}
