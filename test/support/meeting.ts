import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Delivery } from '../../electron/engine/transfer/destination.ts';
import { Journal } from '../../electron/engine/transfer/journal.ts';
import type { JournalContent } from '../../electron/engine/transfer/journal-records.ts';
import { diskBelow } from '../../electron/engine/transfer/folder-disk.ts';
import { planMerge } from '../../electron/engine/transfer/merge-plan.ts';
import { readInTurns } from '../../electron/engine/transfer/read-journal.ts';
import { proveHeld } from '../../electron/engine/transfer/resume-proof.ts';
import { lookThrough } from '../../electron/engine/transfer/restored.ts';
import { undoReplacements } from '../../electron/engine/transfer/undo.ts';
import { ALL_WANTED } from '../../electron/engine/transfer/unwanted-entries.ts';
import { KEEP_BOTH } from '../../shared/model/plan.ts';
import type { ExistingChoice } from '../../shared/model/plan.ts';
import { equalBytes, toHex } from '../../shared/protocol/hash-tree.ts';
import type { Entry } from '../../shared/protocol/messages.ts';
import { BrittleDisk } from './brittle-disk.ts';
import { TRANSFER_ID, contentHash, sha256 } from './memory-tree.ts';
import { namesBelow, setTime } from './trees.ts';
import { transferHash } from './transfer-hash.ts';

/** A destination with something in it, and a delivery that meets it, without a wire. */

/** Files by path, with `/`; null: a folder. */
export type Tree = ReadonlyMap<string, string | null>;

export const TOKEN = '0123456789abcdef';
const always = (): boolean => true;

/** Of the file that was there before under that path. */
export const oldTime = (path: string): number => 1_500_000_000 + path.length + 0.25;
const NEW_TIME_US = 1_600_000_000_000_000;

export class Meeting {
  readonly directory = mkdtempSync(join(tmpdir(), 'dropline-meets-'));
  readonly #home = mkdtempSync(join(tmpdir(), 'dropline-meets-home-'));
  readonly #entries: readonly Entry[];
  readonly #contents: readonly (Uint8Array | null)[];
  readonly #choice: ExistingChoice;
  disk: BrittleDisk;
  delivery: Delivery | null = null;
  /** Payload that had to cross. */
  sentBytes = 0;

