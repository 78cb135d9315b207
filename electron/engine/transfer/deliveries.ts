import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Failure } from '../../../shared/errors.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { CountReporter } from './count-reporter.ts';
import { listedAs } from './delivery-options.ts';
import { Delivery } from './destination.ts';
import { diskBelow } from './folder-disk.ts';
import type { Held } from './held-deliveries.ts';
import { HeldDeliveries, isFinished } from './held-deliveries.ts';
import type { Incoming } from './incoming.ts';
import type { JournalHeader } from './journal-records.ts';
import type { Interrupted, JournalShelf } from './journal-shelf.ts';
import { Journal } from './journal.ts';
import { bytesWithout, checkSomeFit, tooBigFor } from './offer-tree.ts';
import type { FileSystem } from './ports.ts';
import type { ReceiveSystem } from './receiver.ts';
import { planMerge } from './merge-plan.ts';
import { replacementsOf } from './replacements.ts';
import { restoreFinished, restoreInterrupted } from './restore-delivery.ts';
import { namingTheNeed } from './room-to-go-on.ts';
import { checkRoom, roomIn } from './room.ts';
import { takeOver } from './take-over.ts';
import type { Chosen } from './unwanted-entries.ts';
import type { MetExisting, WorkerOutcome } from './worker-messages.ts';

/** To read so much takes a while: those outside are told. */
const LOOK_BYTES = 64 * 1024 * 1024;

/** The deliveries of one home: begun, held without a wire, or known by their journals alone. */
export class Deliveries {
  readonly #fs: FileSystem;
  readonly #reporter: CountReporter;
  readonly #shelf: JournalShelf;
  readonly #held: HeldDeliveries;

  constructor({ fs, clock, reporter, shelf }: ReceiveSystem) {
    this.#fs = fs;
    this.#reporter = reporter;
    this.#shelf = shelf;
    this.#held = new HeldDeliveries(clock);
  }

  /** Answers what an earlier run did not finish; from here on its senders can go on with it. */
  async takeStock(): Promise<Interrupted[]> {
    const found = await this.#shelf.takeStock();
    for (const one of found) {
      const { id } = one.header.peer;
      if (id !== null) this.#held.keep(heldOf(one, id));
    }
    return found;
  }

  /** Whose delivery it is; null: there is none. */
  ownerOf(transferId: TransferId): PeerId | null {
    const owner = this.#held.inTheWayOf(transferId)?.peerId ?? this.#held.takenBy(transferId);
    return owner ?? this.receiptHeader(transferId)?.peer.id ?? null;
  }

  receiptHeader(transferId: TransferId): JournalHeader | null {
    return this.#shelf.receiptHeader(transferId);
  }

  /** What was offered under this id is under way, perhaps under another one. */
  isUnderWay(transferId: TransferId): boolean {
    return this.#held.takenBy(transferId) !== null;
  }

  /** It waits here, without a wire. */
  isHeld(transferId: TransferId): boolean {
    return this.#held.get(transferId) !== null;
  }

  /** The one of an earlier connection that this offer goes on with, under whatever id it had then. */
  earlier({ transferId, peerId, entriesKey }: Incoming): Held | null {
    return this.#held.matching(transferId, peerId, entriesKey);
  }

  /**
   * Goes on with an earlier delivery. null: it cannot be; then the offer is a new one. Throws DISK_FULL
   * before anything is read where what is still to come has no room; DISK_ERROR, NO_PERMISSION.
   */
  async goOn(incoming: Incoming): Promise<Delivery | null> {
    const held = this.earlier(incoming);
    if (!held) return restoreFinished(this.#fs, this.#shelf, incoming);
    // another offer of the same files may come while this one waits for the disk
    this.#held.take(held);
    let delivery: Delivery | null = null;
    try {
      const found = await this.#goOnWith(incoming, held);
      if (found) await this.#call(found, incoming, held);
      delivery = found;
    } finally {
      if (!delivery) this.#held.keep(held);
    }
    return delivery;
  }

  /** A later run of the program finds it under this id too. Throws DISK_FULL, DISK_ERROR. */
  async #call(found: Delivery, { transferId }: Incoming, held: Held): Promise<void> {
    if (held.transferId === transferId || found.finished) return;
    try {
      found.options.journal.append({ record: 'called', transferId });
    } catch (error) {
      if (found !== held.delivery) await found.close();
      throw error;
    }
  }

