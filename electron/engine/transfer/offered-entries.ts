import { createHash } from 'node:crypto';
import { DroplineError } from '../../../shared/errors.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { pictureSteps } from '../../../shared/protocol/thumbnails.ts';
import type { NamePlatform } from '../../../shared/protocol/wire-path.ts';
import { nameSteps } from '../../../shared/protocol/wire-path.ts';
import { namePlatform } from './name-platform.ts';

/** Each call of the hash costs as much as a thousand characters. */
const HASH_AT_CHARACTERS = 16 * 1024;

/** What was offered, as it is saved here. */
export interface PlannedOffer {
  readonly entries: readonly Entry[];
  /** The receiver's own plan of every path, by entry. */
  readonly saved: readonly (readonly string[])[];
  readonly key: string;
  /** What of it may be shown before it is answered, by index. */
  readonly pictures: readonly number[];
}

/** Yields after each small step. Throws NAME_REFUSED. */
export function* offerSteps(offered: readonly Entry[]): Generator<void, PlannedOffer> {
  const saved = yield* savedSteps(offered, namePlatform);
  const key = yield* keySteps(offered);
  const pictures = yield* pictureSteps(offered);
  const entries: Entry[] = [];
  for (const [index, entry] of offered.entries()) {
    entries.push(withSharedPath(entry, saved[index] ?? []));
    yield;
  }
  return { entries, saved, key, pictures };
}

/** Where each entry is saved by those rules. Yields after each small step. Throws NAME_REFUSED. */
export function* savedSteps(
  offered: readonly Entry[],
  platform: NamePlatform,
): Generator<void, PlannedOffer['saved']> {
  const planned = yield* nameSteps(offered, platform);
  if (!planned.ok) throw new DroplineError('NAME_REFUSED', { reason: planned.reason });
  return planned.saved;
}

/**
 * Two offers with the same key list the same files. The times of directories do not count: they change
 * with things that nobody sends. Yields after each entry.
 */
export function* keySteps(entries: readonly Entry[]): Generator<void, string> {
  const hash = createHash('sha256');
  let text = '';
  for (const entry of entries) {
    const { kind, path } = entry;
    text += JSON.stringify(kind === 'directory' ? { kind, path } : entry);
    yield;
    if (text.length < HASH_AT_CHARACTERS) continue;
    hash.update(text);
    text = '';
  }
  return hash.update(text).digest('hex');
}

/** A hundred thousand paths cost less when what is saved as it is called shares one array. */
function withSharedPath(entry: Entry, saved: readonly string[]): Entry {
  const same = saved.length === entry.path.length && saved.every((p, n) => p === entry.path[n]);
  return same ? { ...entry, path: saved } : entry;
}
