import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { CountReporter } from './count-reporter.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { Delivery } from './destination.ts';
import type { Held } from './held-deliveries.ts';
import { HeldDeliveries, isFinished } from './held-deliveries.ts';
import type { Incoming } from './incoming.ts';
import type { JournalContent, JournalHeader } from './journal-records.ts';
import type { Interrupted, JournalShelf } from './journal-shelf.ts';
import { Journal } from './journal.ts';
import { bytesWithout, tooBigFor } from './offer-tree.ts';
import type { FileSystem } from './ports.ts';
import type { ReceiveSystem } from './receiver.ts';
import { planMerge } from './merge-plan.ts';
import { replacementsOf } from './replacements.ts';
import { lookThrough } from './restored.ts';
import { checkRoom, roomIn } from './room.ts';
import { takeOver } from './take-over.ts';
import type { Acceptance, MetExisting, WorkerOutcome } from './worker-messages.ts';

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
  takeStock(): Interrupted[] {
    const found = this.#shelf.takeStock();
    for (const { header } of found) {
      if (header.peer.id !== null) this.#held.keep(heldOf(header, header.peer.id));
    }
    return found;
  }

  /** Whose delivery it is; null: there is none. */
  ownerOf(transferId: TransferId): PeerId | null {
    const held = this.#held.get(transferId);
    return held ? held.peerId : (this.#shelf.receipt(transferId)?.header.peer.id ?? null);
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
   * Goes on with an earlier delivery. null: it cannot be; then the offer is a new one. Throws DISK_ERROR,
   * NO_PERMISSION.
   */
  async goOn(incoming: Incoming): Promise<Delivery | null> {
    const held = this.earlier(incoming);
    const { hash } = incoming.offer;
    if (held?.delivery?.options.hash === hash) {
      this.#held.take(held);
      held.delivery.receipt = this.#shelf.receiptOf(incoming.transferId);
      return held.delivery;
    }
    if (!held) return this.#restoreFinished(incoming);
    const content = this.#shelf.interruptedContent(held.journalId);
    if (content?.list?.length !== incoming.offer.entries.length) return null;
    if (content.header.hash !== hash) return null;
    const delivery = this.#delivery(incoming, content, this.#shelf.pathOf(held.journalId));
    try {
      delivery.takeUp(await this.#lookThrough(delivery, content, incoming));
      await delivery.claimIdentical(() => incoming.session.offered);
    } catch (error) {
      await delivery.close();
      throw error;
    }
    this.#held.take(held);
    return delivery;
  }

  /** What earlier versions of the same things left in that folder, and a new one takes over. */
  bytesOfEarlier({ peerId, itemNames }: Incoming, directory: string): number {
    const earlier = this.#held.versionsOf(peerId, itemNames, directory);
    return earlier.reduce((n, held) => n + this.#bytesOf(held), 0);
  }

  /**
   * Begins a new one in this folder, with what earlier versions of the same things left there. Throws
   * DISK_FULL, NO_PERMISSION, DISK_ERROR, and leaves nothing behind when it does.
   */
  async begin(incoming: Incoming, acceptance: Acceptance): Promise<Begun> {
    const { transferId, offer } = incoming;
    const { directory, existing } = acceptance;
    const { entries, hash } = offer;
    const same = this.#held.get(transferId);
    if (same) await this.#discard(same);
    const earlier = this.#held.versionsOf(incoming.peerId, incoming.itemNames, directory);
    const { session } = incoming;
    const isWanted = (): boolean => session.offered;
    const names = { fs: this.#fs, directory, entries, existing };
    const { sameBytes, merged, met, saved } = await planMerge(
      { ...names, saved: incoming.saved },
      isWanted,
    );
    session.answered();
    if (sameBytes > LOOK_BYTES) this.#reporter.emit({ kind: 'looking', transferId });
    const skip = tooBigFor(entries, roomIn(this.#fs, directory).fileLimitBytes);
    const newBytes = bytesWithout(entries, skip) - sameBytes;
    const bytes = newBytes - this.bytesOfEarlier(incoming, directory);
    checkRoom(this.#fs, directory, Math.max(0, bytes));
    const header = incoming.header(acceptance, skip, merged);
    const before = this.#shelf.receipt(transferId);
    this.#shelf.setAside(transferId);
    const journal = await Journal.create(
      this.#fs,
      this.#shelf.pathOf(transferId),
      header,
      entries.map((entry, index) => ({
        bytes: entry.kind === 'file' ? entry.bytes : null,
        saved: saved[index] ?? [],
        met: met[index] ?? null,
      })),
    );
    const { token } = header;
    const options = { fs: this.#fs, journal, journalId: transferId, token, directory };
    const files = { entries, saved, hash, skip, merged, met };
    const delivery = new Delivery({ ...options, ...files }, this.#shelf.receiptOf(transferId));
    try {
      if (before) await delivery.met.inherit(replacementsOf(this.#fs, before));
    } catch (error) {
      journal.remove(); // the receipt before it stays what it is
      throw error;
    }
    try {
      delivery.prepare();
      for (const held of earlier) await this.#takeOver(delivery, held);
      await delivery.claimIdentical(isWanted);
    } catch (error) {
      await delivery.discard();
      throw error;
    }
    return { delivery, superseded: earlier.map((held) => held.transferId) };
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

  /** One that did not come to its end has replaced what its receipt keeps. */
  metBy(transferId: TransferId, outcome: WorkerOutcome): MetExisting {
    if (outcome.kind === 'delivered' && outcome.existing) return outcome.existing;
    const content = this.#shelf.receipt(transferId);
    return { replaced: content ? replacementsOf(this.#fs, content).length : 0, identical: 0 };
  }

  /** Removes it with all that has no final name. false: there was nothing unfinished. */
  async drop(transferId: TransferId): Promise<boolean> {
    const held = this.#held.get(transferId);
    if (!held || isFinished(held)) return false;
    await this.#discard(held);
    return true;
  }

  close(): Promise<void> {
    return this.#held.close();
  }

  /** A sender that did not hear that it was done, perhaps before this program was started. */
  async #restoreFinished(incoming: Incoming): Promise<Delivery | null> {
    const { transferId, peerId, entriesKey, offer } = incoming;
    const content = this.#shelf.receipt(transferId);
    if (!content?.facts.some(({ record }) => record === 'done')) return null;
    const { header, list } = content;
    const isSame =
      header.peer.id === peerId && header.entriesKey === entriesKey && header.hash === offer.hash;
    if (!isSame || list?.length !== offer.entries.length) return null;
    const delivery = this.#delivery(incoming, content, this.#shelf.receiptOf(transferId));
    delivery.takeUp(await this.#lookThrough(delivery, content, incoming));
    await delivery.options.journal.close();
    return delivery;
  }

  /** The files as they were planned then: another version of this program may plan them otherwise. */
  #delivery(incoming: Incoming, { header, list }: JournalContent, path: string): Delivery {
    const options: DeliveryOptions = {
      fs: this.#fs,
      journal: Journal.reopen(this.#fs, path),
      directory: header.directory,
      journalId: header.transferId,
      token: header.token,
      entries: incoming.offer.entries,
      saved: list?.map(({ saved }) => saved) ?? [],
      hash: header.hash,
      skip: header.skip,
      merged: header.merged,
      met: list?.map(({ met = null }) => met) ?? [],
    };
    return new Delivery(options, this.#shelf.receiptOf(incoming.transferId));
  }

  #lookThrough(delivery: Delivery, { facts }: JournalContent, { session }: Incoming) {
    const isWanted = (): boolean => session.offered;
    return lookThrough(delivery.options, delivery.staging, facts, isWanted);
  }

  #bytesOf({ journalId }: Held): number {
    const content = this.#shelf.interruptedContent(journalId);
    return content ? this.#shelf.bytesOf(content) : 0;
  }

  async #takeOver(delivery: Delivery, held: Held): Promise<void> {
    await held.delivery?.suspend();
    const content = this.#shelf.interruptedContent(held.journalId);
    if (content?.list) {
      await takeOver(this.#fs, delivery, content.header, content.list);
      await delivery.met.inherit(replacementsOf(this.#fs, content));
    }
    await this.#discard(held);
  }

  async #discard(held: Held): Promise<void> {
    this.#held.take(held);
    if (held.delivery) await held.delivery.discard();
    else {
      const content = this.#shelf.interruptedContent(held.journalId);
      if (content) this.#shelf.discard(content, held.transferId);
    }
  }
}

export interface Begun {
  readonly delivery: Delivery;
  /** Earlier versions that are no more. */
  readonly superseded: readonly TransferId[];
}

function heldOf(header: JournalHeader, peerId: PeerId): Held {
  const { transferId, entriesKey, directory, items } = header;
  const itemNames = items.map(({ name }) => name);
  const names = { transferId, journalId: transferId, peerId, entriesKey, itemNames };
  return { ...names, directory, delivery: null };
}
