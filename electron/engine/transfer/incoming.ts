import type { Choice } from '../../../shared/model/choice.ts';
import { EVERYTHING } from '../../../shared/model/choice.ts';
import type { Content } from '../../../shared/model/content.ts';
import { offeredContent } from '../../../shared/model/content.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { OfferedPicture } from '../../../shared/model/pictures.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { MAX_OFFERS_PER_PEER } from '../../../shared/protocol/limits.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import type { Paths } from '../../../shared/protocol/path-list.ts';
import type { Delivery } from './destination.ts';
import type { JournalHeader } from './journal-records.ts';
import type { Interrupted } from './journal-shelf.ts';
import type { MergedTop } from './merge-plan.ts';
import { namePlatform, namePlatformIn } from './name-platform.ts';
import type { PlannedOffer } from './offered-entries.ts';
import { savedSteps } from './offered-entries.ts';
import { offerKey } from './offered-lists.ts';
import { OfferedTree } from './offered-tree.ts';
import type { FileSystem } from './ports.ts';
import type { IncomingOffer, ReceiveSession } from './receive-session.ts';
import { newToken } from './staging.ts';
import { inTurns, inTurnsWhile } from './turns.ts';
import type { Chosen } from './unwanted-entries.ts';
import { ALL_WANTED } from './unwanted-entries.ts';
import type { TransferEvent } from './worker-messages.ts';

type OfferedEvent = Extract<TransferEvent, { kind: 'offered' }>;

/** One connection's offer of a transfer, until what it left on the disk is kept or removed. */
export class Incoming {
  readonly session: ReceiveSession;
  readonly offer: IncomingOffer;
  /** What it is called here. */
  transferId: TransferId;
  /** The receiver's own plan of every path, by entry. */
  saved: Paths;
  /** The hash of the list of files. */
  entriesKey: string;
  /** It is the latest of its id, or was. */
  planned = false;
  /** Settled when its names are planned, and an earlier connection's part is looked through, or a person is asked. */
  opened: Promise<void> = Promise.resolve();
  /** Settled when this connection's part is over. */
  readonly over: Promise<void>;
  /** What it is written to: begun here, or left by an earlier connection. */
  delivery: Delivery | null = null;
  /** A person, or a rule of theirs, has said yes. */
  accepted = false;
  /** Those outside know of this transfer. */
  told = false;
  /** How often it was asked what accepting would do: the latest question counts. */
  plans = 0;
  #pictureCount = 0;
  #tree: Promise<OfferedTree> | null = null;
  #finish: () => void = () => undefined;

