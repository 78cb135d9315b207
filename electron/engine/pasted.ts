import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import { planPath } from '../../shared/protocol/wire-path.ts';
import { namePlatform } from './transfer/name-platform.ts';
import { pathError } from './transfer/system-errors.ts';

/** Long enough for a transfer that was cut off to go on, and to be sent once more. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** What each is in, by chance. */
const FOLDER = /^[0-9a-f]{16}$/;

/** What a person pasted that lies nowhere on a disk: a text, a picture. */
export interface Pasted {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function pastedIn(home: string): string {
  return join(home, 'pasted');
}

/** Puts it where it can be read as any other file; the paths. Throws NAME_REFUSED and what the disk does. */
export async function keepPasted(home: string, things: readonly Pasted[]): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, bytes } of things) {
    const planned = planPath([name], namePlatform);
    if (!planned.ok) throw new DroplineError('NAME_REFUSED', { path: name });
    // each in a folder of its own: two pictures have one name
    const folder = join(pastedIn(home), randomBytes(8).toString('hex'));
    const path = join(folder, planned.saved[0] ?? name);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
    } catch (cause) {
      throw pathError(cause, path);
    }
    paths.push(path);
  }
  return paths;
}

/** Removes those of the paths that were pasted. Everything else is a person's own file. Never throws. */
export async function removePasted(home: string, paths: readonly string[]): Promise<void> {
  for (const folder of new Set(paths.map(dirname))) {
    if (dirname(folder) !== pastedIn(home) || !FOLDER.test(basename(folder))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Removes what is older than anybody waits for. What cannot be removed stays for the next start. */
export async function clearPasted(home: string, nowMs: number): Promise<void> {
  const names = await readdir(pastedIn(home)).catch(() => []);
  for (const name of names) {
    const folder = join(pastedIn(home), name);
    const found = await stat(folder).catch(() => null);
    if (found === null || nowMs - found.mtimeMs < KEPT_MS) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
