import { join } from 'node:path';
import { diskBelow } from './folder-disk.ts';
import type { JournalContent } from './journal-records.ts';
import { isPlaceholder } from './placeholder.ts';
import type { FileSystem } from './ports.ts';
import { isSameFile, lookAt, settleReplaced } from './replace.ts';
import { partPathOf } from './staging.ts';
import { attempt } from './system-errors.ts';
import { lastTold } from './told.ts';

/**
 * true: the crash came between the journal and the end of the move, as the part is there and so not moved.
 * Its second name is taken back, and so is the placeholder of a file system without links.
 */
export function takeBackHalf(fs: FileSystem, part: string, path: string, token: string): boolean {
  const before = lookAt(fs, part);
  if (!before) return false;
  const after = lookAt(fs, path);
  if (!after?.isFile()) return true;
  if (isSameFile(after, before) || isPlaceholder(fs, path, token)) fs.unlinkSync(path);
  return true;
}

/**
 * Before what is hidden of a delivery is removed for good: no placeholder keeps a name, and a file whose place
 * nothing has taken has its own again. Yields after each file. false: something could not be done now.
 */
export function* takeBackSteps(
  disk: FileSystem,
  { header, facts }: JournalContent,
): Generator<void, boolean> {
  const { directory, token } = header;
  const fs = diskBelow(disk, directory);
  const { going, published } = lastTold(facts);
  let isDone = true;
  for (const [index, { path, over }] of going) {
    yield;
    if (published.get(index)?.path === path) continue;
    let isBack = false;
    attempt(() => {
      const part = partPathOf(directory, token, index);
      const kept = over && join(directory, over.kept);
      if (isPlaceholder(fs, path, token)) removePlaceholder(fs, path, kept);
      // without its part nobody can tell whether the new one had the name
      else if (kept !== null && lookAt(fs, part)) settleReplaced(fs, { part, path, kept, token });
      isBack = true;
    });
    isDone &&= isBack;
  }
  return isDone;
}

/** `kept`: the file whose name it has, if it is anybody's. */
function removePlaceholder(fs: FileSystem, path: string, kept: string | null): void {
  if (kept !== null && lookAt(fs, kept)?.isFile()) fs.renameSync(kept, path);
  else fs.unlinkSync(path);
}