  constructor(session: ReceiveSession, offer: IncomingOffer, saved: Paths = [], entriesKey = '') {
    this.session = session;
    this.offer = offer;
    this.transferId = offer.offer.transferId;
    this.saved = saved;
    this.entriesKey = entriesKey;
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  takePlan({ saved, key, pictures }: PlannedOffer): void {
    this.#pictureCount = pictures.length;
    this.saved = saved;
    this.entriesKey = key;
    this.planned = true;
    this.session.isPlanned = true;
  }

  /**
   * The plan of every path for the disk of that folder, which may have other rules for names than the
   * system; null: nobody wants it any more. Throws NAME_REFUSED, DISK_ERROR, NO_PERMISSION.
   */
  async savedIn(
    fs: FileSystem,
    directory: string,
    isWanted: () => boolean,
  ): Promise<Incoming['saved'] | null> {
    const platform = namePlatformIn(fs, directory);
    return platform === namePlatform
      ? this.saved
      : inTurnsWhile(isWanted, savedSteps(this.offer.entries, platform));
  }

  get peerId(): PeerId {
    return this.session.connection.peerId;
  }

  get itemNames(): readonly string[] {
    return this.offer.offer.items.map(({ name }) => name);
  }

  /** What is offered, folder by folder: only those who look into it pay for it. */
  tree(): Promise<OfferedTree> {
    this.#tree ??= inTurns(OfferedTree.steps(this.offer.entries));
    return this.#tree;
  }

  /** What a choice leaves out, whatever becomes of the session meanwhile. */
  async without(choice: Choice = EVERYTHING): Promise<Chosen['unwanted']> {
    const isChosen = choice.length > 0 && this.#content === undefined;
    return isChosen ? (await this.tree()).unwanted(choice) : ALL_WANTED;
  }

  /** The answer's choice, after which nobody looks into the offer any more. null: it was a no. */
  async choose(choice: Choice | undefined): Promise<Chosen['unwanted'] | null> {
    const unwanted = await this.without(choice);
    this.#tree = null;
    if (!unwanted.isAll) return unwanted;
    this.session.decline('DECLINED');
    return null;
  }

  /** What has come of its pictures, but for so many. */
  picturesFrom(from: number): OfferedPicture[] {
    return this.session.pictures.all.slice(from).map(({ index, jpeg }) => ({
      path: this.offer.entries.at(index)?.path ?? [],
      jpeg: Buffer.from(jpeg).toString('base64'),
    }));
  }

  /** What its id stands for. */
  offerKey(entriesKey = this.entriesKey): string {
    return offerKey({ entriesKey, content: this.#content });
  }

  get #content(): Content | undefined {
    const { content, items, files, directories, bytes } = this.offer.offer;
    return offeredContent({ content, items, totals: { files, directories, bytes } });
  }

  /** What those outside are told of it. */
  offeredEvent(): OfferedEvent {
    const { offer, peerName } = this.offer;
    const pictures = Math.min(this.session.promisedPictures, this.#pictureCount);
    return {
      kind: 'offered',
      transferId: this.transferId,
      mode: 'tls',
      peer: { id: this.peerId, name: peerName, address: this.session.connection.address },
      items: offer.items,
      itemCount: offer.itemCount,
      content: this.#content,
      totals: { files: offer.files, directories: offer.directories, bytes: offer.bytes },
      leftOutCount: offer.leftOut,
      ...(pictures > 0 && { pictures }),
    };
  }

  /** What the journal of this delivery begins with. */
  header(
    { directory, startedAtMs, existing, unwanted }: Chosen,
    skip: readonly FileProblem[],
    merged: readonly MergedTop[],
  ): JournalHeader {
    const { offer, hash, peerName } = this.offer;
    const { files, directories, bytes } = offer;
    return {
      transferId: this.transferId,
      token: newToken(),
      peer: { id: this.peerId, name: peerName, address: this.session.connection.address },
      entriesKey: this.entriesKey,
      hash,
      directory,
      items: offer.items,
      itemCount: offer.itemCount,
      content: this.#content,
      totals: { files, directories, bytes },
      leftOut: offer.leftOut,
      skip: [...skip],
      unwanted: unwanted.record,
      startedAtMs,
      existing,
      merged: [...merged],
    };
  }

  /** Those of the same id, in the order in which they came. */
  likeAmong(all: Iterable<Incoming>): Incoming[] {
    return [...all].filter((one) => one !== this && one.transferId === this.transferId);
  }

  /** The same files under another id, on a wire that is dead: their sender was started anew. */
  lostAmong(others: Iterable<Incoming>): Incoming | undefined {
    return [...others].find(
      ({ peerId, entriesKey, session }) =>
        peerId === this.peerId && entriesKey === this.entriesKey && session.seemsDead,
    );
  }

  /** As many of its peer wait for a person as may. */
  isTooMuchFor(waiting: readonly Incoming[]): boolean {
    return waiting.filter(({ peerId }) => peerId === this.peerId).length >= MAX_OFFERS_PER_PEER;
  }

  finish(): void {
    this.#finish();
  }
}

/** What those outside are told of one that an earlier run of the program did not finish. */
export function restoredEvent({ transferId, header, bytes }: Interrupted): TransferEvent {
  const { peer, items, itemCount, content, totals, leftOut, startedAtMs, unwanted } = header;
  const told = { transferId, peer, items, itemCount, content, totals, leftOutCount: leftOut };
  return { kind: 'restored', ...told, startedAtMs, bytes, unwanted };
}
