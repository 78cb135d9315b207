import { join } from 'node:path';
import { DroplineError } from '../../../shared/errors.ts';
import type { FilePage } from '../../../shared/model/file-list.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { FileQuery, FileRows } from './file-rows.ts';
import { pageOf } from './file-rows.ts';
import type { FileSystem } from './ports.ts';
import type { Part } from './scan-part.ts';
import type { SendOffer } from './send-offer.ts';
import type { SendRequest } from './send-request.ts';
import { SentList, sentListName, sentListsIn } from './sent-list.ts';
import { LiveRows } from './sent-rows.ts';
import { attempt } from './system-errors.ts';
import { pruneSentLists, writeSentList } from './write-sent-list.ts';

/** Files whose names are read at once. */
const ROWS_AT_ONCE = 1_000;

/** What the send thread knows of the files that it sends, and leaves on the disk. */
export class SentLists {
  readonly #fs: FileSystem;
  /** null: nothing is kept. */
  readonly #folder: string | null;
  readonly #offerOf: (transferId: TransferId) => SendOffer | null;

  constructor(
    fs: FileSystem,
    home: string | null,
    offerOf: (transferId: TransferId) => SendOffer | null,
  ) {
    this.#fs = fs;
    this.#folder = home === null ? null : sentListsIn(home);
    this.#offerOf = offerOf;
  }

  /** null: it is not being sent. */
  async page(transferId: TransferId, query: FileQuery): Promise<FilePage | null> {
    const offer = this.#offerOf(transferId);
    return offer && pageOf(new LiveRows(offer.prepared.source, offer.states), query);
  }

  /** A list that cannot be kept costs no transfer anything. Never rejects. */
  async keep(transferId: TransferId, offer: SendOffer): Promise<void> {
    const folder = this.#folder;
    if (folder === null || offer.message.content !== undefined) return;
    const path = join(folder, sentListName(transferId));
    try {
      this.#fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      // an earlier connection may have learned more than this one, which only looked for its peer
      if (!offer.states.isTouched && (await this.#has(path, offer))) return;
      await writeSentList(this.#fs, path, offer);
      pruneSentLists(this.#fs, folder);
    } catch {
      attempt(() => {
        this.#fs.unlinkSync(`${path}.part`);
      });
    }
  }

  /** As an earlier run left it; null: it is new, or nothing tells. */
  async before({ transferId, resumes }: SendRequest): Promise<SentList | null> {
    const path = this.#pathOf(transferId);
    return path === null || resumes === null ? null : SentList.open(this.#fs, path);
  }

  /** What did not make it of an earlier send. Throws NO_FILE_LIST. */
  async failedOf(transferId: TransferId): Promise<Part> {
    const { rows, roots } = await this.#find(transferId);
    const places: number[] = [];
    for (let at = 0; at < rows.count; at++) {
      if (!IS_THERE.has(rows.state(at))) places.push(at);
    }
    const paths: string[] = [];
    for (let at = 0; at < places.length; at += ROWS_AT_ONCE) {
      const files = rows.read(places.slice(at, at + ROWS_AT_ONCE));
      for (const { path } of files) paths.push(path);
    }
    return { roots, paths };
  }

  async #find(
    transferId: TransferId,
  ): Promise<{ readonly rows: FileRows; readonly roots: ReadonlyMap<string, string> }> {
    const offer = this.#offerOf(transferId);
    if (offer) {
      const { source } = offer.prepared;
      return { rows: new LiveRows(source, offer.states), roots: source.roots ?? new Map() };
    }
    const path = this.#pathOf(transferId);
    const list = path === null ? null : await SentList.open(this.#fs, path);
    if (!list) throw new DroplineError('NO_FILE_LIST');
    return { rows: list, roots: list.roots };
  }

  #pathOf(transferId: TransferId): string | null {
    return this.#folder && join(this.#folder, sentListName(transferId));
  }

  async #has(path: string, { entriesKey }: SendOffer): Promise<boolean> {
    return (await SentList.open(this.#fs, path))?.entriesKey === entriesKey;
  }
}

/** Nobody need send these again. */
const IS_THERE: ReadonlySet<string> = new Set(['checked', 'skipped', 'unwanted']);