  async #goOnWith(incoming: Incoming, held: Held): Promise<Delivery | null> {
    const { delivery, journalId } = held;
    if (delivery?.options.hash !== incoming.offer.hash) {
      return restoreInterrupted(this.#fs, this.#shelf, incoming, journalId);
    }
    if (!delivery.finished) await delivery.takeBackChanged();
    delivery.receipt = this.#shelf.receiptOf(incoming.transferId);
    return delivery;
  }

  /** What earlier versions of the same things left in that folder, and a new one takes over. */
  bytesOfEarlier({ peerId, itemNames }: Incoming, directory: string): Promise<number> {
    return this.#bytesOf(this.#held.versionsOf(peerId, itemNames, directory));
  }

  /**
   * Begins a new one in this folder, with what earlier versions of the same things left there. Throws
   * DISK_FULL, FILE_TOO_BIG, NO_PERMISSION, DISK_ERROR, and leaves nothing behind when it does.
   */
  async begin(incoming: Incoming, chosen: Chosen): Promise<Begun> {
    const { transferId, peerId, itemNames } = incoming;
    const same = this.#held.inTheWayOf(transferId);
    if (same) this.#held.take(same);
    const earlier = this.#held.versionsOf(peerId, itemNames, chosen.directory);
    const left = new Set(earlier);
    for (const held of earlier) this.#held.take(held);
    try {
      if (same) await this.#discard(same);
      const delivery = await this.#begin(incoming, chosen, left);
      return { delivery, superseded: earlier.map((held) => held.transferId) };
    } finally {
      for (const held of left) this.#held.keep(held);
    }
  }

  /** Removes what a connection left. */
  async remove(delivery: Delivery): Promise<void> {
    await delivery.discard();
    this.#held.letGo(delivery.options.journalId);
  }