  constructor(there: Tree, offered: Tree, choice: ExistingChoice, disk = new BrittleDisk()) {
    this.disk = disk;
    this.#choice = choice;
    for (const [path, content] of there) {
      const at = join(this.directory, path);
      mkdirSync(content === null ? at : dirname(at), { recursive: true });
      if (content === null) continue;
      writeFileSync(at, content);
      setTime(at, oldTime(path));
    }
    this.#contents = [...offered.values()].map((text) =>
      text === null ? null : Buffer.from(text),
    );
    this.#entries = [...offered].map(([path, text]) => ({
      path: path.split('/'),
      modifiedUs: NEW_TIME_US,
      ...(text === null ? { kind: 'directory' } : { kind: 'file', bytes: text.length }),
    }));
  }

  get #journal(): string {
    return join(this.#home, 'open.jsonl');
  }

  get #receipt(): string {
    return join(this.#home, 'done.jsonl');
  }

  readReceipt(): Promise<JournalContent | null> {
    return readInTurns(new BrittleDisk().fs, this.#receipt, always);
  }

  /** A yes. */
  async accept(): Promise<Delivery> {
    const { fs } = this.disk;
    const { directory } = this;
    const entries = this.#entries;
    const saved = entries.map(({ path }) => path);
    const existing = { forAll: this.#choice, items: {} };
    const plan = await planMerge(
      { fs, directory, entries, saved, existing, unwanted: ALL_WANTED },
      always,
    );
    const header = {
      transferId: TRANSFER_ID,
      token: TOKEN,
      peer: { id: null, name: '', address: '' },
      entriesKey: '',
      hash: 'sha256' as const,
      directory,
      items: [],
      itemCount: 0,
      totals: { files: 0, directories: 0, bytes: 0 },
      leftOut: 0,
      skip: [],
      startedAtMs: 0,
      existing: KEEP_BOTH,
      merged: [...plan.merged],
    };
    const listed = entries.map((entry, index) => ({
      bytes: entry.kind === 'file' ? entry.bytes : null,
      saved: plan.saved.at(index) ?? [],
      met: plan.met[index] ?? null,
    }));
    const journal = await Journal.create(fs, this.#journal, header, listed);
    return this.#take({ header, list: listed, facts: [] }, journal, false);
  }

  /** The program starts again: all it knows is what is on the disk. null: it had not begun. */
  async restart(): Promise<Delivery | null> {
    this.disk.bury();
    this.disk = this.disk.again();
    const content = await readInTurns(this.disk.fs, this.#journal, always);
    if (!content?.list) {
      rmSync(this.#journal, { force: true });
      return null;
    }
    const isDone = content.facts.some(({ record }) => record === 'done');
    if (isDone) renameSync(this.#journal, this.#receipt);
    const path = isDone ? this.#receipt : this.#journal;
    return this.#take(content, Journal.reopen(this.disk.fs, path), true);
  }

  async #take(content: JournalContent, journal: Journal, isOld: boolean): Promise<Delivery> {
    const { header, list, facts } = content;
    const options = {
      fs: diskBelow(this.disk.fs, this.directory),
      journal,
      directory: this.directory,
      journalId: TRANSFER_ID,
      token: TOKEN,
      entries: this.#entries,
      saved: list?.map(({ saved }) => saved) ?? [],
      hash: 'sha256',
      skip: [],
      unwanted: ALL_WANTED,
      merged: header.merged,
      met: list?.map(({ met = null }) => met) ?? [],
    } as const;
    const delivery = new Delivery(options, this.#receipt);
    if (isOld) delivery.takeUp(await lookThrough(options, delivery.staging, facts, always));
    else await delivery.prepare();
    await delivery.claimIdentical(always);
    this.delivery = delivery;
    return delivery;
  }

  /** What the sender does after a yes; it ends early after so many bytes. true: all is sent. */
  async send(delivery: Delivery, cutAfterBytes = Infinity): Promise<boolean> {
    const { published } = await proveHeld(delivery, always);
    const claims = new Map(published.flatMap(({ files }) => files).map((f) => [f.index, f.hash]));
    let left = cutAfterBytes;
    for (const [index, content] of this.#contents.entries()) {
      if (content === null) continue;
      const claim = claims.get(index);
      if (claim && equalBytes(claim, contentHash(content))) continue;
      if (left <= 0) return false;
      const part = content.subarray(0, left);
      left -= content.length;
      if (part.length > 0) {
        this.sentBytes += part.length;
        delivery.openRange(index, 0);
        delivery.write(part);
      }
      if (left < 0) return false;
      delivery.endFile(index, contentHash(content));
    }
    return true;
  }

  finish(delivery: Delivery): Promise<void> {
    const files = this.#entries.flatMap(({ path }, index) => {
      const content = this.#contents[index];
      return content ? [{ path, hash: contentHash(content) }] : [];
    });
    return delivery.finish(toHex(transferHash(files, sha256)));
  }

  async undo(disk = this.disk.again()): Promise<void> {
    const receipt = await this.readReceipt();
    if (receipt) await undoReplacements(disk.fs, receipt, always);
  }

  /** Every file by its path, hidden ones too. */
  files(): Map<string, { readonly text: string; readonly seconds: number }> {
    return new Map(
      namesBelow(this.directory).flatMap((name) => {
        const path = join(this.directory, name);
        const stat = lstatSync(path);
        if (!stat.isFile()) return [];
        return [[name, { text: readFileSync(path, 'utf8'), seconds: stat.mtimeMs / 1000 }]];
      }),
    );
  }

  remove(): void {
    this.disk.bury();
    for (const path of [this.directory, this.#home]) rmSync(path, { recursive: true, force: true });
  }
}
