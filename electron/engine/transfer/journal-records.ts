import { z } from 'zod';
import type { ErrorCode } from '../../../shared/errors.ts';
import { isErrorCode } from '../../../shared/errors.ts';
import { CONTENTS } from '../../../shared/model/content.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import { isPeerId } from '../../../shared/model/peer.ts';
import { KEEP_BOTH, existingChoicesSchema } from '../../../shared/model/plan.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { isTransferId } from '../../../shared/model/transfer.ts';
import type { Listing } from '../../../shared/protocol/listing.ts';
import { MAX_ENTRIES } from '../../../shared/protocol/limits.ts';
import { HASH_ALGORITHMS } from '../../../shared/protocol/messages.ts';
import { UNDO_PATH } from './undo-place.ts';

/** What the lines of a journal say: a header, the list of files, then what happened, in order. */

const count = z.int().min(0);
const index = z.int().min(0).max(MAX_ENTRIES);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const kept = z.string().regex(UNDO_PATH);

const header = z.object({
  record: z.literal('header'),
  version: z.literal(1),
  transferId: z.custom<TransferId>((v) => typeof v === 'string' && isTransferId(v)),
  /** Made here at random: all hidden names of the transfer hold it. */
  token: z.string().regex(/^[0-9a-f]{16}$/),
  /** Who sends it: nobody else may go on with it. The name is what they called themselves. */
  peer: z.object({
    id: z.custom<PeerId>((v) => typeof v === 'string' && isPeerId(v)).nullable(),
    name: z.string(),
    address: z.string(),
  }),
  /** The hash of the list of files as it was offered: another list is another transfer. */
  entriesKey: z.string(),
  hash: z.enum(HASH_ALGORITHMS),
  /** Absolute. */
  directory: z.string().min(1),
  items: z.array(z.object({ name: z.string(), kind: z.enum(['file', 'folder']) })),
  itemCount: count,
  content: z.enum(CONTENTS).optional(),
  totals: z.object({ files: count, directories: count, bytes: count }),
  leftOut: count,
  /** Files that are not wanted here, and why. */
  skip: z.array(z.object({ index: count, code: z.custom<ErrorCode>(isErrorCode) })),
  /** What was offered and not chosen: indexes from the first to the last, and what they come to. */
  unwanted: z
    .object({
      files: count,
      directories: count,
      bytes: count,
      ranges: z.array(z.tuple([count, count])),
    })
    .optional(),
  /** By the calendar, for people only. */
  startedAtMs: z.number(),
  /** What was answered for names that are taken. */
  existing: existingChoicesSchema.default(KEEP_BOTH),
  /** What that came to, when it was answered: tops that go into what is there. */
  merged: z.array(z.object({ name: z.string(), replaces: z.boolean() })).default([]),
  /** Rows of the list that follow. */
  entries: count,
});

/**
 * A file's size, or null for a directory; where it is saved, below the directory; and the stamp of the
 * file that it met there (merge-plan.ts).
 */
const row = z.tuple([
  count.nullable(),
  z.array(z.string().min(1)).min(1),
  z.string().nullable().optional(),
]);
const list = z.object({ record: z.literal('list'), rows: z.array(row) });

const fact = z.discriminatedUnion('record', [
  /** The part file of this entry is on the disk to its last byte, with this hash. */
  z.object({ record: z.literal('whole'), index: count, hash }),
  /** Its sender has another: what is told of it before counts no more. */
  z.object({ record: z.literal('dropped'), index: count }),
  /** From here on it may stand under this path. */
  z.object({ record: z.literal('publishing'), index: count, path: z.string() }),
  z.object({ record: z.literal('published'), index: count, path: z.string(), hash }),
  /** What is under the path is kept as `kept`, below the directory, before the new one is put there. */
  z.object({ record: z.literal('replacing'), index: count, path: z.string(), kept, hash }),
  /** The same of an earlier version of the same things, which this delivery took over. */
  z.object({ record: z.literal('replacedBefore'), path: z.string(), kept, hash }),
  /** What stands there, and stood there before, is what was offered. */
  z.object({ record: z.literal('identical'), index: count, path: z.string(), hash }),
  z.object({ record: z.literal('madeFolder'), path: z.string() }),
  /** The disk does not take these, from the first index to the last: what is told of them counts no more. */
  z.object({
    record: z.literal('refused'),
    code: z.custom<ErrorCode>(isErrorCode),
    ranges: z.array(z.tuple([index, index])),
  }),
  z.object({ record: z.literal('publishingFolder'), name: z.string(), path: z.string() }),
  z.object({ record: z.literal('publishedFolder'), name: z.string(), path: z.string() }),
  /** Everything is durable under its final name; `hash`: the transfer's, as hex. */
  z.object({ record: z.literal('done'), hash }),
  /** Nobody wants it any more; what could not be removed yet is removed at the next start. */
  z.object({ record: z.literal('discarded') }),
  /** From here on its sender calls it so. */
  z.object({
    record: z.literal('called'),
    transferId: z.custom<TransferId>((v) => typeof v === 'string' && isTransferId(v)),
  }),
  /** Every file that was replaced is back. */
  z.object({ record: z.literal('undone') }),
]);

