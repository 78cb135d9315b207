/**
 * A disk that takes names for one another as NTFS or a Mac's does, written without the rules of the planner:
 * it shows whether two entries of one plan would meet.
 */
export class FoldingDisk {
  readonly #fold: (name: string) => string;
  readonly #root: Folder = new Map();

  constructor(kind: 'win' | 'mac') {
    this.#fold = kind === 'win' ? upcase : (name) => upcase(name.normalize('NFD'));
  }

  /** Makes the folders on the way, as their own spelling or none. Throws where something is met. */
  put(path: readonly string[], kind: 'file' | 'directory'): void {
    let folder = this.#root;
    for (const [depth, name] of path.entries()) {
      const isLast = depth === path.length - 1;
      const key = this.#fold(name);
      const there = folder.get(key);
      const wanted = isLast ? kind : 'directory';
      if (there === undefined) folder.set(key, { name, kind: wanted, inside: new Map() });
      else if (there.name !== name || there.kind !== wanted || (isLast && kind === 'file')) {
        throw new Error(`${path.join('/')} meets ${there.name}`);
      }
      folder = folder.get(key)?.inside ?? new Map<string, Thing>();
    }
  }
}

interface Thing {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly inside: Folder;
}
type Folder = Map<string, Thing>;

/** As the table of NTFS: each unit by itself, and only where its capital is one unit too. */
function upcase(name: string): string {
  return name
    .split('')
    .map((unit) => (unit.toUpperCase().length === 1 ? unit.toUpperCase() : unit))
    .join('');
}
