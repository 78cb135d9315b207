import type { HoldUp } from '../model/limit.ts';
import type { FrameName } from './frame.ts';
import { MAX_THUMBNAIL_BYTES } from './limits.ts';

/** The messages whose payload is bytes and not JSON (PROTOCOL.md §5): one per file, block or ack. */

export const HASH_BYTES = 32;

export type BinaryMessage =
  /** Receiver: these blocks of this file are here already, with their hashes. */
  | {
      readonly type: 'have';
      readonly index: number;
      readonly firstBlock: number;
      readonly hashes: Uint8Array;
    }
  /** Receiver: these files are whole and under their final names from an earlier connection. */
  | { readonly type: 'published'; readonly files: readonly PublishedFile[] }
  /** Sender: what follows is this range of this file. */
  | {
      readonly type: 'file';
      readonly index: number;
      readonly offset: number;
      readonly bytes: number;
    }
  /** Sender: the file is whole; this is its hash. */
  | { readonly type: 'fileEnd'; readonly index: number; readonly hash: Uint8Array }
  /** Receiver: this much payload is written, counted from the start of this connection. */
  | { readonly type: 'ack'; readonly bytes: number; readonly holdUp: HoldUp }
  /** Sender: what this file looks like, small (§5.15). */
  | { readonly type: 'thumbnail'; readonly index: number; readonly jpeg: Uint8Array };

type BinaryMessageOf<N extends BinaryMessage['type']> = Extract<BinaryMessage, { type: N }>;

/** By the byte that stands for it. */
const HOLD_UPS: readonly HoldUp[] = [null, 'disk', 'computer'];

export interface PublishedFile {
  readonly index: number;
  readonly hash: Uint8Array;
}

const PUBLISHED_RECORD_BYTES = 4 + HASH_BYTES;

/** Of the payloads of `file` and `fileEnd`. */
export const FILE_BYTES = 4 + 8 + 8;
export const FILE_END_BYTES = 4 + HASH_BYTES;

export function writeFile(
  target: Uint8Array,
  at: number,
  { index, offset, bytes }: Omit<BinaryMessageOf<'file'>, 'type'>,
): void {
  writeU32(target, at, index);
  writeU64(target, at + 4, offset);
  writeU64(target, at + 12, bytes);
}

export function writeFileEnd(
  target: Uint8Array,
  at: number,
  { index, hash }: Omit<BinaryMessageOf<'fileEnd'>, 'type'>,
): void {
  writeU32(target, at, index);
  target.set(hash, at + 4);
}

/** null: the message is not one of these. */
export function encodeBinary(message: { readonly type: string }): Uint8Array | null {
  const m = message as BinaryMessage;
  switch (m.type) {
    case 'have': {
      const payload = new Uint8Array(8 + m.hashes.length);
      writeU32(payload, 0, m.index);
      writeU32(payload, 4, m.firstBlock);
      payload.set(m.hashes, 8);
      return payload;
    }
    case 'published': {
      const payload = new Uint8Array(m.files.length * PUBLISHED_RECORD_BYTES);
      m.files.forEach((file, n) => {
        writeU32(payload, n * PUBLISHED_RECORD_BYTES, file.index);
        payload.set(file.hash, n * PUBLISHED_RECORD_BYTES + 4);
      });
      return payload;
    }
    case 'file': {
      const payload = new Uint8Array(FILE_BYTES);
      writeFile(payload, 0, m);
      return payload;
    }
    case 'fileEnd': {
      const payload = new Uint8Array(FILE_END_BYTES);
      writeFileEnd(payload, 0, m);
      return payload;
    }
    case 'ack': {
      const payload = new Uint8Array(9);
      writeU64(payload, 0, m.bytes);
      payload[8] = HOLD_UPS.indexOf(m.holdUp);
      return payload;
    }
    case 'thumbnail': {
      const payload = new Uint8Array(4 + m.jpeg.length);
      writeU32(payload, 0, m.index);
      payload.set(m.jpeg, 4);
      return payload;
    }
    default:
      return null;
  }
}

/** null: malformed. Hashes and pictures are copied: the payload is only lent. */
export function decodeBinary(name: FrameName, p: Uint8Array): BinaryMessage | null {
  switch (name) {
    case 'have':
      if (p.length <= 8 || (p.length - 8) % HASH_BYTES !== 0) return null;
      return {
        type: 'have',
        index: readU32(p, 0),
        firstBlock: readU32(p, 4),
        hashes: copyOf(p, 8, p.length),
      };
    case 'published':
      return decodePublished(p);
    case 'file': {
      if (p.length !== FILE_BYTES) return null;
      const offset = readU64(p, 4);
      const bytes = readU64(p, 12);
      if (offset === null || bytes === null) return null;
      return { type: 'file', index: readU32(p, 0), offset, bytes };
    }
    case 'fileEnd':
      if (p.length !== FILE_END_BYTES) return null;
      return { type: 'fileEnd', index: readU32(p, 0), hash: copyOf(p, 4, p.length) };
    case 'ack': {
      const bytes = p.length === 9 ? readU64(p, 0) : null;
      const holdUp = HOLD_UPS[p[8] ?? -1];
      return bytes === null || holdUp === undefined ? null : { type: 'ack', bytes, holdUp };
    }
    case 'thumbnail':
      if (p.length <= 4 || p.length > 4 + MAX_THUMBNAIL_BYTES) return null;
      return { type: 'thumbnail', index: readU32(p, 0), jpeg: copyOf(p, 4, p.length) };
    default:
      return null;
  }
}

function decodePublished(p: Uint8Array): BinaryMessage | null {
  if (p.length === 0 || p.length % PUBLISHED_RECORD_BYTES !== 0) return null;
  const files: PublishedFile[] = [];
  for (let at = 0; at < p.length; at += PUBLISHED_RECORD_BYTES) {
    files.push({ index: readU32(p, at), hash: copyOf(p, at + 4, at + PUBLISHED_RECORD_BYTES) });
  }
  return { type: 'published', files };
}

/** What a Buffer slices is still its own. */
function copyOf(p: Uint8Array, from: number, to: number): Uint8Array {
  const copy = new Uint8Array(to - from);
  copy.set(p.subarray(from, to));
  return copy;
}

function writeU32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}

function writeU64(target: Uint8Array, at: number, value: number): void {
  writeU32(target, at, Math.floor(value / 2 ** 32));
  writeU32(target, at + 4, value >>> 0);
}

function readU32(p: Uint8Array, at: number): number {
  const high = ((p[at] ?? 0) << 24) | ((p[at + 1] ?? 0) << 16);
  return (high | ((p[at + 2] ?? 0) << 8) | (p[at + 3] ?? 0)) >>> 0;
}

/** null: beyond what a JavaScript number holds exactly. */
function readU64(p: Uint8Array, at: number): number | null {
  const value = readU32(p, at) * 2 ** 32 + readU32(p, at + 4);
  return Number.isSafeInteger(value) ? value : null;
}
