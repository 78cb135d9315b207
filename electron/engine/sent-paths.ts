import { join } from 'node:path';
import { z } from 'zod';
import type { Content } from '../../shared/model/content.ts';
import { CONTENTS } from '../../shared/model/content.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { isTransferId } from '../../shared/model/transfer.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';

const SENT_FILE = 'sent.json';
/** The latest; the history is longer than anybody sends again from. */
const MAX_KEPT = 200;
/** Who chose more than these one by one can drop them once more. */
const MAX_PATHS = 1_000;

const transferId = z.custom<TransferId>((v) => typeof v === 'string' && isTransferId(v));
const chosen = z.object({
  paths: z.array(z.string()).max(MAX_PATHS),
  content: z.enum(CONTENTS).optional(),
  failedOf: transferId.optional(),
});
const file = z.object({
  version: z.literal(1),
  sent: z.array(z.tuple([transferId, chosen])),
});

export interface Chosen {
  readonly paths: readonly string[];
  readonly content?: Content | undefined;
  /** Only what did not make it of that earlier send. */
  readonly failedOf?: TransferId | undefined;
}

/** What was chosen for the latest sends, in a file, so that it can be sent again from the history. */
export class SentPaths {
  readonly #path: string;
  readonly #sent: Map<TransferId, Chosen>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, sent: Map<TransferId, Chosen>) {
    this.#path = path;
    this.#sent = sent;
  }

  /** One that cannot be read counts as empty: nothing is lost but a button. */
  static async open(home: string): Promise<SentPaths> {
    const path = join(home, SENT_FILE);
    try {
      const text = await readIfThere(path);
      const { sent } = text === null ? { sent: [] } : file.parse(JSON.parse(text));
      return new SentPaths(path, new Map(sent));
    } catch {
      return new SentPaths(path, new Map());
    }
  }

  get(transferId: TransferId): Chosen | null {
    return this.#sent.get(transferId) ?? null;
  }

  add(transferId: TransferId, { paths, content, failedOf }: Chosen): void {
    if (paths.length > MAX_PATHS) return;
    this.#sent.set(transferId, { paths, content, failedOf });
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > MAX_KEPT && oldest !== undefined) this.#sent.delete(oldest);
    this.#write().catch(() => undefined);
  }

  /** What was chosen for sends that are over, and for none of those that go on. */
  pathsBut(goesOn: ReadonlySet<TransferId>): readonly string[] {
    const all = [...this.#sent];
    const wanted = new Set(all.flatMap(([id, { paths }]) => (goesOn.has(id) ? paths : [])));
    return all.flatMap(([, { paths }]) => paths.filter((path) => !wanted.has(path)));
  }

  /** Throws what the disk does. */
  clear(): Promise<void> {
    this.#sent.clear();
    return this.#write();
  }

  /** What cannot be kept is not offered after a restart: no transfer fails for it. */
  settled(): Promise<void> {
    return this.#writing;
  }

  #write(): Promise<void> {
    const written = this.#writing.then(() =>
      writeAtomically(this.#path, JSON.stringify({ version: 1, sent: [...this.#sent] })),
    );
    this.#writing = written.catch(() => undefined);
    return written;
  }
}
