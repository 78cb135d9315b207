import { join } from 'node:path';
import { z } from 'zod';
import { CONTENTS } from '../../shared/model/content.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { isPeerId } from '../../shared/model/peer.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { isTransferId } from '../../shared/model/transfer.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';

const OUTBOX_FILE = 'outbox.json';

const transferId = z.custom<TransferId>((v) => typeof v === 'string' && isTransferId(v));
const count = z.int().min(0);

const unsentSchema = z.object({
  transferId,
  /** What its receiver knows it by, and the hash of the list of files under that id. */
  offerId: transferId,
  /** What it was called there before its source changed. */
  earlierIds: z.array(transferId).default([]),
  entriesKey: z.string(),
  paths: z.array(z.string()),
  /** Only what failed of that earlier one. */
  failedOf: transferId.optional(),
  peer: z.object({
    id: z.custom<PeerId>((v) => typeof v === 'string' && isPeerId(v)),
    name: z.string(),
    /** Where it was last. */
    address: z.string(),
    port: z.int().min(1).max(65535),
  }),
  items: z.array(z.object({ name: z.string(), kind: z.enum(['file', 'folder']) })),
  itemCount: count,
  content: z.enum(CONTENTS).optional(),
  totals: z.object({ files: count, directories: count, bytes: count }),
  /** What of it the other side does not want. */
  unwanted: z.object({ files: count, directories: count, bytes: count }).optional(),
  /** Payload that the receiver had when it was heard of last. */
  bytes: count,
  /** By the calendar, for people only. */
  startedAtMs: z.number(),
  /** The person here lets it stand still. */
  paused: z.boolean(),
  /** By the calendar; null: it is wanted. Kept until its receiver knows. */
  cancelledAtMs: z.number().nullable().default(null),
});

/** A transfer that its receiver was asked about and that has not ended there. */
export type Unsent = z.infer<typeof unsentSchema>;

const outboxSchema = z.object({ version: z.literal(1), unsent: z.array(unsentSchema) });

/** What is being sent, in a file, so that it goes on after a restart. */
export class Outbox {
  readonly #path: string;
  readonly #unsent: Map<TransferId, Unsent>;
  readonly #onTrouble: (error: unknown) => void;
  #writing: Promise<void> = Promise.resolve();
  #isWaiting = false;

  private constructor(
    path: string,
    unsent: readonly Unsent[],
    onTrouble: (error: unknown) => void,
  ) {
    this.#path = path;
    this.#unsent = new Map(unsent.map((one) => [one.transferId, one]));
    this.#onTrouble = onTrouble;
  }

  /** One that cannot be read counts as empty: sending again loses nothing. */
  static async open(home: string, onTrouble: (error: unknown) => void): Promise<Outbox> {
    const path = join(home, OUTBOX_FILE);
    try {
      const text = await readIfThere(path);
      const unsent = text === null ? [] : outboxSchema.parse(JSON.parse(text)).unsent;
      return new Outbox(path, unsent, onTrouble);
    } catch (error) {
      onTrouble(error);
      return new Outbox(path, [], onTrouble);
    }
  }

  /** Oldest first. */
  get all(): readonly Unsent[] {
    return [...this.#unsent.values()];
  }

  get(id: TransferId): Unsent | null {
    return this.#unsent.get(id) ?? null;
  }

  put(unsent: Unsent): void {
    this.#unsent.set(unsent.transferId, unsent);
    this.#write();
  }

  remove(id: TransferId): void {
    if (this.#unsent.delete(id)) this.#write();
  }

  /** Resolves when the file holds all of it, or could not. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Changes that come while a write waits for its turn are in it. */
  #write(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#writing = this.#writing
      .then(() => {
        this.#isWaiting = false;
        return writeAtomically(this.#path, JSON.stringify({ version: 1, unsent: this.all }));
      })
      .catch(this.#onTrouble);
  }
}
