import { join } from 'node:path';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import { takeBackSteps } from './half-published.ts';
import type { JournalContent, JournalHeader } from './journal-records.ts';
import { calledId } from './journal-records.ts';
import { Journal } from './journal.ts';
import type { FileSystem } from './ports.ts';
import { readFirst, readInTurns } from './read-journal.ts';
import { receiptName, receiptsIn } from './receipt.ts';
import { removeReplaced, replacementsOf } from './replacements.ts';
import { removalSteps, removeFile } from './staged-removal.ts';
import { stagingPrefix } from './staging.ts';
import { attempt, diskError, errnoOf } from './system-errors.ts';
import { lastTold } from './told.ts';
import { DISK_STEPS_PER_TURN, inTurns } from './turns.ts';
import type { Moved } from './undo.ts';

/** Receipts that are kept to verify against; the oldest go first, but none that can still be undone. */
export const MAX_RECEIPTS = 1_000;

const NAME = /^([0-9a-f]{32})\.jsonl$/;

const always = (): boolean => true;

/** A delivery that an earlier run of the program did not finish. */
export interface Interrupted {
  /** As its sender called it last. */
  readonly transferId: TransferId;
  readonly header: JournalHeader;
  /** About what of it is on the disk; proven only when its sender comes back. */
  readonly bytes: number;
}

/** The journals of one home: `journal/` holds what is under way, `receipts/` what is done. */
export class JournalShelf {
  readonly #fs: FileSystem;
  readonly #open: string;
  readonly #done: string;

