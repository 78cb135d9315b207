/**
 * `next`, in which every part that says the same as in `before` is that part of `before`. What comes over
 * a wire is new in all its parts; who compares by identity then sees only what has changed. Plain data only.
 */
export function keepSame<T>(before: T, next: T): T {
  if (Object.is(before, next)) return before;
  if (Array.isArray(before) && Array.isArray(next)) return keepList(before, next);
  if (isRecord(before) && isRecord(next)) return keepRecord(before, next);
  return next;
}

function keepList<T extends readonly unknown[]>(before: T, next: T): T {
  const kept = next.map((value, at) => keepSame(before[at], value));
  const isSame =
    before.length === kept.length && kept.every((value, at) => Object.is(value, before[at]));
  return isSame ? before : (kept as unknown as T);
}

function keepRecord<T extends Readonly<Record<string, unknown>>>(before: T, next: T): T {
  const parts = Object.entries(next).map(([name, value]) => {
    return [name, Object.hasOwn(before, name) ? keepSame(before[name], value) : value] as const;
  });
  const isSame =
    parts.length === Object.keys(before).length &&
    parts.every(([name, value]) => Object.hasOwn(before, name) && Object.is(value, before[name]));
  return isSame ? before : (Object.fromEntries(parts) as T);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
