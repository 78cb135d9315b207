/** What is read by index, or from the first to the last; an array is one. Others make each item when it is asked for. */
export interface Listing<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): T | undefined;
  entries(): Iterable<[number, T]>;
}

/** So many items, each made anew whenever it is asked for. */
export function listingOf<T>(length: number, make: (index: number) => T): Listing<T> {
  return {
    length,
    at: (index) => (index >= 0 && index < length ? make(index) : undefined),
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index++) yield make(index);
    },
    *entries() {
      for (let index = 0; index < length; index++) yield [index, make(index)];
    },
  };
}
