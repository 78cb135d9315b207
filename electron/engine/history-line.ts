import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { isErrorCode } from '../../shared/errors.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { isTransferId } from '../../shared/model/transfer.ts';

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
    totals: z.looseObject({ files: count, directories: count, bytes: count }),
    leftOut: problems,
    startedAtMs: z.number(),
    finishedAtMs: z.number(),
    keptBytes: count,
    savedAs: z.string().refine(isAbsolute).nullable(),
  })
  .and(ending);

export function formatLine(transfer: Transfer): string {
  // what was chosen to be sent is known to this run only
  return `${JSON.stringify({ ...transfer, canRetry: false })}\n`;
}

/** null: a crash cut it short, or it is not ours. */
export function parseLine(text: string): Transfer | null {
  try {
    const value: unknown = JSON.parse(text);
    // The schema has shown every part that anything reads of a finished transfer.
    return line.safeParse(value).success ? (value as Transfer) : null;
  } catch {
    return null;
  }
}
