import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_SOURCE_PIXELS,
  makeThumbnail,
} from '../../../electron/engine/transfer/make-thumbnail.ts';
import { pictureHeader } from '../../../electron/engine/transfer/picture-header.ts';
import { MAX_THUMBNAIL_BYTES } from '../../../shared/protocol/limits.ts';
import { isSmallJpeg } from '../../../shared/protocol/small-jpeg.ts';
import * as pictures from '../../support/pictures.ts';
import { BLUE, GREEN, RED, YELLOW } from '../../support/pictures.ts';

const made = (picture: Uint8Array): Uint8Array => {
  const jpeg = makeThumbnail(picture);
  if (jpeg === null) throw new Error('there is none');
  expect(isSmallJpeg(jpeg)).toBe(true);
  expect(jpeg.length).toBeLessThanOrEqual(MAX_THUMBNAIL_BYTES);
  return jpeg;
};

function expectColours(jpeg: Uint8Array, wanted: readonly (readonly number[])[]): void {
  const colours = pictures.coloursOf(jpeg);
  for (const [n, colour] of colours.entries()) {
    expect(pictures.isNear(colour, wanted[n] as typeof RED), `${n}: ${colour.join()}`).toBe(true);
  }
}

describe('a thumbnail', () => {
  test.each([
    ['JPEG', pictures.jpegOf(400, 300)],
    ['PNG', pictures.pngOf(400, 300)],
    ['WebP', pictures.webpOf(400, 300)],
  ])('is made of a %s', (_, picture) => {
    const jpeg = made(picture);
    expect(pictureHeader(jpeg)).toEqual({ width: 128, height: 96, orientation: 1 });
    expectColours(jpeg, [RED, GREEN, BLUE, YELLOW]);
  });

  test('is made of a GIF', () => {
    const black = [0, 0, 0];
    expectColours(made(pictures.gifOf(12, 8)), [black, black, black, black]);
  });

  test('is no larger than its picture, and never without a side', () => {
    expect(pictureHeader(made(pictures.pngOf(20, 10)))).toMatchObject({ width: 20, height: 10 });
    expect(pictureHeader(made(pictures.pngOf(3000, 2)))).toMatchObject({ width: 128, height: 1 });
  });

  test.each([
    [1, [RED, GREEN, BLUE, YELLOW], 128, 96],
    [2, [GREEN, RED, YELLOW, BLUE], 128, 96],
    [3, [YELLOW, BLUE, GREEN, RED], 128, 96],
    [4, [BLUE, YELLOW, RED, GREEN], 128, 96],
    [5, [RED, BLUE, GREEN, YELLOW], 96, 128],
    [6, [BLUE, RED, YELLOW, GREEN], 96, 128],
    [7, [YELLOW, GREEN, BLUE, RED], 96, 128],
    [8, [GREEN, YELLOW, RED, BLUE], 96, 128],
  ] as const)('stands upright where EXIF says %i', (orientation, colours, width, height) => {
    for (const isLittle of [true, false]) {
      const jpeg = made(pictures.withExif(pictures.jpegOf(400, 300), orientation, isLittle));
      expect(pictureHeader(jpeg)).toEqual({ width, height, orientation: 1 });
      expectColours(jpeg, colours);
    }
  });

  test('tells nothing that the picture said beside its pixels', () => {
    const picture = pictures.withExif(pictures.jpegOf(400, 300), 1);
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
    expect(text(picture)).toContain('60.17N');
    expect(text(made(picture))).not.toMatch(/Exif|60\.17N|Lat/);
  });

  test('has white where the picture has holes', () => {
    const white = [255, 255, 255];
    const jpeg = made(pictures.pngOf(64, 64, () => [0, 0, 0, 0]));
    expectColours(jpeg, [white, white, white, white]);
  });

  test('is small also where there is much to see', () => {
    let seed = 1;
    const noise = (): number => (seed = (seed * 16807) % 2147483647) % 256;
    made(pictures.pngOf(256, 256, () => [noise(), noise(), noise(), 255]));
  });
});

describe('there is none', () => {
  test('of a bomb: it is told by its first bytes, and nothing is unpacked', () => {
    expect(makeThumbnail(pictures.bomb(60_000, 60_000))).toBeNull();
    expect(makeThumbnail(pictures.bomb(2 ** 31 - 1, 1))).toBeNull();
    expect(makeThumbnail(pictures.bomb(5_000, MAX_SOURCE_PIXELS / 5_000 + 1))).toBeNull();
    expect(makeThumbnail(pictures.bomb(0, 0))).toBeNull();
  });

  /** If this fails, a picture of a few kilobytes takes gigabytes of whoever shows what it offers. */
  test('of a JPEG whose frame is hidden from whoever skips what is no segment', () => {
    const [large, small] = [pictures.jpegOf(400, 300), pictures.jpegOf(8, 8)];
    for (const marker of [0, 1, 0xbf, 0xd0, 0xd8, 0xd9]) {
      expect(pictureHeader(pictures.hiddenBehind(marker, large, small)), `${marker}`).toBeNull();
    }
    expect(pictures.sizeOf(pictures.hiddenBehind(0, large, small))).toEqual([400, 300]);
    expect(pictures.sizeOf(pictures.hiddenBehind(0xe2, large, small))).toEqual([8, 8]);
    expect(makeThumbnail(pictures.hiddenBehind(0, large, small))).toBeNull();
    expect(makeThumbnail(pictures.hiddenBehind(0xe2, large, small))).not.toBeNull();
  });

  test('of a PNG whose colours are told by more than they can need: they are packed', () => {
    expect(pictureHeader(pictures.withProfiles(3_000))).toMatchObject({ width: 8, height: 8 });
    expect(pictureHeader(pictures.withProfiles(40_000))).toBeNull();
    expect(pictureHeader(pictures.withProfiles(20_000, 20_000))).toBeNull();
  });

  test('of a PNG that begins with anything but its size', () => {
    const picture = pictures.pngOf(8, 8);
    picture.set(Buffer.from('tEXt'), 12);
    expect(pictureHeader(picture)).toBeNull();
  });

  test('of a GIF whose picture is larger than it says', () => {
    expect(makeThumbnail(pictures.gifOf(4, 4, { width: 65_535, height: 65_535 }))).toBeNull();
  });

  test('of what is no picture', () => {
    expect(makeThumbnail(new Uint8Array(0))).toBeNull();
    expect(makeThumbnail(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeNull();
    expect(makeThumbnail(Buffer.from('%PDF-1.7'))).toBeNull();
  });

  test('whatever begins like a picture and goes on otherwise, its header is read or it is not', () => {
    const whole = [
      pictures.withExif(pictures.jpegOf(40, 30), 6),
      pictures.pngOf(40, 30),
      pictures.webpOf(40, 30),
      pictures.gifOf(6, 4),
    ];
    const broken = fc.record({
      picture: fc.constantFrom(...whole),
      cut: fc.nat(400),
      changes: fc.array(fc.record({ at: fc.nat(120), byte: fc.nat(255) }), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(broken, ({ picture, cut, changes }) => {
        const bytes = picture.slice(0, Math.max(8, cut));
        for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
        const header = pictureHeader(bytes);
        if (header === null) return;
        expect(header.orientation).toBeGreaterThanOrEqual(1);
        expect(header.orientation).toBeLessThanOrEqual(8);
      }),
    );
  });
});
