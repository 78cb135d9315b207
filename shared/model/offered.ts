import { z } from 'zod';
import type { Held } from './choice.ts';
import { offeredPathSchema } from './choice.ts';
import type { TransferId } from './transfer.ts';

/** A file or a folder of an offer, for a person to look at: its names are the sender's. */
export interface OfferedThing extends Held {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** How many things are in the folder itself. */
  readonly children: number;
}

const MAX_OFFERED_A_PAGE = 500;

/** Which of them are asked for: `path` is of the folder that they are in; none: the top. */
export const offeredQuerySchema = z.object({
  path: offeredPathSchema,
  from: z.int().min(0).max(1_000_000),
  count: z.int().min(1).max(MAX_OFFERED_A_PAGE),
});
export type OfferedQuery = z.infer<typeof offeredQuerySchema> & { readonly transferId: TransferId };

/** A part of what is in one folder of an offer, or of its top, in the order in which it was offered. */
export interface OfferedPage {
  readonly things: readonly OfferedThing[];
  /** How many there are in all. */
  readonly total: number;
  /** What is in it and in all folders of it. */
  readonly held: Held;
}

/** Which of its pictures: `from`: how many are known. `asked`: a person has asked to see them. */
export const picturesQuerySchema = z.object({
  from: z.int().min(0).max(1_000),
  asked: z.boolean(),
});
export type PicturesQuery = z.infer<typeof picturesQuerySchema> & {
  readonly transferId: TransferId;
};
