import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const side = z.int().min(-100_000).max(100_000);
const kept = z.object({
  x: side,
  y: side,
  width: side.min(1),
  height: side.min(1),
  isMaximized: z.boolean(),
});
export type KeptBounds = z.infer<typeof kept>;

/** So much of a window must be on a screen that a hand can take hold of it. */
const MIN_SEEN = 100;

/** null: none were kept, or they cannot be read. */
export function readBounds(path: string): KeptBounds | null {
  try {
    return kept.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** What cannot be kept is where the window opens next time: no more than that. */
export function writeBounds(path: string, bounds: KeptBounds): void {
  try {
    writeFileSync(path, JSON.stringify(bounds), { mode: 0o600 });
  } catch {
    return;
  }
}

/**
 * Where the window opens: where it was, within the screen that it was on. Where that screen is gone it
 * keeps its size, as far as there is room, and its place is the system's. `areas`: what each screen has
 * for windows, the first screen first.
 */
export function openingBounds(was: KeptBounds | null, areas: readonly Box[]): Partial<Box> {
  const [first] = areas;
  if (was === null || first === undefined) return {};
  const area = areas.find((one) => seenOf(was, one));
  const { width, height } = area ?? first;
  const size = { width: Math.min(was.width, width), height: Math.min(was.height, height) };
  if (area === undefined) return size;
  return {
    x: clamp(was.x, area.x, area.x + area.width - size.width),
    y: clamp(was.y, area.y, area.y + area.height - size.height),
    ...size,
  };
}

function seenOf(box: Box, area: Box): boolean {
  const across = Math.min(box.x + box.width, area.x + area.width) - Math.max(box.x, area.x);
  const down = Math.min(box.y + box.height, area.y + area.height) - Math.max(box.y, area.y);
  return across >= Math.min(MIN_SEEN, box.width) && down >= Math.min(MIN_SEEN, box.height);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
