/** A whole file on its way to its final name. */

export interface WholeFile {
  readonly index: number;
  readonly part: string;
  /** As hex. */
  readonly hash: string;
}

/** Where a file is to go, as it is in this moment. */
export interface Target {
  /** It is there, and no link is on the way. */
  readonly directory: string;
  readonly name: string;
  /** The stamp of the file that it takes the place of; null: of none. */
  readonly replaces: string | null;
}

/** On its way to a path. */
export interface Going {
  readonly file: WholeFile;
  readonly path: string;
  /** The file that is there, and where it goes, below the destination; null: nothing is there. */
  readonly old: { readonly stamp: string; readonly kept: string } | null;
}
