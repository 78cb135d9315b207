import type { PageEntry } from '../../shared/contract.ts';
import type { Item } from '../../shared/model/transfer.ts';

/**
 * What a browser lets a page see of dropped or picked files, as a flat list in which a folder comes
 * before what it holds.
 */
export interface HeldEntry extends PageEntry {
  /** null for a folder, and for a file that could not be opened. */
  readonly file: Blob | null;
}

/** What was chosen, by its top-level names, and the walk over all of it. */
export interface Held {
  readonly items: readonly Item[];
  readonly entries: AsyncIterable<HeldEntry>;
}

/** Opening a file is a question to another process of the browser: many are asked at once. */
const OPEN_AT_ONCE = 64;

interface Root extends Item {
  readonly entry: FileSystemEntry | null;
  readonly file: File | null;
}

/** Must run while the drop event is handled; the walk itself may come later. */
export function heldByDrop(data: DataTransfer): Held {
  const roots = [...data.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const known = roots.flatMap(({ entry, file }): Root[] => {
    if (entry !== null) return [{ name: entry.name, kind: kindOf(entry), entry, file: null }];
    return file === null ? [] : [{ name: file.name, kind: 'file', entry: null, file }];
  });
  const named = withOwnNames(known);
  return {
    items: named.map(({ name, kind }) => ({ name, kind })),
    entries: walkAll(named),
  };
}

async function* walkAll(roots: readonly Root[]): AsyncGenerator<HeldEntry> {
  for (const { name, entry, file } of roots) {
    if (entry !== null) yield* walk(entry, [name]);
    else if (file !== null) yield fileEntry([name], file);
  }
}

async function* walk(entry: FileSystemEntry, path: string[]): AsyncGenerator<HeldEntry> {
  if (!isDirectory(entry)) {
    yield await opened(entry, path);
    return;
  }
  const children = await childrenOf(entry);
  if (children === null) {
    yield unreadable(path);
    return;
  }
  yield { path, kind: 'directory', bytes: 0, modifiedMs: null, file: null };
  const files = children.filter((child) => !isDirectory(child));
  for (let at = 0; at < files.length; at += OPEN_AT_ONCE) {
    const some = files.slice(at, at + OPEN_AT_ONCE);
    yield* await Promise.all(some.map((child) => opened(child, [...path, child.name])));
  }
  for (const child of children) {
    if (isDirectory(child)) yield* walk(child, [...path, child.name]);
  }
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function kindOf(entry: FileSystemEntry): Item['kind'] {
  return entry.isDirectory ? 'folder' : 'file';
}

/** A browser hands out a folder in parts, and says that there are no more by an empty one. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[] | null> {
  const reader = directory.createReader();
  const children: FileSystemEntry[] = [];
  try {
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
        reader.readEntries(resolve, reject);
      });
      if (some.length === 0) return children;
      children.push(...some);
    }
  } catch {
    return null;
  }
}

async function opened(entry: FileSystemEntry, path: string[]): Promise<HeldEntry> {
  try {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return fileEntry(path, file);
  } catch {
    return unreadable(path);
  }
}

function fileEntry(path: string[], file: File): HeldEntry {
  return { path, kind: 'file', bytes: file.size, modifiedMs: file.lastModified, file };
}

/**
 * Listed as one byte, so that it is asked for and fails by its name: left out, nobody would miss it,
 * and as an empty file it would arrive.
 */
function unreadable(path: string[]): HeldEntry {
  return { path, kind: 'file', bytes: 1, modifiedMs: null, file: null };
}

/** Files of an `<input type=file>`; those of a picked folder say where in it they lie. */
export function heldByInput(files: readonly File[]): Held {
  const inFolders = files.filter((file) => file.webkitRelativePath.includes('/'));
  const single = files.filter((file) => !file.webkitRelativePath.includes('/'));
  const folderNames = new Set(inFolders.map((file) => topOf(file.webkitRelativePath)));
  const named = withOwnNames(single.map((file) => ({ name: file.name, file })));
  return {
    items: [
      ...[...folderNames].map((name) => ({ name, kind: 'folder' as const })),
      ...named.map(({ name }) => ({ name, kind: 'file' as const })),
    ],
    entries: inOrder(inFolders, named),
  };
}

// An async walk like the other, although all of it is at hand.
async function* inOrder(
  inFolders: readonly File[],
  single: readonly { readonly name: string; readonly file: File }[],
): AsyncGenerator<HeldEntry> {
  const known = new Set<string>();
  for (const file of inFolders) {
    const path = file.webkitRelativePath.split('/');
    for (let depth = 1; depth < path.length; depth += 1) {
      const folder = path.slice(0, depth);
      const key = folder.join('/');
      if (known.has(key)) continue;
      known.add(key);
      yield { path: folder, kind: 'directory', bytes: 0, modifiedMs: null, file: null };
    }
    yield fileEntry(path, file);
  }
  for (const { name, file } of single) yield fileEntry([name], file);
}

function topOf(path: string): string {
  return path.slice(0, path.indexOf('/'));
}

/** Chosen from several places, two may have one name, and a list of paths may not hold one twice. */
export function withOwnNames<T extends { readonly name: string }>(things: readonly T[]): T[] {
  const taken = new Set(things.map(({ name }) => name));
  const seen = new Set<string>();
  return things.map((thing) => {
    if (!seen.has(thing.name)) {
      seen.add(thing.name);
      return thing;
    }
    const dot = thing.name.lastIndexOf('.');
    const [stem, ending] =
      dot > 0 ? [thing.name.slice(0, dot), thing.name.slice(dot)] : [thing.name, ''];
    let number = 2;
    while (taken.has(`${stem} (${number})${ending}`)) number += 1;
    const name = `${stem} (${number})${ending}`;
    taken.add(name);
    seen.add(name);
    return { ...thing, name };
  });
}
