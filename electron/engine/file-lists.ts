import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { CommandInput } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { FilePage, ListedFile } from '../../shared/model/file-list.ts';
import { countByFilter, fitsFilter } from '../../shared/model/file-list.ts';
import { folded, holdsWords } from '../../shared/model/folded.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { pageOf } from './transfer/file-rows.ts';
import { realFileSystem } from './transfer/ports.ts';
import { readInTurns } from './transfer/read-journal.ts';
import { receiptName, receiptsIn } from './transfer/receipt.ts';
import { receivedFiles } from './transfer/received-files.ts';
import { SentList, sentListName, sentListsIn } from './transfer/sent-list.ts';
import type { SendThread } from './transfer/workers.ts';

/** Others want their turn while a hundred thousand are gone through. */
const FILES_PER_TURN = 2_000;

type Query = CommandInput<'listFiles'>;

interface Searchable {
  readonly file: ListedFile;
  readonly text: string;
}

/** Something that was read, and what names the file that it was read from as it was then. */
interface Kept<T> {
  readonly key: string;
  readonly value: Promise<T>;
}

export interface FileListsOptions {
  readonly home: string;
  /** What is sent just now; null: nothing is. */
  readonly thread: () => Pick<SendThread, 'listFiles'> | null;
}

/** The files of transfers, page by page. Of one each way what was read is held, for the next page. */
export class FileLists {
  readonly #options: FileListsOptions;
  #received: Kept<readonly Searchable[]> | null = null;
  #sent: Kept<SentList | null> | null = null;

  constructor(options: FileListsOptions) {
    this.#options = options;
  }

  /** Throws NO_FILE_LIST. */
  async page(direction: Transfer['direction'], query: Query): Promise<FilePage> {
    const page =
      direction === 'send' ? await this.#sentPage(query) : await this.#receivedPage(query);
    if (page === null) throw new DroplineError('NO_FILE_LIST');
    return page;
  }

  /** Where one of them is on this computer; null: it is not, or is not known. Throws NO_FILE_LIST. */
  async pathOf(
    direction: Transfer['direction'],
    { transferId, file }: CommandInput<'revealFile'>,
  ): Promise<string | null> {
    const query = { transferId, text: '', filter: 'all', from: file, count: 1 } as const;
    const { files } = await this.page(direction, query);
    return files[0]?.savedAs ?? null;
  }

  async #sentPage(query: Query): Promise<FilePage | null> {
    const { home, thread } = this.#options;
    const { transferId } = query;
    const live = await thread()
      ?.listFiles(transferId, query)
      .catch(() => null);
    if (live) return live;
    const path = join(sentListsIn(home), sentListName(transferId));
    const key = await keyOf(path);
    if (key === null) return null;
    if (this.#sent?.key !== key) this.#sent = { key, value: SentList.open(realFileSystem, path) };
    const list = await this.#sent.value;
    return list && pageOf(list, query);
  }

  async #receivedPage(query: Query): Promise<FilePage | null> {
    const files = await this.#filesOf(query.transferId);
    if (files === null) return null;
    const counts = countByFilter(statesOf(files));
    const found: ListedFile[] = [];
    let total = 0;
    for (const [at, { file, text }] of files.entries()) {
      if (at % FILES_PER_TURN === FILES_PER_TURN - 1) await setImmediate();
      if (!fitsFilter(file.state, query.filter) || !holdsWords(text, query.text)) continue;
      if (total >= query.from && found.length < query.count) found.push(file);
      total += 1;
    }
    return { files: found, total, counts };
  }

  async #filesOf(transferId: TransferId): Promise<readonly Searchable[] | null> {
    const { home } = this.#options;
    const name = receiptName(transferId);
    for (const path of [join(receiptsIn(home), name), join(home, 'journal', name)]) {
      const key = await keyOf(path);
      if (key === null) continue;
      if (this.#received?.key !== key) this.#received = { key, value: readFiles(path) };
      return this.#received.value;
    }
    return null;
  }
}

/** null: there is none. */
async function keyOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  return found && `${path} ${found.size} ${found.mtimeMs}`;
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

function* statesOf(files: readonly Searchable[]): Generator<ListedFile['state']> {
  for (const { file } of files) yield file.state;
}