/** Many of the first kind, as they become whole together: small files come by the hundred. */
const wholes = z.object({ record: z.literal('wholes'), files: z.array(z.tuple([count, hash])) });

/** Of `wholes` in a line: a damaged one loses no more than a page of a disk does. */
export const WHOLES_PER_LINE = 32;

export function wholesRecord(files: readonly (readonly [number, string])[]): unknown {
  return { record: 'wholes', files };
}

export type JournalHeader = Omit<z.infer<typeof header>, 'record' | 'version' | 'entries'>;
export type Fact = z.infer<typeof fact>;

export interface ListedEntry {
  /** null: a directory. */
  readonly bytes: number | null;
  readonly saved: readonly string[];
  readonly met?: string | null;
}

export interface JournalContent {
  readonly header: JournalHeader;
  /** null: the list is damaged, so nothing can go on; what is there can still be removed. */
  readonly list: readonly ListedEntry[] | null;
  readonly facts: readonly Fact[];
}

const ROWS_PER_LINE = 500;

export function headerRecord({ ...fields }: JournalHeader, entries: number): unknown {
  return { record: 'header', version: 1, ...fields, entries };
}

/** As its sender called it last: the journal itself is called by the first id. */
export function calledId({ header, facts }: JournalContent): TransferId {
  const last = facts.findLast((fact) => fact.record === 'called');
  return last?.transferId ?? header.transferId;
}

/** The lines that a journal begins with. */
export function* openingRecords(
  fields: JournalHeader,
  entries: Listing<ListedEntry>,
): Iterable<unknown> {
  yield headerRecord(fields, entries.length);
  let rows: unknown[] = [];
  for (const entry of entries) {
    rows.push(rowOf(entry));
    if (rows.length < ROWS_PER_LINE) continue;
    yield { record: 'list', rows };
    rows = [];
  }
  if (rows.length > 0) yield { record: 'list', rows };
}

function rowOf({ bytes, saved, met = null }: ListedEntry): unknown[] {
  return met === null ? [bytes, saved] : [bytes, saved, met];
}

/**
 * null: not a journal of ours, or no copy of its header is sound. `opening`: what its header and its list
 * say; damaged lines are left out.
 */
export function readRecords(
  opening: readonly unknown[],
  facts: readonly Fact[],
): JournalContent | null {
  const first = opening.map((line) => header.safeParse(line).data).find((one) => one !== undefined);
  if (!first) return null;
  const { record: _, version: __, entries, ...fields } = first;
  const rows: ListedEntry[] = [];
  for (const line of opening) {
    for (const [bytes, saved, met = null] of list.safeParse(line).data?.rows ?? []) {
      rows.push({ bytes, saved, met });
    }
  }
  return { header: fields, list: rows.length === entries ? rows : null, facts };
}

/** null: it is damaged, or no header. */
export function readHeader(line: unknown): JournalHeader | null {
  const found = header.safeParse(line);
  if (!found.success) return null;
  const { record: _, version: __, entries: ___, ...fields } = found.data;
  return fields;
}

/** None: it is damaged, or tells no fact. */
export function readFacts(line: unknown): readonly Fact[] {
  const one = fact.safeParse(line).data;
  if (one) return [one];
  const files = wholes.safeParse(line).data?.files ?? [];
  return files.map(([index, hash]) => ({ record: 'whole', index, hash }));
}
