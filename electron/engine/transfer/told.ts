import type { ErrorCode } from '../../../shared/errors.ts';
import { fromHex } from '../../../shared/protocol/hash-tree.ts';
import type { Fact } from './journal-records.ts';
import { indexesOf } from './refused-entries.ts';

/** What a journal says last of each file and folder. */
export interface Told {
  /** Staged, and whole. */
  readonly whole: ReadonlyMap<number, Uint8Array>;
  readonly published: ReadonlyMap<number, Published>;
  /** How often each got a name. */
  readonly copies: ReadonlyMap<number, number>;
  /** Where each was about to go. */
  readonly going: ReadonlyMap<number, Going>;
  /** They took the place of another file. */
  readonly replaced: ReadonlySet<number>;
  /** Files that earlier versions of the same things replaced. */
  readonly replacedBefore: number;
  readonly folders: ReadonlyMap<string, ToldFolder>;
  /** Their sender has another than what counted as whole. */
  readonly dropped: ReadonlySet<number>;
  /** The disk does not take these. */
  readonly refused: ReadonlyMap<number, ErrorCode>;
  readonly made: readonly string[];
  readonly doneHash: string | null;
}

interface ToldFolder {
  readonly path: string;
  /** The step to that name was made to its end. */
  readonly isPublished: boolean;
}

interface Going {
  readonly path: string;
  /** For what goes into the place of another file; `kept`: where that was to go, below the destination. */
  readonly over: { readonly kept: string; readonly hash: Uint8Array } | null;
}

interface Published {
  readonly path: string;
  readonly hash: Uint8Array;
  /** It stood there before. */
  readonly isIdentical: boolean;
}

export function lastTold(facts: readonly Fact[]): Told {
  const whole = new Map<number, Uint8Array>();
  const published = new Map<number, Published>();
  const copies = new Map<number, number>();
  const going = new Map<number, Going>();
  const folders = new Map<string, ToldFolder>();
  const dropped = new Set<number>();
  const replaced = new Set<number>();
  const refused = new Map<number, ErrorCode>();
  let replacedBefore = 0;
  const made: string[] = [];
  let doneHash: string | null = null;
  for (const fact of facts) {
    switch (fact.record) {
      case 'whole':
        whole.set(fact.index, fromHex(fact.hash));
        break;
      case 'dropped':
        whole.delete(fact.index);
        published.delete(fact.index);
        going.delete(fact.index);
        dropped.add(fact.index);
        break;
      case 'publishing':
        going.set(fact.index, { path: fact.path, over: null });
        break;
      case 'replacing': {
        const { index, path, kept, hash } = fact;
        going.set(index, { path, over: { kept, hash: fromHex(hash) } });
        break;
      }
      case 'published':
      case 'identical': {
        const { path, hash } = fact;
        const isIdentical = fact.record === 'identical';
        published.set(fact.index, { path, hash: fromHex(hash), isIdentical });
        if (!isIdentical) copies.set(fact.index, (copies.get(fact.index) ?? 0) + 1);
        const last = going.get(fact.index);
        if (!isIdentical && last?.over && last.path === path) replaced.add(fact.index);
        break;
      }
      case 'publishingFolder':
      case 'publishedFolder':
        folders.set(fact.name, {
          path: fact.path,
          isPublished: fact.record === 'publishedFolder',
        });
        break;
      case 'refused':
        for (const index of indexesOf(fact.ranges)) {
          whole.delete(index);
          published.delete(index);
          refused.set(index, fact.code);
        }
        break;
      case 'madeFolder':
        made.push(fact.path);
        break;
      case 'done':
        doneHash = fact.hash;
        break;
      case 'replacedBefore':
        replacedBefore++;
        break;
      case 'called':
      case 'discarded':
      case 'undone':
        break;
    }
  }
  const files = { whole, published, copies, going, dropped, refused, replaced, replacedBefore };
  return { ...files, folders, made, doneHash };
}
