import { randomBytes } from 'node:crypto';
import type { Content } from '../../../shared/model/content.ts';
import { offeredContent } from '../../../shared/model/content.ts';
import type { Item, Problems, Totals, TransferId } from '../../../shared/model/transfer.ts';
import { MAX_OFFER_ITEMS } from '../../../shared/protocol/limits.ts';
import { totalsOf } from '../../../shared/protocol/manifest.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';
import { pictureSteps } from '../../../shared/protocol/thumbnails.ts';
import { FileHashes } from './file-hashes.ts';
import { keySteps } from './offered-entries.ts';
import type { SentList } from './sent-list.ts';
import { fileIndexes } from './sent-rows.ts';
import { SentStates } from './sent-states.ts';
import type { Source } from './source.ts';
import type { OfferedPictures } from './send-thumbnails.ts';
import { inTurns } from './turns.ts';
import type { TransferEvent } from './worker-messages.ts';

/** A selection that was looked through. */
export interface Prepared {
  readonly source: Source;
  readonly items: readonly Item[];
  readonly itemCount: number;
  readonly leftOut: Problems;
  readonly content?: Content | undefined;
  /** How far an earlier run came with it. */
  readonly before?: SentList | null;
}

/**
 * What a transfer offers. An id on the wire stands for one list of files for good, so a source that has
 * changed since is another offer, with an id of its own.
 */
export class SendOffer {
  /** What the receiver knows it by. */
  readonly offerId: TransferId;
  readonly entriesKey: string;
  readonly prepared: Prepared;
  /** Hashes of files sent whole in earlier connections, by index; added to. */
  readonly hashes: FileHashes;
  /** How far each file is; changed. */
  readonly states: SentStates;

  readonly #totals: Totals;
  /** What of it can be shown, by index. */
  readonly #pictures: readonly number[];

  private constructor(
    prepared: Prepared,
    offerId: TransferId,
    { entriesKey, pictures }: { entriesKey: string; pictures: readonly number[] },
  ) {
    this.prepared = prepared;
    this.#pictures = pictures;
    this.offerId = offerId;
    this.entriesKey = entriesKey;
    this.hashes = new FileHashes(prepared.source.entries.length);
    this.states = new SentStates(prepared.source.entries.length);
    const { before, source } = prepared;
    this.#totals = totalsOf(source.entries);
    if (before?.entriesKey === entriesKey) {
      this.states.takeUp(fileIndexes(source.entries), before);
    }
  }

  static async of(prepared: Prepared, offerId: TransferId): Promise<SendOffer> {
    return new SendOffer(prepared, offerId, await lookThrough(prepared));
  }

  /** The same offer where the list is the same; else a new one. */
  static async after(
    before: { readonly offerId: TransferId; readonly entriesKey: string },
    prepared: Prepared,
  ): Promise<SendOffer> {
    const found = await lookThrough(prepared);
    if (found.entriesKey === before.entriesKey) {
      return new SendOffer(prepared, before.offerId, found);
    }
    return new SendOffer(prepared, randomBytes(16).toString('hex') as TransferId, found);
  }

  /** null: nothing of it can be shown. */
  pictures(openMaker: OfferedPictures['openMaker']): OfferedPictures | null {
    const { source } = this.prepared;
    const indexes = this.#pictures;
    return indexes.length === 0 ? null : { source, indexes, openMaker };
  }

  get message(): Omit<MessageOf<'offer'>, 'type'> {
    const { items, itemCount, leftOut } = this.prepared;
    return {
      transferId: this.offerId,
      items: items.slice(0, MAX_OFFER_ITEMS).map((item) => ({ ...item })),
      itemCount,
      ...this.#totals,
      leftOut: leftOut.count,
      ...(this.#content && { content: this.#content }),
    };
  }

  /** What it was when it was chosen may have changed since. */
  get #content(): Content | undefined {
    const { content, items } = this.prepared;
    return offeredContent({ content, items, totals: this.#totals });
  }

  preparedEvent(transferId: TransferId): TransferEvent {
    const { items, itemCount, leftOut } = this.prepared;
    const totals = this.#totals;
    const shown = items.slice(0, MAX_OFFER_ITEMS);
    const content = this.#content;
    return { kind: 'prepared', transferId, items: shown, itemCount, content, totals, leftOut };
  }
}

async function lookThrough({ source }: Prepared) {
  const entriesKey = await inTurns(keySteps(source.entries));
  return { entriesKey, pictures: await inTurns(pictureSteps(source.entries)) };
}
