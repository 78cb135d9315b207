import { useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { OpensIcon, TickIcon } from './icons.tsx';
import type { Rows } from './long-list.tsx';
import { FIRST_ROWS, SHOWN_ROWS, rowsAt, useRowPx } from './long-list.tsx';
import { stepInTree } from './tree-keys.ts';
import frame from './long-rows.module.css';
import styles from './long-tree.module.css';

const ROW = `${frame['row'] ?? ''} ${styles['row'] ?? ''}`;

export type Checked = boolean | 'mixed';

/** A row that is drawn: a thing in a tree that is checked, and opened where it holds others. */
export interface LongTreeRow {
  /** From 1. */
  readonly level: number;
  /** Among those beside it, from 1. */
  readonly position: number;
  readonly siblings: number;
  /** null: it holds nothing. */
  readonly isOpen: boolean | null;
  readonly checked: Checked;
  /** The row that it is in; null: it is at the top. */
  readonly parent: number | null;
  readonly content: ReactNode;
}

interface LongTreeProps {
  readonly label: string;
  readonly count: number;
  /** null: it is not there yet. */
  readonly row: (at: number) => LongTreeRow | null;
  readonly onRows: (rows: Rows) => void;
  readonly onCheck: (at: number) => void;
  readonly onOpen: (at: number) => void;
}

/** However long the tree is, a few rows of it are in the page. One of them is meant by the keys. */
export function LongTree({ label, count, row, onRows, onCheck, onOpen }: LongTreeProps) {
  const [rows, setRows] = useState(FIRST_ROWS);
  const [meant, setMeant] = useState(0);
  const view = useRef<HTMLDivElement>(null);
  const idBase = useId();
  const rowPx = useRowPx();
  const active = Math.min(meant, count - 1);
  const first = Math.min(rows.first, Math.max(0, count - FIRST_ROWS.end));
  const shown = Array.from({ length: Math.min(count, rows.end) - first }, (_, n) => first + n);
  const idOf = (at: number): string => `${idBase}-${at}`;

  function go(at: number): void {
    const next = Math.max(0, Math.min(count - 1, at));
    setMeant(next);
    const list = view.current;
    if (list === null) return;
    const top = next * rowPx;
    const lowest = top + rowPx - list.clientHeight;
    if (list.scrollTop > top) list.scrollTop = top;
    else if (list.scrollTop < lowest) list.scrollTop = lowest;
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const isRightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
    const step = stepInTree(event.key, {
      at: active,
      count,
      page: SHOWN_ROWS - 1,
      row: row(active),
      isRightToLeft,
    });
    if (step === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (step.kind === 'go') go(step.to);
    else if (step.kind === 'check') onCheck(active);
    else if (step.kind === 'open') onOpen(active);
  }

  return (
    <div
      ref={view}
      className={`${frame['view'] ?? ''} ${styles['tree'] ?? ''}`}
      role="tree"
      aria-label={label}
      aria-multiselectable="true"
      aria-activedescendant={shown.includes(active) ? idOf(active) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const next = rowsAt(event.currentTarget.scrollTop, rowPx);
        if (next.first === rows.first) return;
        setRows(next);
        onRows(next);
      }}
    >
      <div className={frame['all']} style={{ blockSize: count * rowPx }} role="presentation">
        {shown.map((at) => (
          <Row
            key={at}
            id={idOf(at)}
            row={row(at)}
            top={at * rowPx}
            isActive={at === active}
            onCheck={() => {
              setMeant(at);
              onCheck(at);
            }}
            onOpen={() => {
              setMeant(at);
              onOpen(at);
            }}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly row: LongTreeRow | null;
  readonly top: number;
  readonly isActive: boolean;
  readonly onCheck: () => void;
  readonly onOpen: () => void;
}

/** Deeper than this a row is indented no more: its name needs the room. */
const MAX_INDENT = 8;

function Row({ id, row, top, isActive, onCheck, onOpen }: RowProps) {
  const place = { insetBlockStart: top };
  if (row === null) return <div className={ROW} style={place} role="presentation" />;
  const { level, position, siblings, isOpen, checked, content } = row;
  return (
    <div
      id={id}
      className={ROW}
      style={place}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-checked={checked}
      aria-selected={isActive}
      {...(isOpen !== null && { 'aria-expanded': isOpen })}
      data-active={isActive || undefined}
      onClick={onCheck}
    >
      <span
        className={styles['indent']}
        style={{ inlineSize: `min(${Math.min(level - 1, MAX_INDENT)}rem, 20%)` }}
      />
      <span
        className={styles['opener']}
        data-open={isOpen ?? undefined}
        onClick={(event) => {
          if (isOpen === null) return;
          event.stopPropagation();
          onOpen();
        }}
      >
        {isOpen !== null && <OpensIcon />}
      </span>
      <span className={styles['box']} data-checked={checked}>
        {checked === true && <TickIcon />}
      </span>
      {content}
    </div>
  );
}
