/** What an offer's pictures look like, as far as it has come: in memory alone, until it is answered. */
export class ShownPictures {
  readonly #pictures: ShownPicture[] = [];
  #isClosed = false;
  /** There is one more. */
  onCome: () => void = () => undefined;

  get all(): readonly ShownPicture[] {
    return this.#pictures;
  }

  add(index: number, jpeg: Uint8Array): void {
    if (this.#isClosed) return;
    this.#pictures.push({ index, jpeg });
    this.onCome();
  }

  close(): void {
    this.#isClosed = true;
    this.#pictures.length = 0;
  }
}

interface ShownPicture {
  readonly index: number;
  /** Small, and checked to be nothing else; never decoded here. */
  readonly jpeg: Uint8Array;
}
