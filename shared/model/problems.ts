import type { ErrorCode } from '../errors.ts';

/** A file that did not make it, or was never offered, and why. */
export interface Problem {
  readonly path: string;
  readonly code: ErrorCode;
}

/** How many there are, with the first few by name: the list itself may be long. */
export interface Problems {
  readonly count: number;
  readonly examples: readonly Problem[];
}

export const NO_PROBLEMS: Problems = { count: 0, examples: [] };
export const MAX_PROBLEM_EXAMPLES = 20;
