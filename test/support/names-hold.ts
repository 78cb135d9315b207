import fc from 'fast-check';
import { expect } from 'vitest';
import { collisionKey, planNames, planPath } from '../../shared/protocol/wire-path.ts';
import { anyName, anyPlatform, expectStorable } from './hostile-names.ts';

/** Fuzz target 4: whatever an offer calls its files, each gets a place of its own that can be stored. */

const anyEntry = fc.record({
  path: fc.array(anyName, { maxLength: 4 }),
  kind: fc.constantFrom('file' as const, 'directory' as const),
});

export const namesHold = fc.property(
  fc.array(anyEntry, { maxLength: 30 }),
  anyPlatform,
  (entries, platform) => {
    const plan = planNames(entries, platform);
    const first = entries.findIndex((entry) => !planPath(entry.path, platform).ok);
    if (!plan.ok) {
      expect(plan.index).toBeLessThan(entries.length);
      expect(first === -1 || plan.index <= first).toBe(true);
      return;
    }
    expect(first).toBe(-1);
    const places = [...plan.saved].map((path) =>
      path.map((name) => collisionKey(name, platform)).join('/'),
    );
    expect(new Set(places).size).toBe(entries.length);
    for (const [index, path] of plan.saved.entries()) {
      expect(path.length).toBe(entries[index]?.path.length);
      for (const name of path) expectStorable(name, platform);
    }
    const again = planNames(entries, platform);
    expect(again.ok && [...again.saved]).toEqual([...plan.saved]);
  },
);

/** Of most lists one name refuses all: here each path stands alone. */
export const pathsHold = fc.property(
  fc.array(anyName, { maxLength: 5 }),
  anyPlatform,
  (parts, platform) => {
    const plan = planPath(parts, platform);
    if (!plan.ok) return;
    expect(plan.saved.length).toBe(parts.length);
    for (const name of plan.saved) expectStorable(name, platform);
    expect(planPath(plan.saved, platform)).toEqual(plan);
  },
);
