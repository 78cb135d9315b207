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
    const wanted = at === 0 ? number + 1 : PAGE_MARKS;
    const page = roomyPage(old, wanted, PAGE_MARKS);
    if (page !== old) this.#pages[at] = page;
    page[number % PAGE_MARKS] = 1;
  }

  delete(number: number): void {
    const page = this.#pages[Math.floor(number / PAGE_MARKS)];
    if (page) page[number % PAGE_MARKS] = 0;
  }
}

/** The same page, or one with so much room: twice as long as it was at least, never longer than a page is. */
export function roomyPage(
  page: Uint8Array | undefined,
  wantedBytes: number,
  mostBytes: number,
): Uint8Array {
  const bytes = page?.length ?? 0;
  if (page && bytes >= wantedBytes) return page;
  const longer = new Uint8Array(Math.min(mostBytes, Math.max(wantedBytes, bytes * 2)));
  if (page) longer.set(page);
  return longer;
}
