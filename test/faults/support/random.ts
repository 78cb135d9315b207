/** Numbers that follow from a seed alone, so that a run can be had again exactly. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  /** Seeds that are neighbours have nothing in common after the first steps. */
  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9;
    this.#c = 0x243f6a88;
    for (let n = 0; n < 15; n++) this.#next();
  }

  /** From `least` to `most`, both included. */
  int(least: number, most: number): number {
    const high = this.#next() & 0x1fffff;
    return least + Math.floor(((high * 2 ** 32 + this.#next()) / 2 ** 53) * (most - least + 1));
  }

  chance(share: number): boolean {
    return this.#next() < share * 2 ** 32;
  }

  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new Error('nothing to pick from');
    return from[this.int(0, from.length - 1)] as T;
  }

  shuffled<T>(from: readonly T[]): T[] {
    const all = [...from];
    for (let at = all.length - 1; at > 0; at--) {
      const other = this.int(0, at);
      [all[at], all[other]] = [all[other] as T, all[at] as T];
    }
    return all;
  }

  /** The "small fast counter" of PractRand, in 32-bit steps. */
  #next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }
}