  /** Throws DISK_FULL, NO_PERMISSION, DISK_ERROR. */
  constructor(fs: FileSystem, home: string) {
    this.#fs = fs;
    this.#open = join(home, 'journal');
    this.#done = receiptsIn(home);
    for (const path of [this.#open, this.#done]) makeDirectory(fs, path);
  }

  pathOf(transferId: TransferId): string {
    return join(this.#open, `${transferId}.jsonl`);
  }

  receiptOf(transferId: TransferId): string {
    return join(this.#done, receiptName(transferId));
  }

  /** null: there is none that can be used, or nobody wants it any more. */
  async interruptedContent(
    transferId: TransferId,
    isWanted: () => boolean = always,
  ): Promise<JournalContent | null> {
    const content = await readInTurns(this.#fs, this.pathOf(transferId), isWanted);
    return content?.header.transferId === transferId ? content : null;
  }

  /** Makes room for a new journal of this id where one lies of whose header no copy is sound. */
  setAside(transferId: TransferId): void {
    const path = this.pathOf(transferId);
    if (this.#fs.lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
    attempt(() => {
      this.#fs.renameSync(path, `${path}.damaged`);
    });
  }

  /** null: nothing of this id was received, or too long ago, or nobody wants it any more. */
  receipt(
    transferId: TransferId,
    isWanted: () => boolean = always,
  ): Promise<JournalContent | null> {
    return readInTurns(this.#fs, this.receiptOf(transferId), isWanted);
  }

  /** What it begins with, for whoever may not have all of it read. */
  receiptHeader(transferId: TransferId): JournalHeader | null {
    return readFirst(this.#fs, this.receiptOf(transferId));
  }

  /**
   * What an earlier run left: finishes the clean-up that it began, and answers what can go on. Touches
   * nothing but what a journal names; one that cannot be read is left alone.
   */
  async takeStock(): Promise<Interrupted[]> {
    await this.#trimReceipts().catch(() => undefined);
    const found: Interrupted[] = [];
    for (const transferId of this.#idsIn(this.#open)) {
      const content = await this.interruptedContent(transferId);
      if (content === null) {
        this.#removeIfEmpty(this.pathOf(transferId));
        continue;
      }
      const { header, list, facts } = content;
      if (facts.some(({ record }) => record === 'done')) {
        attempt(() => {
          this.#fs.renameSync(this.pathOf(transferId), this.receiptOf(calledId(content)));
        });
      } else if (list === null || header.peer.id === null || isDiscarded(content)) {
        await this.discard(content, calledId(content));
      } else found.push({ transferId: calledId(content), header, bytes: this.bytesOf(content) });
    }
    return found.sort((a, b) => a.header.startedAtMs - b.header.startedAtMs);
  }

  /**
   * Removes what has no final name, then the journal; what cannot be removed is at the next start. Where
   * something was replaced, the journal stays as its receipt, by the id that its sender called it last.
   */
  discard(content: JournalContent, calledId: TransferId): Promise<void> {
    return inTurns(this.#discardSteps(content, calledId), DISK_STEPS_PER_TURN);
  }

  *#discardSteps(content: JournalContent, calledId: TransferId): Generator<void, void> {
    const { directory, token, transferId } = content.header;
    const path = this.pathOf(transferId);
    attempt(() => {
      if (isDiscarded(content)) return;
      const journal = Journal.reopen(this.#fs, path);
      try {
        journal.append({ record: 'discarded' });
      } finally {
        void journal.close();
      }
    });
    const isBack = yield* takeBackSteps(this.#fs, content);
    if (!(yield* removalSteps(this.#fs, directory, token)) || !isBack) return;
    attempt(() => {
      if (replacementsOf(this.#fs, content).length === 0) this.#fs.unlinkSync(path);
      else this.#fs.renameSync(path, this.receiptOf(calledId));
    });
  }

  /** Says in the receipt that what was replaced is back, and where what had come is now. */
  async markUndone(
    { facts }: JournalContent,
    transferId: TransferId,
    moved: readonly Moved[],
  ): Promise<void> {
    const journal = Journal.reopen(this.#fs, this.receiptOf(transferId));
    const now = new Map(moved.map(({ from, to }) => [from, to]));
    const published = [...lastTold(facts).published].flatMap(([index, { path, hash }]) => {
      const to = now.get(path);
      return to === undefined ? [] : [{ index, path: to, hash: toHex(hash) }];
    });
    try {
      journal.append(...published.map((one) => ({ record: 'published', ...one }) as const));
      journal.append({ record: 'undone' });
      await journal.sync();
    } finally {
      await journal.close();
    }
  }

  /** Removes every receipt with what is kept for it. A receipt stays where something of that is left. */
  async clearReceipts(): Promise<void> {
    for (const transferId of this.#idsIn(this.#done)) {
      const content = await this.receipt(transferId);
      if (content && !removeReplaced(this.#fs, content)) continue;
      removeFile(this.#fs, this.receiptOf(transferId));
    }
  }

  /** About what of a delivery is on the disk. */
  bytesOf({ header, list, facts }: JournalContent): number {
    let bytes = 0;
    for (const fact of facts) {
      if (fact.record !== 'whole' && fact.record !== 'published') continue;
      bytes += list?.[fact.index]?.bytes ?? 0;
    }
    const prefix = stagingPrefix(header.token);
    attempt(() => {
      for (const name of this.#fs.readdirSync(header.directory)) {
        if (!name.startsWith(prefix)) continue;
        const stat = this.#fs.lstatSync(join(header.directory, name));
        if (stat.isFile()) bytes += stat.size;
      }
    });
    return Math.min(bytes, header.totals.bytes);
  }

  /** A crash came right after it was made: nothing of its delivery was. */
  #removeIfEmpty(path: string): void {
    attempt(() => {
      const stat = this.#fs.lstatSync(path);
      if (stat.isFile() && stat.size === 0) this.#fs.unlinkSync(path);
    });
  }

  async #trimReceipts(): Promise<void> {
    const ids = this.#idsIn(this.#done);
    if (ids.length <= MAX_RECEIPTS) return;
    const byAge = ids.map((id) => {
      const path = this.receiptOf(id);
      const stat = this.#fs.lstatSync(path, { throwIfNoEntry: false });
      return { path, changedMs: stat?.mtimeMs ?? 0 };
    });
    byAge.sort((a, b) => a.changedMs - b.changedMs);
    for (const { path } of byAge.slice(0, ids.length - MAX_RECEIPTS)) {
      const content = await readInTurns(this.#fs, path, always);
      if (content && replacementsOf(this.#fs, content).length > 0) continue;
      attempt(() => {
        this.#fs.unlinkSync(path);
      });
    }
  }

  #idsIn(directory: string): TransferId[] {
    const ids = this.#fs.readdirSync(directory).map((name) => NAME.exec(name)?.[1]);
    return ids.filter((id): id is TransferId => id !== undefined);
  }
}

function isDiscarded({ facts }: JournalContent): boolean {
  return facts.some(({ record }) => record === 'discarded');
}

function makeDirectory(fs: FileSystem, path: string): void {
  try {
    fs.mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw diskError(error, path);
  }
}
