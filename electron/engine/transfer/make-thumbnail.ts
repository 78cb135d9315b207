import { PhotonImage, SamplingFilter, resize } from '@silvia-odwyer/photon-node';
import { MAX_THUMBNAIL_BYTES, MAX_THUMBNAIL_PIXELS } from '../../../shared/protocol/limits.ts';
import { isSmallJpeg } from '../../../shared/protocol/small-jpeg.ts';
import { pictureHeader } from './picture-header.ts';
import type { Pixels } from './pixels.ts';
import { onWhite, upright } from './pixels.ts';

/**
 * A decoder may take 13 bytes for each pixel, twice the file included: about 330 MB for the largest, which is
 * what a camera of 24 megapixels makes.
 */
export const MAX_SOURCE_PIXELS = 25_000_000;

/** The first of them with which it is small enough. */
const QUALITIES = [75, 50, 25];

/** So many pixels are taken for each one, each way: all of a large picture would take ten times as long. */
const SAMPLES = 4;

/**
 * The picture as a small JPEG that stands upright and holds nothing but pixels; null: it is no picture, or too
 * large. Throws what the decoder does, which cannot be used any more after that.
 */
export function makeThumbnail(picture: Uint8Array): Uint8Array | null {
  const header = pictureHeader(picture);
  if (!header || header.width * header.height > MAX_SOURCE_PIXELS) return null;
  if (header.width === 0 || header.height === 0) return null;
  return encoded(upright(onWhite(shrunk(picture)), header.orientation));
}

function shrunk(picture: Uint8Array): Pixels {
  const whole = PhotonImage.new_from_byteslice(picture);
  const [width, height] = [whole.get_width(), whole.get_height()];
  const scale = Math.min(1, MAX_THUMBNAIL_PIXELS / Math.max(width, height));
  const small = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const [smallWidth = 1, smallHeight = 1] = small;
  const sampled =
    scale * SAMPLES < 1
      ? resize(whole, smallWidth * SAMPLES, smallHeight * SAMPLES, SamplingFilter.Nearest)
      : whole;
  const image = resize(sampled, smallWidth, smallHeight, SamplingFilter.Triangle);
  const pixels = { width: smallWidth, height: smallHeight, rgba: image.get_raw_pixels() };
  for (const one of new Set([whole, sampled, image])) one.free();
  return pixels;
}

function encoded({ width, height, rgba }: Pixels): Uint8Array | null {
  const image = new PhotonImage(rgba, width, height);
  for (const quality of QUALITIES) {
    const jpeg = image.get_bytes_jpeg(quality);
    if (jpeg.length > MAX_THUMBNAIL_BYTES || !isSmallJpeg(jpeg)) continue;
    image.free();
    return jpeg;
  }
  image.free();
  return null;
}
