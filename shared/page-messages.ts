import { z } from 'zod';
import { pageEntrySchema } from './contract.ts';

/** What crosses the second socket of a page, over which it serves its files. */

/** Page source, page to worker: the ticket first, then its entries in pages, then the end of them. */
export const pageMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ticket'), ticket: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ kind: z.literal('entries'), entries: z.array(pageEntrySchema).max(10_000) }),
  z.object({ kind: z.literal('entriesEnd') }),
  /** The answer to a `read` that failed; one that worked is a binary frame: u32 request id, bytes. */
  z.object({ kind: z.literal('unreadable'), request: z.int().min(0) }),
]);
export type PageMessage = z.infer<typeof pageMessageSchema>;

/** Page source, worker to page: asks for a range of the file entry with that index. */
export interface PageRead {
  readonly kind: 'read';
  readonly request: number;
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
}
