import type { Choice, Held } from '../../../shared/model/choice.ts';
import type { OfferedPage, OfferedThing } from '../../../shared/model/offered.ts';
import type { Entries, Entry } from '../../../shared/protocol/messages.ts';
import { UnwantedEntries } from './unwanted-entries.ts';

interface Node {
  files: number;
  bytes: number;
  emptyFolders: number;
  /** Of its own entry; null: it only lies on the path of others. */
  index: number | null;
  /** null: a file. */
  readonly children: Map<string, Node> | null;
}

/** What rules say of a thing and of those in it. */
interface Rules {
  wanted: boolean | null;
  readonly inside: Map<string, Rules>;
}

/** What is offered, folder by folder and by the sender's names, to look at and to choose from. */
export class OfferedTree {
  readonly #root: Node = newFolder();
  readonly #entries: Entries;

  private constructor(entries: Entries) {
    this.#entries = entries;
  }

  /** Yields after each small step. */
  static *steps(entries: Entries): Generator<void, OfferedTree> {
    const tree = new OfferedTree(entries);
    for (const [index, entry] of entries.entries()) {
      tree.#add(entry, index);
      yield;
    }
    countEmpty(tree.#root);
    return tree;
  }

  /** null: there is no such folder. */
  page(path: readonly string[], from: number, count: number): OfferedPage | null {
    let folder: Node | undefined = this.#root;
    for (const name of path) folder = folder?.children?.get(name);
    if (!folder?.children) return null;
    const { children } = folder;
    const things: OfferedThing[] = [];
    let at = 0;
    for (const [name, node] of children) {
      if (at >= from + count) break;
      if (at++ >= from) things.push(thingOf(name, node));
    }
    return { things, total: children.size, held: heldIn(folder) };
  }

  /** What a choice leaves out. A folder is wanted for what is wanted in it, or where it is empty. */
  unwanted(choice: Choice): UnwantedEntries {
    const unwanted = new UnwantedEntries(this.#entries.length);
    const rules = rulesOf(choice);
    const look = (node: Node, rule: Rules | undefined, above: boolean): boolean => {
      const own = rule?.wanted ?? above;
      let isWanted = own && (node.children === null || node.children.size === 0);
      for (const [name, child] of node.children ?? []) {
        if (look(child, rule?.inside.get(name), own)) isWanted = true;
      }
      const entry = node.index === null ? undefined : this.#entries.at(node.index);
      if (!isWanted && entry && node.index !== null) unwanted.add(node.index, entry);
      return isWanted;
    };
    look(this.#root, rules, true);
    return unwanted;
  }

  #add(entry: Entry, index: number): void {
    const isFile = entry.kind === 'file';
    let folder = this.#root;
    for (const [depth, name] of entry.path.entries()) {
      const isLast = depth === entry.path.length - 1;
      if (isFile) {
        folder.files++;
        folder.bytes += entry.bytes;
      }
      const known = folder.children?.get(name);
      const node = known ?? (isLast && isFile ? newFile(entry.bytes) : newFolder());
      if (!known) folder.children?.set(name, node);
      if (isLast) node.index = index;
      folder = node;
    }
  }
}

function newFolder(): Node {
  return { files: 0, bytes: 0, emptyFolders: 0, index: null, children: new Map() };
}

function newFile(bytes: number): Node {
  return { files: 1, bytes, emptyFolders: 0, index: null, children: null };
}

function countEmpty(node: Node): number {
  if (node.children === null) return 0;
  if (node.children.size === 0) node.emptyFolders = 1;
  for (const child of node.children.values()) node.emptyFolders += countEmpty(child);
  return node.emptyFolders;
}

function thingOf(name: string, node: Node): OfferedThing {
  const { children } = node;
  const kind = children === null ? 'file' : 'folder';
  return { name, kind, ...heldIn(node), children: children?.size ?? 0 };
}

function heldIn({ files, bytes, emptyFolders }: Node): Held {
  return { files, bytes, emptyFolders };
}

function rulesOf(choice: Choice): Rules {
  const top: Rules = { wanted: null, inside: new Map() };
  for (const { path, wanted } of choice) {
    let at = top;
    for (const name of path) {
      const next = at.inside.get(name) ?? { wanted: null, inside: new Map<string, Rules>() };
      at.inside.set(name, next);
      at = next;
    }
    at.wanted = wanted;
  }
  return top;
}
