/** How far a transfer was, and when. */
export interface Point {
  readonly ms: number;
  readonly bytes: number;
}

/**
 * How fast the last tenth of the bytes came in, over the first; null where too little was told. Between
 * two points it came in evenly.
 */
export function lastTenthOverFirst(points: readonly Point[]): number | null {
  const start = points.findLast(({ bytes }) => bytes === 0) ?? points[0];
  const end = points.at(-1);
  if (!start || !end || end.bytes <= start.bytes) return null;
  const line = points.slice(points.indexOf(start));
  const all = end.bytes - start.bytes;
  const at = (part: number) => timeAt(line, start.bytes + part * all);
  const first = at(0.1) - start.ms;
  const last = at(1) - at(0.9);
  return first > 0 && last > 0 ? first / last : null;
}

function timeAt(points: readonly Point[], bytes: number): number {
  const n = points.findIndex((point) => point.bytes >= bytes);
  const [before, after] = [points[n - 1], points[n]];
  if (!after) return NaN;
  if (!before || after.bytes === before.bytes) return after.ms;
  const part = (bytes - before.bytes) / (after.bytes - before.bytes);
  return before.ms + part * (after.ms - before.ms);
}
