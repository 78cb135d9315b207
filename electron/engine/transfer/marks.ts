/** Marks of so many numbers stand together. */
const PAGE_MARKS = 1024;

/**
 * A set of whole numbers that lie close together: a byte for each, where a `Set` takes forty. What lies far off
 * costs a page, not all that is between.
 */
export class Marks {
  readonly #pages: (Uint8Array | undefined)[] = [];

  has(number: number): boolean {
    return this.#pages[Math.floor(number / PAGE_MARKS)]?.[number % PAGE_MARKS] === 1;
  }

  add(number: number): void {
    const at = Math.floor(number / PAGE_MARKS);
    const old = this.#pages[at];
    const page = roomyPage(old, number % PAGE_MARKS, PAGE_MARKS, 1);
    if (page !== old) this.#pages[at] = page;
    page[number % PAGE_MARKS] = 1;
  }

  delete(number: number): void {
    const page = this.#pages[Math.floor(number / PAGE_MARKS)];
    if (page) page[number % PAGE_MARKS] = 0;
  }
}

/** The same page, or one with room for that item: twice as long as it was, and never longer than a page is. */
export function roomyPage(
  page: Uint8Array | undefined,
  item: number,
  items: number,
  itemBytes: number,
): Uint8Array {
  const bytes = page?.length ?? 0;
  const wanted = (item + 1) * itemBytes;
  if (page && bytes >= wanted) return page;
  const longer = new Uint8Array(Math.min(items * itemBytes, Math.max(wanted, bytes * 2)));
  if (page) longer.set(page);
  return longer;
}
