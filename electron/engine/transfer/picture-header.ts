/** What the first bytes of a picture say of it, for whoever has to know before anything is decoded. */
export interface PictureHeader {
  readonly width: number;
  readonly height: number;
  /** How it is to be turned to stand upright, as EXIF counts it: 1 to 8. */
  readonly orientation: number;
}

/** null: no JPEG, PNG, GIF or WebP, or one that moves and is not looked into. */
export function pictureHeader(bytes: Uint8Array): PictureHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (startsWith(bytes, JPEG)) return jpegHeader(view);
    if (startsWith(bytes, PNG)) return pngHeader(view);
    if (startsWith(bytes, GIF)) return gifHeader(view);
    if (startsWith(bytes, RIFF) && fourCc(view, 8) === 'WEBP') return webpHeader(view);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // it ends before it has said so
  }
  return null;
}

const JPEG = [0xff, 0xd8, 0xff];
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GIF = [0x47, 0x49, 0x46, 0x38];
const RIFF = [0x52, 0x49, 0x46, 0x46];

function startsWith(bytes: Uint8Array, first: readonly number[]): boolean {
  return first.every((byte, n) => bytes[n] === byte);
}

function upright(width: number, height: number): PictureHeader {
  return { width, height, orientation: 1 };
}

function fourCc(view: DataView, at: number): string {
  return String.fromCodePoint(...[0, 1, 2, 3].map((n) => view.getUint8(at + n)));
}

/** Profiles of colours come packed, and are unpacked whatever they come to: a thousand times as much. */
const MAX_PROFILE_BYTES = 32 * 1024;

/** Its size comes first; where another chunk does, a decoder may go on to a size that was not looked at. */
function pngHeader(view: DataView): PictureHeader | null {
  if (fourCc(view, 12) !== 'IHDR') return null;
  let profileBytes = 0;
  for (let at = 8; ; at += 12 + view.getUint32(at)) {
    const type = fourCc(view, at + 4);
    if (type === 'iCCP') profileBytes += view.getUint32(at);
    if (profileBytes > MAX_PROFILE_BYTES) return null;
    if (type === 'IDAT') return upright(view.getUint32(16), view.getUint32(20));
  }
}

const APP1 = 0xe1;
const SCAN = 0xda;
/** Markers below the first, and from one bare to the other, stand alone: no length follows them. */
const FIRST_SEGMENT = 0xc0;
const FIRST_BARE = 0xd0;
const LAST_BARE = 0xd9;
/** Where frames could begin, but tables and an extension do. */
const NO_FRAMES: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);

function jpegHeader(view: DataView): PictureHeader | null {
  let orientation = 1;
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const type = view.getUint8(at + 1);
    if (type === 0xff) {
      at += 1;
      continue;
    }
    // what one reader skips as a segment, another takes for what comes next: a frame of any size
    if (type === SCAN || !hasLength(type)) return null;
    if (type >= 0xc0 && type <= 0xcf && !NO_FRAMES.has(type)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), orientation };
    }
    const length = view.getUint16(at + 2);
    if (length < 2) return null;
    if (type === APP1) orientation = exifOrientation(view, at + 4, at + 2 + length) ?? orientation;
    at += 2 + length;
  }
  return null;
}

function hasLength(type: number): boolean {
  return type >= FIRST_SEGMENT && (type < FIRST_BARE || type > LAST_BARE);
}

const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;

/** null: it says nothing of it, or nothing that makes sense. */
function exifOrientation(view: DataView, from: number, end: number): number | null {
  const tiff = from + 6;
  if (end > view.byteLength || tiff + 8 > end || fourCc(view, from) !== 'Exif') return null;
  const isLittle = view.getUint16(tiff) === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, isLittle);
  if (directory + 2 > end) return null;
  const count = view.getUint16(directory, isLittle);
  for (let n = 0; n < count; n++) {
    const at = directory + 2 + n * ENTRY_BYTES;
    if (at + ENTRY_BYTES > end) return null;
    if (view.getUint16(at, isLittle) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(at + 8, isLittle);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}

/** Its first picture may be larger than the screen that it is made for. */
function gifHeader(view: DataView): PictureHeader | null {
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  let at = 13 + coloursBytes(view.getUint8(10));
  while (view.getUint8(at) === 0x21) {
    at += 2;
    while (view.getUint8(at) !== 0) at += view.getUint8(at) + 1;
    at += 1;
  }
  if (view.getUint8(at) !== 0x2c) return null;
  const isWithin =
    view.getUint16(at + 1, true) + view.getUint16(at + 5, true) <= width &&
    view.getUint16(at + 3, true) + view.getUint16(at + 7, true) <= height;
  return isWithin ? upright(width, height) : null;
}

function coloursBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** What is in an extended one may be larger than it says: they must agree. */
function webpHeader(view: DataView): PictureHeader | null {
  let canvas: PictureHeader | null = null;
  for (let at = 12; ;) {
    const body = at + 8;
    switch (fourCc(view, at)) {
      case 'VP8X':
        canvas = upright(u24(view, body + 4) + 1, u24(view, body + 7) + 1);
        break;
      case 'VP8 ':
        return agreeing(
          canvas,
          upright(view.getUint16(body + 6, true) & 0x3fff, view.getUint16(body + 8, true) & 0x3fff),
        );
      case 'VP8L': {
        const bits = view.getUint32(body + 1, true);
        return agreeing(canvas, upright((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1));
      }
      case 'ANIM':
      case 'ANMF':
        return null;
    }
    const bytes = view.getUint32(at + 4, true);
    at = body + bytes + (bytes % 2);
  }
}

function agreeing(canvas: PictureHeader | null, picture: PictureHeader): PictureHeader | null {
  const agree =
    canvas === null || (canvas.width === picture.width && canvas.height === picture.height);
  return agree ? picture : null;
}

function u24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}
