const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Rows of a page less one, so that the eye finds where it was. */
const PAGE_SHARE = 0.9;

/**
 * Leads the focus from the button of one row to that of the next; from the list itself to the first row that
 * is seen whole. Longer ways go by the list. false: the key does what it always does.
 */
export function walkRows(list: HTMLElement, key: string, rowPx: number): boolean {
  const row = document.activeElement?.closest<HTMLElement>('[data-row]') ?? null;
  const step = STEPS[key];
  if (step === undefined) return row !== null && leap(list, key);
  if (row === null && step < 0) return false;
  const from = row === null ? Math.ceil(list.scrollTop / rowPx) : Number(row.dataset['row']) + step;
  const button = list.querySelector<HTMLElement>(`[data-row="${from}"] button`);
  button?.focus();
  return button !== null;
}

/** At once: the row that has the focus goes out of the page on the way. */
function leap(list: HTMLElement, key: string): boolean {
  const page = list.clientHeight * PAGE_SHARE;
  const places: Readonly<Record<string, number>> = {
    Home: 0,
    End: list.scrollHeight,
    PageDown: list.scrollTop + page,
    PageUp: list.scrollTop - page,
  };
  const place = places[key];
  if (place === undefined) return false;
  list.focus({ preventScroll: true });
  list.scrollTop = place;
  return true;
}
