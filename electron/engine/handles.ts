import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Folder, PageSelection, PageTicket, Selection } from '../../shared/contract.ts';
import type { Content } from '../../shared/model/content.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { Item, TransferId } from '../../shared/model/transfer.ts';
import { MAX_ITEMS_SHOWN } from '../../shared/model/transfer.ts';
import { makeDirectories } from './make-directories.ts';
import { realPath } from './real-path.ts';
import { pathError, sourceError } from './transfer/system-errors.ts';
import type { SendRequest } from './transfer/worker-messages.ts';

/** More than anybody drops in one sitting; the oldest are forgotten. */
const MAX_HANDLES = 1_000;

type Staged = SendRequest['source'];
type Paths = readonly string[];

/**
 * What a face was given by a person, by ids that are worthless to guess: a window names selections and
 * folders and never a path.
 */
export class Handles {
  readonly #selections = new Map<string, Staged>();
  readonly #folders = new Map<string, string>();

  /** Throws PATH_NOT_FOUND, NO_PERMISSION, SOURCE_UNREADABLE, NOTHING_TO_SEND. */
  async stagePaths(given: readonly string[], content?: Content): Promise<Selection> {
    const paths = given.map((path) => resolve(path));
    const items: Item[] = [];
    for (const path of paths) items.push(await itemAt(path));
    if (items.length === 0) throw new DroplineError('NOTHING_TO_SEND');
    const selectionId = this.#remember(this.#selections, { kind: 'paths', paths, content });
    const shown = items.slice(0, MAX_ITEMS_SHOWN);
    return { selectionId, items: shown, itemCount: items.length, ...(content && { content }) };
  }

  stagePage(
    items: readonly Item[],
    itemCount: number,
    page: PageTicket & { readonly selectionKey: string },
  ): PageSelection {
    const { url, ticket, selectionKey } = page;
    const selectionId = this.#remember(this.#selections, { kind: 'page', selectionKey });
    return { selectionId, items: items.slice(0, MAX_ITEMS_SHOWN), itemCount, url, ticket };
  }

  /**
   * What did not make it of an earlier send: its list tells where that lay, but for what a page held, which is
   * among the selections. `paths`: what was chosen then, as far as that is known.
   */
  stageFailed(
    failedOf: TransferId,
    { selectionId, paths }: { readonly selectionId?: string | undefined; readonly paths: Paths },
  ): string {
    const before = this.#selections.get(selectionId ?? '');
    const isPage = before?.kind === 'page';
    const source = isPage ? before : ({ kind: 'paths', paths: before?.paths ?? paths } as const);
    return this.#remember(this.#selections, { ...source, failedOf });
  }

  /** Throws SELECTION_GONE. */
  selection(selectionId: string): Staged {
    const staged = this.#selections.get(selectionId);
    if (!staged) throw new DroplineError('SELECTION_GONE');
    return staged;
  }

  /** Throws DIRECTORY_UNUSABLE, NO_PERMISSION. */
  async nameFolder(path: string): Promise<Folder> {
    const directory = await usableDirectory(path);
    return { folderId: this.#remember(this.#folders, directory), path: directory };
  }

  /** Throws SELECTION_GONE. */
  folder(folderId: string): string {
    const path = this.#folders.get(folderId);
    if (path === undefined) throw new DroplineError('SELECTION_GONE');
    return path;
  }

  #remember<T>(handles: Map<string, T>, value: T): string {
    const id = randomBytes(16).toString('hex');
    handles.set(id, value);
    const [oldest] = handles.keys();
    if (handles.size > MAX_HANDLES && oldest !== undefined) handles.delete(oldest);
    return id;
  }
}

async function itemAt(path: string): Promise<Item> {
  const found = await stat(path).catch((error: unknown) => {
    throw pathError(error, path);
  });
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw sourceError(error, path);
  });
  return { name: basename(path) || path, kind: found.isDirectory() ? 'folder' : 'file' };
}

/** A folder that can be written to, made where it is missing. */
export async function usableDirectory(path: string): Promise<string> {
  const directory = resolve(path);
  try {
    await makeDirectories(directory);
    await access(directory, constants.W_OK | constants.X_OK);
    return await realPath(directory);
  } catch (cause) {
    const ours = pathError(cause, directory);
    const code = ours.code === 'NO_PERMISSION' ? 'NO_PERMISSION' : 'DIRECTORY_UNUSABLE';
    throw new DroplineError(code, ours.details, { cause });
  }
}
