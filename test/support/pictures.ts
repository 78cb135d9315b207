import { PhotonImage } from '@silvia-odwyer/photon-node';
import { crc32, deflateSync } from 'node:zlib';

/** Small pictures of a test's own, in the formats that cameras and screens make. */

type Rgb = readonly [number, number, number];
export type Paint = (x: number, y: number) => readonly [...Rgb, number];

export const RED: Rgb = [220, 20, 20];
export const GREEN: Rgb = [20, 200, 20];
export const BLUE: Rgb = [20, 20, 220];
export const YELLOW: Rgb = [230, 220, 20];

/** Red and green above, blue and yellow below. */
export function quarters(width: number, height: number): Paint {
  return (x, y) => {
    const isLeft = x < width / 2;
    const colour = y < height / 2 ? (isLeft ? RED : GREEN) : isLeft ? BLUE : YELLOW;
    return [...colour, 255];
  };
}

export function painted(width: number, height: number, paint = quarters(width, height)) {
  const rgba = new Uint8Array(width * height * 4);
  for (let n = 0; n < width * height; n++) {
    rgba.set(paint(n % width, Math.floor(n / width)), n * 4);
  }
  return new PhotonImage(rgba, width, height);
}

export function jpegOf(width: number, height: number, paint?: Paint): Uint8Array {
  return painted(width, height, paint).get_bytes_jpeg(90);
}

export function pngOf(width: number, height: number, paint?: Paint): Uint8Array {
  return painted(width, height, paint).get_bytes();
}

export function webpOf(width: number, height: number, paint?: Paint): Uint8Array {
  return painted(width, height, paint).get_bytes_webp();
}

/** Black all over, with codes that are never longer than nine bits. */
export function gifOf(width: number, height: number, picture = { width, height }): Uint8Array {
  const le = (value: number): number[] => [value & 255, value >> 8];
  const head = [...Buffer.from('GIF89a'), ...le(width), ...le(height), 0x80, 0, 0];
  const colours = [0, 0, 0, 255, 255, 255];
  const frame = [0x2c, 0, 0, 0, 0, ...le(picture.width), ...le(picture.height), 0];
  const codes = Array.from({ length: width * height }, () => [4, 0]).flat();
  let bits = '';
  for (const code of [...codes, 5]) bits = code.toString(2).padStart(3, '0') + bits;
  bits = bits.padStart(Math.ceil(bits.length / 8) * 8, '0');
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)).toReversed();
  const blocks: number[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.slice(at, at + 255);
    blocks.push(block.length, ...block);
  }
  return Uint8Array.from([...head, ...colours, ...frame, 2, ...blocks, 0, 0x3b]);
}

/** With a place in it, and how it is turned. */
export function withExif(jpeg: Uint8Array, orientation: number, isLittle = true): Uint8Array {
  const tiff = Buffer.alloc(8 + 2 + 2 * 12 + 4);
  const u16 = (value: number, at: number) =>
    isLittle ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const u32 = (value: number, at: number) =>
    isLittle ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  tiff.write(isLittle ? 'II' : 'MM', 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(2, 8);
  u16(0x010f, 10);
  u16(2, 12);
  u32(4, 14);
  tiff.write('Lat', 18, 'latin1');
  u16(0x0112, 22);
  u16(3, 24);
  u32(1, 26);
  u16(orientation, 30);
  const body = Buffer.concat([
    Buffer.from('Exif\0\0', 'latin1'),
    tiff,
    Buffer.from('60.17N 24.94E'),
  ]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length + 2);
  const app1 = Buffer.concat([Buffer.from([0xff, 0xe1]), length, body]);
  return Buffer.concat([jpeg.subarray(0, 2), app1, jpeg.subarray(2)]);
}

/** With a segment before all others that is none: a reader that skips it sees only `after`. */
export function hiddenBehind(marker: number, jpeg: Uint8Array, after: Uint8Array): Uint8Array {
  const hidden = jpeg.subarray(2);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(hidden.length + 2);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, marker]),
    length,
    hidden,
    after.subarray(2),
  ]);
}

/** A few hundred bytes that say to be so many pixels, and hold as many as they may. */
export function bomb(width: number, height: number): Uint8Array {
  const rows = deflateSync(Buffer.alloc(4 * 1024 * 1024));
  return png(width, height, chunk('IDAT', rows));
}

/** A PNG of few pixels, with profiles of colours of so many bytes as they are packed. */
export function withProfiles(...sizes: readonly number[]): Uint8Array {
  const profiles = sizes.map((bytes) => chunk('iCCP', Buffer.alloc(bytes)));
  return png(8, 8, ...profiles, chunk('IDAT', deflateSync(Buffer.alloc(8 * (1 + 8 * 3)))));
}

function png(width: number, height: number, ...chunks: readonly Buffer[]): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([signature, chunk('IHDR', header), ...chunks, end]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(body.length);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}

/** Of what the decoder makes of it. */
export function sizeOf(picture: Uint8Array): [number, number] {
  const image = PhotonImage.new_from_byteslice(picture);
  return [image.get_width(), image.get_height()];
}

/** The colour in the middle of each quarter: above, then below. */
export function coloursOf(picture: Uint8Array): Rgb[] {
  const image = PhotonImage.new_from_byteslice(picture);
  const [width, height] = [image.get_width(), image.get_height()];
  const pixels = image.get_raw_pixels();
  return [0.25, 0.75].flatMap((down) =>
    [0.25, 0.75].map((across): Rgb => {
      const at = (Math.floor(height * down) * width + Math.floor(width * across)) * 4;
      return [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    }),
  );
}

export function isNear(one: Rgb, other: Rgb): boolean {
  return one.every((value, n) => Math.abs(value - (other[n] ?? 0)) < 40);
}
