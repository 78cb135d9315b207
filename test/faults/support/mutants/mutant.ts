/** A seeded bug: what a hurried change could do to a promise, and the tests that must not let it pass. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Must occur in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The few files that can notice it, the likeliest first. They may not need what was built. */
  readonly tests: readonly string[];
}
