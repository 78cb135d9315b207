import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { CommandInput } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { FileFilter, FilePage, ListedFile } from '../../shared/model/file-list.ts';
import { folded, holdsWords } from '../../shared/model/folded.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { realFileSystem } from './transfer/ports.ts';
import { readInTurns } from './transfer/read-journal.ts';
import { receiptName, receiptsIn } from './transfer/receipt.ts';
import { receivedFiles } from './transfer/received-files.ts';

/** Others want their turn while a hundred thousand are gone through. */
const FILES_PER_TURN = 2_000;

interface Searchable {
  readonly file: ListedFile;
  readonly text: string;
}

interface FileList {
  /** Names the file that it was read from, and its length then. */
  readonly key: string;
  readonly files: Promise<readonly Searchable[]>;
}

/** The files of what was received, page by page. Of one transfer they are held, for the next page. */
export class FileLists {
  readonly #home: string;
  #last: FileList | null = null;

  constructor(home: string) {
    this.#home = home;
  }

  /** Throws NO_RECEIPT. */
  async page(query: CommandInput<'listFiles'>): Promise<FilePage> {
    const files = await this.#filesOf(query.transferId);
    const counts: Record<FileFilter, number> = { all: 0, failed: 0, renamed: 0, skipped: 0 };
    const found: ListedFile[] = [];
    let total = 0;
    for (const [at, { file, text }] of files.entries()) {
      if (at % FILES_PER_TURN === FILES_PER_TURN - 1) await setImmediate();
      counts.all += 1;
      if (isFilter(file.state)) counts[file.state] += 1;
      if (query.filter !== 'all' && query.filter !== file.state) continue;
      if (!holdsWords(text, query.text)) continue;
      if (total >= query.from && found.length < query.count) found.push(file);
      total += 1;
    }
    return { files: found, total, counts };
  }

  async #filesOf(transferId: TransferId): Promise<readonly Searchable[]> {
    const name = receiptName(transferId);
    for (const path of [join(receiptsIn(this.#home), name), join(this.#home, 'journal', name)]) {
      const found = await stat(path).catch(() => null);
      if (found === null) continue;
      const key = `${path} ${found.size}`;
      if (this.#last?.key !== key) this.#last = { key, files: readFiles(path) };
      return this.#last.files;
    }
    throw new DroplineError('NO_RECEIPT');
  }
}

async function readFiles(path: string): Promise<readonly Searchable[]> {
  const content = await readInTurns(realFileSystem, path, () => true);
  const files: Searchable[] = [];
  if (content === null) return files;
  for (const file of receivedFiles(content)) {
    files.push({ file, text: folded(`${file.path}\n${file.renamedTo ?? ''}`) });
    if (files.length % FILES_PER_TURN === 0) await setImmediate();
  }
  return files;
}

function isFilter(state: ListedFile['state']): state is Exclude<FileFilter, 'all'> {
  return state === 'failed' || state === 'renamed' || state === 'skipped';
}
