import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { walkRows } from './walk-rows.ts';
import frame from './long-rows.module.css';
import styles from './long-list.module.css';

const ROW = `${frame['row'] ?? ''} ${styles['row'] ?? ''}`;

/** As long-rows.module.css says: in a narrow window a row has two lines. */
const ROW_PX = { wide: 32, narrow: 52 } as const;
const NARROW = '(max-width: 34rem)';
export const SHOWN_ROWS = 9;
/** Drawn above and below what is seen, so that scrolling meets no gap. */
const SPARE_ROWS = 6;
const ROWS_A_FRAME = 6;

export interface Rows {
  readonly first: number;
  /** After the last. */
  readonly end: number;
}

export const FIRST_ROWS: Rows = { first: 0, end: SHOWN_ROWS + 2 * SPARE_ROWS };

export function rowsAt(scrolledPx: number, rowPx: number): Rows {
  const first = Math.max(0, Math.floor(scrolledPx / rowPx) - SPARE_ROWS);
  return { first, end: first + FIRST_ROWS.end };
}

interface LongListProps {
  readonly label: string;
  readonly count: number;
  readonly row: (at: number) => ReactNode;
  /** Those that are to be drawn. */
  readonly onRows: (rows: Rows) => void;
}

/** However long the list is, a few rows of it are in the page. */
export function LongList({ label, count, row, onRows }: LongListProps) {
  const [rows, setRows] = useState(FIRST_ROWS);
  const list = useRef<HTMLDivElement>(null);
  const rowPx = useRowPx();
  const drawn = useRowsAFrame();
  const first = Math.min(rows.first, Math.max(0, count - FIRST_ROWS.end));
  const end = Math.min(count, rows.end, first + drawn);
  const shown = Array.from({ length: end - first }, (_, n) => first + n);
  return (
    <div
      className={frame['view']}
      role="list"
      aria-label={label}
      ref={list}
      // It is scrolled by keys; what its rows hold takes the focus from the arrow keys only.
      tabIndex={0}
      onKeyDown={(event) => {
        if (walkRows(event.currentTarget, event.key, rowPx)) event.preventDefault();
      }}
      onScroll={(event) => {
        const next = rowsAt(event.currentTarget.scrollTop, rowPx);
        if (next.first === rows.first) return;
        // a row that takes the focus with it out of the page gives it back
        const row = document.activeElement?.closest<HTMLElement>('[data-row]');
        const at = Number(row?.dataset['row'] ?? Number.NaN);
        if (list.current?.contains(row ?? null) && (at < next.first || at >= next.end)) {
          list.current.focus({ preventScroll: true });
        }
        setRows(next);
        onRows(next);
      }}
    >
      <div className={frame['all']} style={{ blockSize: count * rowPx }} role="presentation">
        {shown.map((at) => (
          <div
            key={at}
            className={ROW}
            role="listitem"
            data-row={at}
            aria-setsize={count}
            aria-posinset={at + 1}
            style={{ insetBlockStart: at * rowPx }}
          >
            {row(at)}
          </div>
        ))}
      </div>
    </div>
  );
}

/** How many rows a new list draws: a few more with each frame, so that none of them takes long. */
function useRowsAFrame(): number {
  const [drawn, setDrawn] = useState(ROWS_A_FRAME);
  useEffect(() => {
    if (drawn >= FIRST_ROWS.end) return;
    const frame = requestAnimationFrame(() => setDrawn(drawn + ROWS_A_FRAME));
    return () => cancelAnimationFrame(frame);
  }, [drawn]);
  return drawn;
}

export function useRowPx(): number {
  return useSyncExternalStore(onWidth, () =>
    window.matchMedia(NARROW).matches ? ROW_PX.narrow : ROW_PX.wide,
  );
}

function onWidth(changed: () => void): () => void {
  const media = window.matchMedia(NARROW);
  media.addEventListener('change', changed);
  return () => media.removeEventListener('change', changed);
}
