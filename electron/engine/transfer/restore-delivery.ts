import type { TransferId } from '../../../shared/model/transfer.ts';
import type { Paths } from '../../../shared/protocol/path-list.ts';
import { PathList } from '../../../shared/protocol/path-list.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { Delivery } from './destination.ts';
import { diskBelow } from './folder-disk.ts';
import type { Incoming } from './incoming.ts';
import type { JournalContent, ListedEntry } from './journal-records.ts';
import type { JournalShelf } from './journal-shelf.ts';
import { Journal } from './journal.ts';
import type { FileSystem } from './ports.ts';
import { lookThrough } from './restored.ts';
import { checkRoomToGoOn } from './room-to-go-on.ts';
import { UnwantedEntries } from './unwanted-entries.ts';

/** Deliveries that only a journal knows, made anew from what lies on the disk. */

/**
 * One that is not finished. null: its journal cannot be used, or nobody wants it any more. Throws
 * DISK_FULL before anything is read where what is still to come has no room; DISK_ERROR, NO_PERMISSION.
 */
export async function restoreInterrupted(
  fs: FileSystem,
  shelf: JournalShelf,
  incoming: Incoming,
  journalId: TransferId,
): Promise<Delivery | null> {
  const { session, offer } = incoming;
  const isWanted = (): boolean => session.offered;
  const content = await shelf.interruptedContent(journalId, isWanted);
  if (content?.list?.length !== offer.entries.length) return null;
  if (content.header.hash !== offer.hash) return null;
  await checkRoomToGoOn(fs, content, isWanted);
  const receipt = shelf.receiptOf(incoming.transferId);
  const delivery = deliveryOf(fs, incoming, content, shelf.pathOf(journalId), receipt);
  try {
    const { facts } = content;
    delivery.takeUp(await lookThrough(delivery.options, delivery.staging, facts, isWanted));
    await delivery.claimIdentical(isWanted);
  } catch (error) {
    await delivery.close();
    throw error;
  }
  return delivery;
}

/** One whose sender did not hear that it was done, perhaps before this program was started. null: as above. */
export async function restoreFinished(
  fs: FileSystem,
  shelf: JournalShelf,
  incoming: Incoming,
): Promise<Delivery | null> {
  const { transferId, peerId, entriesKey, offer, session } = incoming;
  const header = shelf.receiptHeader(transferId);
  const isSame =
    header?.peer.id === peerId && header.entriesKey === entriesKey && header.hash === offer.hash;
  if (!isSame) return null;
  const isWanted = (): boolean => session.offered;
  const content = await shelf.receipt(transferId, isWanted);
  if (!content?.facts.some(({ record }) => record === 'done')) return null;
  if (content.list?.length !== offer.entries.length) return null;
  const receipt = shelf.receiptOf(transferId);
  const delivery = deliveryOf(fs, incoming, content, receipt, receipt);
  try {
    const { facts } = content;
    delivery.takeUp(await lookThrough(delivery.options, delivery.staging, facts, isWanted));
  } finally {
    await delivery.options.journal.close();
  }
  return delivery;
}

/** The files as they were planned then: another version of this program may plan them otherwise. */
function deliveryOf(
  fs: FileSystem,
  incoming: Incoming,
  { header, list }: JournalContent,
  path: string,
  receipt: string,
): Delivery {
  const options: DeliveryOptions = {
    fs: diskBelow(fs, header.directory),
    journal: Journal.reopen(fs, path),
    directory: header.directory,
    journalId: header.transferId,
    token: header.token,
    entries: incoming.offer.entries,
    saved: savedOf(list ?? []),
    hash: header.hash,
    skip: header.skip,
    unwanted: UnwantedEntries.of(header.unwanted, list?.length ?? 0),
    merged: header.merged,
    met: list?.map(({ met = null }) => met) ?? [],
  };
  return new Delivery(options, receipt);
}

function savedOf(list: readonly ListedEntry[]): Paths {
  const paths = new PathList();
  for (const { saved } of list) paths.add(saved);
  return paths;
}
