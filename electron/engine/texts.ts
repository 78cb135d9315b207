import { mkdirSync } from 'node:fs';
import { open, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import { MAX_TEXT_BYTES, contentOf, linkOf, textBytes } from '../../shared/model/content.ts';
import { textFileName } from '../../shared/model/content.ts';
import type { Selection } from '../../shared/contract.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import type { Handles } from './handles.ts';
import { keepPasted } from './pasted.ts';
import { pathError } from './transfer/system-errors.ts';

/**
 * Texts and links: files as all others on their way and on the disk, but kept in the home folder, each in
 * a folder of its own that is called by its transfer. People read them where they come, and want none of
 * them among their downloads.
 */

/** As many as there are receipts of. */
const MAX_KEPT = 1_000;
/** What a file is called where nothing of the text can be a name. */
const NO_NAME = 'Text';

function textsIn(home: string): string {
  return join(home, 'texts');
}

/** Where a text goes that is received; null: it cannot be made, and the text goes where files go. */
export function textFolder(home: string, transferId: TransferId): string | null {
  const folder = join(textsIn(home), transferId);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    return null;
  }
}

/** Throws NOTHING_TO_SEND, TEXT_TOO_LONG, and what the disk does. */
export async function stageText(home: string, handles: Handles, text: string): Promise<Selection> {
  const content = contentOf(text);
  if (content === null) {
    if (text.trim() === '') throw new DroplineError('NOTHING_TO_SEND');
    throw new DroplineError('TEXT_TOO_LONG', { bytes: textBytes(text), maxBytes: MAX_TEXT_BYTES });
  }
  const said = content === 'link' ? text.trim() : text;
  const thing = { name: textFileName(said, NO_NAME), bytes: new TextEncoder().encode(said) };
  return handles.stagePaths(await keepPasted(home, [thing]), content);
}

/** Throws WRONG_USAGE where it is no text, PATH_NOT_FOUND, NO_PERMISSION. */
export async function readText({ content, savedAs }: Transfer): Promise<string> {
  if (content === undefined) throw new DroplineError('WRONG_USAGE');
  if (savedAs === null) throw new DroplineError('PATH_NOT_FOUND', { path: '' });
  try {
    return new TextDecoder().decode(await readStart(savedAs));
  } catch (cause) {
    throw pathError(cause, savedAs);
  }
}

/** Whatever has become of the file since, no more than a text is read of it. */
async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_TEXT_BYTES), 0, MAX_TEXT_BYTES);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Where the browser is to go. Throws as `readText`, and WRONG_USAGE where the text is no link. */
export async function readLink(transfer: Transfer): Promise<string> {
  const link = linkOf(await readText(transfer));
  if (link === null) throw new DroplineError('WRONG_USAGE');
  return link.href;
}

/**
 * Removes all but those that are wanted, which is asked when it is a folder's turn: one may have been accepted
 * a moment ago. What cannot be removed stays for the next time.
 */
export async function clearTexts(
  home: string,
  isWanted: (transferId: TransferId) => boolean,
): Promise<void> {
  const names = await readdir(textsIn(home)).catch(() => []);
  const unwanted = names.filter((name) => !isWanted(name as TransferId));
  await Promise.all(unwanted.map((name) => remove(join(textsIn(home), name))));
}

/** Of a text that was accepted and never came. What holds anything stays. */
export function removeEmptyText(home: string, transferId: TransferId): Promise<void> {
  return rmdir(join(textsIn(home), transferId)).catch(() => undefined);
}

/** Removes the oldest of more than are kept. */
export async function clearOldTexts(home: string): Promise<void> {
  const names = await readdir(textsIn(home)).catch(() => []);
  if (names.length <= MAX_KEPT) return;
  const folders = await Promise.all(
    names.map(async (name) => {
      const folder = join(textsIn(home), name);
      return { folder, atMs: (await stat(folder).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  folders.sort((one, two) => two.atMs - one.atMs);
  await Promise.all(folders.slice(MAX_KEPT).map(({ folder }) => remove(folder)));
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true }).catch(() => undefined);
}
