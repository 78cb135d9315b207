import { isSmallJpeg } from './small-jpeg.ts';
import { MAX_THUMBNAILS, MAX_THUMBNAILS_BYTES } from './limits.ts';
import type { Entries, Entry, MessageOf } from './messages.ts';
import { failed, send } from './session.ts';
import type { SendEffect, EndEffect, Step } from './session.ts';

/** Thumbnails as the receiver takes them (PROTOCOL.md §5.15): what it has not asked for never comes. */
export interface Thumbnails {
  /** How many the sender would make. */
  readonly promised: number;
  readonly asked: boolean;
  /** Of which entries they have come, and what they take. */
  readonly indexes: ReadonlySet<number>;
  readonly bytes: number;
}

export const NO_THUMBNAILS: Thumbnails = {
  promised: 0,
  asked: false,
  indexes: new Set(),
  bytes: 0,
};

export function promisedBy({ thumbnails = 0 }: MessageOf<'hello'>): Thumbnails {
  return { ...NO_THUMBNAILS, promised: Math.min(thumbnails, MAX_THUMBNAILS) };
}

const PICTURE = /\.(?:gif|jfif|jpe|jpe?g|png|webp)$/i;

/** Only what is called like a picture has a thumbnail. */
export function isPicture(entry: Entry | undefined): boolean {
  return entry?.kind === 'file' && entry.bytes > 0 && PICTURE.test(entry.path.at(-1) ?? '');
}

/** The first pictures of an offer, by index. Yields after each entry. */
export function* pictureSteps(entries: Entries): Generator<void, number[]> {
  const indexes: number[] = [];
  for (const [index, entry] of entries.entries()) {
    if (isPicture(entry)) indexes.push(index);
    if (indexes.length === MAX_THUMBNAILS) break;
    yield;
  }
  return indexes;
}

interface Asking {
  readonly thumbnails: Thumbnails;
}

/** A sender that does not know the question is never asked. */
export function askThumbnails<S extends Asking>(state: S): Step<S, SendEffect> {
  const { thumbnails } = state;
  if (thumbnails.promised === 0 || thumbnails.asked) return { state, effects: [] };
  return {
    state: { ...state, thumbnails: { ...thumbnails, asked: true } },
    effects: [send({ type: 'thumbnails' })],
  };
}

interface Showing extends Asking {
  readonly entries: Entries;
}

interface ThumbnailEffect {
  readonly kind: 'thumbnail';
  readonly index: number;
  readonly jpeg: Uint8Array;
}

/** Each of a picture of the offer, once, as small as promised; anything else is a violation. */
export function takeThumbnail<S extends Showing>(
  state: S,
  { index, jpeg }: MessageOf<'thumbnail'>,
): Step<S, ThumbnailEffect> | Step<S & { readonly phase: 'ended' }, SendEffect | EndEffect> {
  const { promised, asked, indexes } = state.thumbnails;
  const bytes = state.thumbnails.bytes + jpeg.length;
  const isDue = asked && indexes.size < promised && !indexes.has(index);
  const isItsPicture = isPicture(state.entries.at(index)) && isSmallJpeg(jpeg);
  if (!isDue || !isItsPicture || bytes > MAX_THUMBNAILS_BYTES) {
    return failed(state, 'PROTOCOL_VIOLATION');
  }
  const thumbnails = { promised, asked, indexes: new Set([...indexes, index]), bytes };
  return { state: { ...state, thumbnails }, effects: [{ kind: 'thumbnail', index, jpeg }] };
}
