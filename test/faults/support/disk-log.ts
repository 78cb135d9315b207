/** What a disk holds, and what was asked of it, as values. */

export interface Inode {
  readonly kind: 'file' | 'directory';
  /** At least what was written; `size` says how much of it counts. */
  data: Uint8Array;
  size: number;
  mode: number;
  mtimeMs: number;
  readonly entries: Map<string, number>;
}

/** By number; 0 is the root. */
export type DiskImage = Map<number, Inode>;

/** One name in one directory: what it stood for and what it stands for now. */
export interface Change {
  readonly dir: number;
  readonly name: string;
  readonly ino: number | null;
  readonly was: number | null;
}

export type Op =
  /** Exists in memory; on the disk only with a name. */
  | { readonly kind: 'made'; readonly ino: number; readonly inode: Inode }
  | {
      readonly kind: 'write';
      readonly ino: number;
      readonly at: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'size'; readonly ino: number; readonly size: number }
  /** All of them or none: a rename has two. */
  | { readonly kind: 'names'; readonly changes: readonly Change[] }
  /** Ended here; covers what was asked of that file or directory before `upTo`. */
  | { readonly kind: 'sync'; readonly ino: number; readonly upTo: number }
  | { readonly kind: 'note'; readonly text: string };

export function emptyImage(): DiskImage {
  return new Map([[0, newDirectory()]]);
}

export function newDirectory(): Inode {
  return {
    kind: 'directory',
    data: new Uint8Array(0),
    size: 0,
    mode: 0o755,
    mtimeMs: 0,
    entries: new Map(),
  };
}

export function copyImage(image: DiskImage): DiskImage {
  const copy: DiskImage = new Map();
  for (const [ino, inode] of image) copy.set(ino, copyInode(inode));
  return copy;
}

export function copyInode(inode: Inode): Inode {
  return { ...inode, data: inode.data.slice(0, inode.size), entries: new Map(inode.entries) };
}

/** Every file and directory that has a name, by its path. */
export function pathsIn(image: DiskImage, ino = 0, below = ''): Map<string, Inode> {
  const paths = new Map<string, Inode>();
  for (const [name, child] of image.get(ino)?.entries ?? []) {
    const inode = image.get(child);
    if (inode === undefined) continue;
    paths.set(`${below}/${name}`, inode);
    for (const [path, found] of pathsIn(image, child, `${below}/${name}`)) paths.set(path, found);
  }
  return paths;
}

export function contentOf(inode: Inode): Uint8Array {
  const content = new Uint8Array(inode.size);
  content.set(inode.data.subarray(0, inode.size));
  return content;
}
