import { createHash } from 'node:crypto';
import { DroplineError } from '../../../shared/errors.ts';
import type { Entries } from '../../../shared/protocol/messages.ts';
import { pictureSteps } from '../../../shared/protocol/thumbnails.ts';
import type { NamePlatform } from '../../../shared/protocol/wire-path.ts';
import { nameSteps } from '../../../shared/protocol/wire-path.ts';
import type { Paths } from '../../../shared/protocol/path-list.ts';
import { namePlatform } from './name-platform.ts';

/** Each call of the hash costs as much as a thousand characters. */
const HASH_AT_CHARACTERS = 16 * 1024;

/** What was offered, as it is saved here. */
export interface PlannedOffer {
  /** The receiver's own plan of every path, by entry. */
  readonly saved: Paths;
  readonly key: string;
  /** What of it may be shown before it is answered, by index. */
  readonly pictures: readonly number[];
}

/** Yields after each small step. Throws NAME_REFUSED. */
export function* offerSteps(offered: Entries): Generator<void, PlannedOffer> {
  const saved = yield* savedSteps(offered, namePlatform);
  const key = yield* keySteps(offered);
  const pictures = yield* pictureSteps(offered);
  return { saved, key, pictures };
}

/** Where each entry is saved by those rules. Yields after each small step. Throws NAME_REFUSED. */
export function* savedSteps(
  offered: Entries,
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
export function* keySteps(entries: Entries): Generator<void, string> {
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
