import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OpenElsewhere } from './transfer/open-elsewhere.ts';
import { realFileSystem } from './transfer/ports.ts';

/** Where a scanner has it open. */
const PATIENCE_MS = 2_000;

/** Small files of ours: a reader sees the old content or the new, never a part. */
export async function writeAtomically(path: string, content: string): Promise<void> {
  const temporary = await writeTemporary(path, content);
  try {
    const elsewhere = new OpenElsewhere(realFileSystem, () => true);
    await elsewhere.outwait(path, () => rename(temporary, path), PATIENCE_MS);
  } catch (error) {
    // it may hold a secret
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes only where nothing is yet; answers what is there in the end, ours or another's. */
export async function writeOnce(path: string, content: string): Promise<string> {
  const temporary = await writeTemporary(path, content);
  try {
    await link(temporary, path);
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EEXIST') await writeExclusive(path, content);
  } finally {
    await rm(temporary, { force: true });
  }
  return readFile(path, 'utf8');
}

/** Where the file system has no links; a loser of the race leaves the winner's content. */
async function writeExclusive(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch(() => null);
  if (!file) return;
  await file.writeFile(content);
  await file.sync();
  await file.close();
}

async function writeTemporary(path: string, content: string): Promise<string> {
  const suffix = randomBytes(6).toString('hex');
  const temporary = join(dirname(path), `.${basename(path)}.${suffix}`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

/** null: there is no such file. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') return null;
    throw error;
  }
}
