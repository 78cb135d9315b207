/** What was offered and is not wanted here. */
export interface Unwanted {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
}

export const NOTHING_UNWANTED: Unwanted = { files: 0, directories: 0, bytes: 0 };
