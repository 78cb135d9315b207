/** Long work in small steps, for a driver that gives others their turn between some of them. */

/** For whoever has nothing else to do. */
export function atOnce<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Sorted by themselves first; then as many go into one step of the merge. */
const RUN = 16;

/** Sorts as `toSorted` does, stable and into a new list; yields after each small step. */
export function* sortSteps<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
): Generator<void, T[]> {
  if (yield* areSorted(items, compare)) return [...items];
  let sorted = [...items];
  for (let at = 0; at < items.length; at += RUN) {
    const run = items.slice(at, at + RUN).sort(compare);
    for (const [n, item] of run.entries()) sorted[at + n] = item;
    yield;
  }
  // two lists in turn: one for each width would be fifteen for a hundred thousand items
  let merged = [...sorted];
  for (let width = RUN; width < sorted.length; width *= 2) {
    let count = 0;
    for (let at = 0; at < sorted.length; at += 2 * width) {
      const end = Math.min(at + 2 * width, sorted.length);
      const middle = Math.min(at + width, end);
      let left = at;
      let right = middle;
      while (left < middle || right < end) {
        const takesLeft =
          right >= end || (left < middle && compare(sorted[left] as T, sorted[right] as T) <= 0);
        merged[count++] = sorted[takesLeft ? left++ : right++] as T;
        if (count % RUN === 0) yield;
      }
    }
    [sorted, merged] = [merged, sorted];
  }
  return sorted;
}

/** Lists of files are nearly always in order. */
function* areSorted<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
): Generator<void, boolean> {
  for (let at = 1; at < items.length; at++) {
    if (compare(items[at - 1] as T, items[at] as T) > 0) return false;
    if (at % RUN === 0) yield;
  }
  return true;
}