  /** Takes each of the earlier ones out when it has taken it over. */
  async #begin(incoming: Incoming, chosen: Chosen, earlier: Set<Held>): Promise<Delivery> {
    const { transferId, offer } = incoming;
    const { directory, existing, unwanted } = chosen;
    const { entries, hash } = offer;
    const { session } = incoming;
    const isWanted = (): boolean => session.offered;
    const fs = diskBelow(this.#fs, directory);
    const planned = (await incoming.savedIn(this.#fs, directory, isWanted)) ?? incoming.saved;
    const { sameBytes, merged, met, saved } = await planMerge(
      { fs, directory, entries, existing, unwanted, saved: planned },
      isWanted,
    );
    session.answered();
    if (sameBytes > LOOK_BYTES) this.#reporter.emit({ kind: 'looking', transferId });
    const skip = tooBigFor(entries, unwanted, roomIn(this.#fs, directory).fileLimitBytes);
    checkSomeFit(entries, unwanted, skip);
    await nextTurn(); // between what goes through all entries
    const newBytes = bytesWithout(entries, unwanted, skip) - sameBytes;
    const bytes = newBytes - (await this.#bytesOf(earlier));
    checkRoom(this.#fs, directory, Math.max(0, bytes));
    const header = incoming.header(chosen, skip, merged);
    const before = await this.#shelf.receipt(transferId);
    this.#shelf.setAside(transferId);
    const journal = await Journal.create(
      this.#fs,
      this.#shelf.pathOf(transferId),
      header,
      listedAs({ entries, saved, met }),
    );
    await nextTurn();
    const { token } = header;
    const options = { fs, journal, journalId: transferId, token, directory };
    const files = { entries, saved, hash, skip, unwanted, merged, met };
    const delivery = new Delivery({ ...options, ...files }, this.#shelf.receiptOf(transferId));
    try {
      if (before) await delivery.met.inherit(replacementsOf(this.#fs, before));
    } catch (error) {
      journal.remove(); // the receipt before it stays what it is
      throw error;
    }
    try {
      await delivery.prepare();
      for (const held of [...earlier]) {
        await this.#takeOver(delivery, held);
        earlier.delete(held);
      }
      await delivery.claimIdentical(isWanted);
    } catch (error) {
      await delivery.discard();
      throw error;
    }
    return delivery;
  }

  /**
   * Keeps what a connection left. `isSound` false: the disk failed under it, so that its journal is read
   * anew when its sender comes back.
   */
  async keep(incoming: Incoming, delivery: Delivery, isSound: boolean): Promise<void> {
    const settled = await delivery.suspend();
    const sound = delivery.finished || (isSound && settled);
    if (!sound) await delivery.close();
    const { transferId, peerId, entriesKey, itemNames } = incoming;
    const { directory, journalId } = delivery.options;
    const names = { transferId, journalId, peerId, entriesKey, itemNames };
    this.#held.keep({ ...names, directory, delivery: sound ? delivery : null });
  }

  /** The same failure, with how much room is wanted where it is room that what waits here lacks. */
  async withNeed(transferId: TransferId, why: Failure): Promise<Failure> {
    const held = why.code === 'DISK_FULL' ? this.#held.get(transferId) : null;
    const content = held && (await this.#shelf.interruptedContent(held.journalId));
    return content ? namingTheNeed(this.#fs, content, why) : why;
  }

  /** One that did not come to its end has replaced what its receipt keeps. */
  async metBy(transferId: TransferId, outcome: WorkerOutcome): Promise<MetExisting> {
    if (outcome.kind === 'delivered' && outcome.existing) return outcome.existing;
    const content = await this.#shelf.receipt(transferId);
    return { replaced: content ? replacementsOf(this.#fs, content).length : 0, identical: 0 };
  }

  /** What of it waits here to go on; null: nothing. */
  unfinished(transferId: TransferId): Held | null {
    const held = this.#held.get(transferId);
    return held && !isFinished(held) ? held : null;
  }

  /** Removes it with all that has no final name. */
  async drop(transferId: TransferId): Promise<void> {
    const held = this.unfinished(transferId);
    if (!held) return;
    this.#held.take(held);
    await this.#discard(held);
  }

  close(): Promise<void> {
    return this.#held.close();
  }

  async #bytesOf(all: Iterable<Held>): Promise<number> {
    let bytes = 0;
    for (const { journalId } of all) {
      const content = await this.#shelf.interruptedContent(journalId);
      if (content) bytes += this.#shelf.bytesOf(content);
    }
    return bytes;
  }

  async #takeOver(delivery: Delivery, held: Held): Promise<void> {
    await held.delivery?.suspend();
    const content = await this.#shelf.interruptedContent(held.journalId);
    if (content?.list) {
      await takeOver(delivery, content.header, content.list);
      await delivery.met.inherit(replacementsOf(this.#fs, content));
    }
    await this.#discard(held);
  }

  /** One that was taken. */
  async #discard(held: Held): Promise<void> {
    if (held.delivery) await held.delivery.discard();
    else {
      const content = await this.#shelf.interruptedContent(held.journalId);
      if (content) await this.#shelf.discard(content, held.transferId);
    }
    this.#held.letGo(held.journalId);
  }
}

export interface Begun {
  readonly delivery: Delivery;
  /** Earlier versions that are no more. */
  readonly superseded: readonly TransferId[];
}

function heldOf({ transferId, header }: Interrupted, peerId: PeerId): Held {
  const { transferId: journalId, entriesKey, directory, items } = header;
  const itemNames = items.map(({ name }) => name);
  const names = { transferId, journalId, peerId, entriesKey, itemNames };
  return { ...names, directory, delivery: null };
}
