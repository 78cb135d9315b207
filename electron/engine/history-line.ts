import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { isErrorCode } from '../../shared/errors.ts';
import { CONTENTS } from '../../shared/model/content.ts';
import type { DoneCheck } from '../../shared/model/check.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { NOTHING_MET, isTransferId } from '../../shared/model/transfer.ts';

/** One line of the history file: a transfer as it ended. */

const count = z.int().min(0);
const problems = z.object({
  count,
  examples: z.array(z.object({ path: z.string(), code: z.string().refine(isErrorCode) })),
});

const ending = z.discriminatedUnion('phase', [
  z.looseObject({
    phase: z.literal('delivered'),
    hash: z.string().nullable(),
    verified: z.boolean(),
    sentBytes: count,
    failed: problems,
  }),
  z.looseObject({ phase: z.literal('declined') }),
  z.looseObject({ phase: z.literal('cancelled'), by: z.enum(['us', 'peer']) }),
  z.looseObject({
    phase: z.literal('failed'),
    failure: z.object({
      code: z.string().refine(isErrorCode),
      details: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  }),
]);

/** All that is shown of one. Loose: what another version has written besides is no damage. */
const line = z
  .looseObject({
    id: z.string().refine(isTransferId),
    direction: z.enum(['send', 'receive']),
    mode: z.enum(['tls', 'plain']),
    peer: z.looseObject({ id: z.string().nullable(), name: z.string(), address: z.string() }),
    items: z.array(z.looseObject({ name: z.string(), kind: z.enum(['file', 'folder']) })),
    itemCount: count,
    content: z.enum(CONTENTS).optional(),
    totals: z.looseObject({ files: count, directories: count, bytes: count }),
    unwanted: z.looseObject({ files: count, directories: count, bytes: count }).optional(),
    leftOut: problems,
    startedAtMs: z.number(),
    finishedAtMs: z.number(),
    keptBytes: count,
    savedAs: z.string().refine(isAbsolute).nullable(),
    replacedCount: count.optional(),
    identicalCount: count.optional(),
    undone: z.boolean().optional(),
  })
  .and(ending);

export function formatLine(transfer: Transfer): string {
  // what was chosen to be sent is known to this run only
  return `${JSON.stringify({ ...transfer, canRetry: false })}\n`;
}

/** null: a crash cut it short, or it is not ours. */
export function parseLine(text: string): Transfer | null {
  const value = parsed(text);
  if (!line.safeParse(value).success) return null;
  // The schema has shown every part that anything reads of a finished transfer.
  // Another version may not have written what was met: then it met nothing.
  const transfer = { ...NOTHING_MET, ...(value as Transfer) };
  if (transfer.phase !== 'delivered') return transfer;
  // receipts come and go by themselves, and checks have lines of their own
  return { ...transfer, hasReceipt: false, check: null };
}

const check = z.looseObject({
  state: z.literal('done'),
  files: count,
  intact: count,
  changed: problems,
  missing: problems,
  unchecked: problems,
  finishedAtMs: z.number(),
});
const checkLine = z.object({
  checked: z.custom<TransferId>((v) => typeof v === 'string' && isTransferId(v)),
  check: z.custom<DoneCheck>((v) => check.safeParse(v).success),
});

/** A line of its own, so that what was verified again keeps its place among the others. */
export function formatCheck(transferId: TransferId, found: DoneCheck): string {
  return `${JSON.stringify({ checked: transferId, check: found })}\n`;
}

export function parseCheck(text: string): z.infer<typeof checkLine> | null {
  return text.startsWith('{"checked"') ? (checkLine.safeParse(parsed(text)).data ?? null) : null;
}

const undoneLine = z.object({ undone: checkLine.shape.checked });

export function formatUndone(transferId: TransferId): string {
  return `${JSON.stringify({ undone: transferId })}\n`;
}

/** Of which transfer it says that it was undone; null: of none. */
export function parseUndone(text: string): TransferId | null {
  if (!text.startsWith('{"undone"')) return null;
  return undoneLine.safeParse(parsed(text)).data?.undone ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
