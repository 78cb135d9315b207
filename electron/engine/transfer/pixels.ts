/** A small picture, four bytes a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** A JPEG has no holes: what is seen through them is white. */
export function onWhite({ width, height, rgba }: Pixels): Pixels {
  const flat = new Uint8Array(rgba.length);
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] ?? 0;
    for (let n = at; n < at + 3; n++) {
      flat[n] = Math.round(((rgba[n] ?? 0) * alpha + 255 * (255 - alpha)) / 255);
    }
    flat[at + 3] = 255;
  }
  return { width, height, rgba: flat };
}

/** `orientation` as EXIF counts it: from 5 on its rows are columns. */
export function upright(pixels: Pixels, orientation: number): Pixels {
  if (orientation === 1) return pixels;
  const isTurned = orientation >= 5;
  const [width, height] = isTurned ? [pixels.height, pixels.width] : [pixels.width, pixels.height];
  const from = new Uint32Array(pixels.rgba.slice().buffer);
  const to = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = placeOf(x, y, width - 1, height - 1, orientation);
      to[y * width + x] = from[fromY * pixels.width + fromX] ?? 0;
    }
  }
  return { width, height, rgba: new Uint8Array(to.buffer) };
}

/** Where the pixel that is to be seen at x, y was stored. */
function placeOf(
  x: number,
  y: number,
  lastX: number,
  lastY: number,
  orientation: number,
): readonly [number, number] {
  switch (orientation) {
    case 2:
      return [lastX - x, y];
    case 3:
      return [lastX - x, lastY - y];
    case 4:
      return [x, lastY - y];
    case 5:
      return [y, x];
    case 6:
      return [y, lastX - x];
    case 7:
      return [lastY - y, lastX - x];
    case 8:
      return [lastY - y, x];
    default:
      return [x, y];
  }
}
