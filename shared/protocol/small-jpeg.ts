import { MAX_THUMBNAIL_PIXELS } from './limits.ts';

/**
 * What a thumbnail is made of (PROTOCOL.md §5.15): one baseline picture of few pixels and nothing beside it,
 * no place, no comment, no colours of its own, no second picture. Nothing of it is decoded here.
 */
export function isSmallJpeg(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== START) return false;
  let hasFrame = false;
  for (let at = 2; ;) {
    const type = bytes[at + 1] ?? 0;
    const length = u16(bytes, at + 2);
    const body = at + 4;
    const end = at + 2 + length;
    if (bytes[at] !== 0xff || length < 2 || end > bytes.length) return false;
    if (type === SCAN) return hasFrame && isOneScan(bytes, end);
    if (type === FRAME) {
      if (hasFrame || !isSmallFrame(bytes.subarray(body, end))) return false;
      hasFrame = true;
    } else if (type === APP0) {
      if (!isJfif(bytes.subarray(body, end))) return false;
    } else if (!TABLES.has(type)) return false;
    at = end;
  }
}

const START = 0xd8;
const END = 0xd9;
const APP0 = 0xe0;
const FRAME = 0xc0;
const SCAN = 0xda;
/** Of quantisation, of Huffman codes, and how often the scan begins anew. */
const TABLES: ReadonlySet<number> = new Set([0xdb, 0xc4, 0xdd]);

const JFIF = [0x4a, 0x46, 0x49, 0x46, 0];
/** With no picture of its own. */
const JFIF_BYTES = 14;

function isJfif(body: Uint8Array): boolean {
  return body.length === JFIF_BYTES && JFIF.every((byte, n) => body[n] === byte);
}

/** Grey, or three colours. */
function isSmallFrame(body: Uint8Array): boolean {
  const [precision, , , , , components = 0] = body;
  const isWhole = body.length === 6 + 3 * components;
  const sides = [u16(body, 1), u16(body, 3)];
  const isSmall = sides.every((pixels) => pixels >= 1 && pixels <= MAX_THUMBNAIL_PIXELS);
  return precision === 8 && (components === 1 || components === 3) && isWhole && isSmall;
}

/** The picture's data, up to the end of all; markers in it only begin it anew. */
function isOneScan(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length - 2; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return false;
    at++;
  }
  return from < bytes.length - 2 && bytes.at(-2) === 0xff && bytes.at(-1) === END;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
