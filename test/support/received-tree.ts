import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { HashAlgorithm } from '../../shared/protocol/messages.ts';
import { KEEP_BOTH } from '../../shared/model/plan.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { toHex } from '../../shared/protocol/hash-tree.ts';
import { BlockHashes } from '../../electron/engine/transfer/hash.ts';
import type { Fact, JournalHeader } from '../../electron/engine/transfer/journal-records.ts';
import { Journal } from '../../electron/engine/transfer/journal.ts';
import { realFileSystem } from '../../electron/engine/transfer/ports.ts';
import { BLOCK_BYTES } from '../../shared/protocol/limits.ts';
import { TRANSFER_ID, bytesOf } from './memory-tree.ts';

/** Files as a delivery leaves them, with its receipt: each folder and each top file under its final name. */

export interface TreeFile {
  /** Below the folder that things are received in, as planned. */
  readonly saved: readonly string[];
  readonly bytes: number;
}

export function fileHashOf(content: Uint8Array, algorithm: HashAlgorithm = 'sha256'): string {
  const hashes = new BlockHashes(algorithm);
  hashes.update(content);
  hashes.flush();
  return toHex(hashes.file(Math.ceil(content.length / BLOCK_BYTES)) ?? new Uint8Array(0));
}

export class ReceivedTree {
  readonly folder = mkdtempSync(join(tmpdir(), 'dropline-received-'));
  readonly home = join(this.folder, 'home');
  readonly inbox = join(this.folder, 'inbox');
  readonly receipt = join(this.home, 'receipts', `${TRANSFER_ID}.jsonl`);

  constructor() {
    for (const path of [join(this.home, 'receipts'), this.inbox]) {
      mkdirSync(path, { recursive: true });
    }
  }

  header(more: Partial<JournalHeader> = {}): JournalHeader {
    return {
      transferId: TRANSFER_ID,
      token: '0123456789abcdef',
      peer: { id: null, name: 'Ada', address: '127.0.0.1' },
      entriesKey: 'key',
      hash: 'sha256',
      directory: this.inbox,
      items: [],
      itemCount: 1,
      totals: { files: 0, directories: 0, bytes: 0 },
      leftOut: 0,
      skip: [],
      startedAtMs: 0,
      existing: KEEP_BOTH,
      merged: [],
      ...more,
    };
  }

  /** Where a planned path is: folders and files may have got another top name. */
  pathOf(saved: readonly string[], renamed: ReadonlyMap<string, string> = new Map()): string {
    const [top = '', ...rest] = saved;
    return join(this.inbox, renamed.get(top) ?? top, ...rest);
  }

  /** Writes the files, and the receipt that tells of them. */
  receive(
    files: readonly TreeFile[],
    { hash = 'sha256', renamed = new Map<string, string>() }: ReceiveOptions = {},
  ): void {
    const facts: Fact[] = [];
    const folders = new Set<string>();
    files.forEach(({ saved, bytes }, index) => {
      const content = bytesOf(bytes, index);
      const path = this.pathOf(saved, renamed);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      const fileHash = fileHashOf(content, hash);
      if (saved.length > 1) {
        folders.add(saved[0] ?? '');
        facts.push({ record: 'whole', index, hash: fileHash });
      } else {
        facts.push({ record: 'publishing', index, path });
        facts.push({ record: 'published', index, path, hash: fileHash });
      }
    });
    for (const name of folders) {
      const path = this.pathOf([name], renamed);
      facts.push({ record: 'publishingFolder', name, path });
      facts.push({ record: 'publishedFolder', name, path });
    }
    facts.push({ record: 'done', hash: '0'.repeat(64) });
    this.writeReceipt(files, facts, { hash });
  }

  writeReceipt(
    entries: readonly { readonly saved: readonly string[]; readonly bytes: number | null }[],
    facts: readonly Fact[],
    header: Partial<JournalHeader> = {},
  ): void {
    rmSync(this.receipt, { force: true });
    const journal = Journal.write(realFileSystem, this.receipt, this.header(header), entries);
    journal.append(...facts);
    void journal.close();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface ReceiveOptions {
  readonly hash?: HashAlgorithm;
  /** Top names that were taken, and what things got instead. */
  readonly renamed?: ReadonlyMap<string, string>;
}

export const RECEIVED_ID: TransferId = TRANSFER_ID;
