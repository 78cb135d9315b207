import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openingBounds, readBounds, writeBounds } from '../../electron/desktop/bounds.ts';

/** A window that opens where no screen is any more is a program that does not start. */

const folder = mkdtempSync(join(tmpdir(), 'dropline-bounds-'));
const path = join(folder, 'bounds.json');
afterAll(() => rmSync(folder, { recursive: true }));

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const beside = { x: 1440, y: 0, width: 2560, height: 1440 };
const was = { x: 2000, y: 300, width: 960, height: 680, isMaximized: false };

test('it opens where it was', () => {
  expect(openingBounds(was, [laptop, beside])).toEqual({
    x: 2000,
    y: 300,
    width: 960,
    height: 680,
  });
});

test('where its screen is gone it keeps its size, and the system places it', () => {
  expect(openingBounds(was, [laptop])).toEqual({ width: 960, height: 680 });
});

test('it is moved and made smaller until it is on its screen', () => {
  const over = { x: 1200, y: 700, width: 3000, height: 2000, isMaximized: false };
  expect(openingBounds(over, [laptop])).toEqual(laptop);
});

test('the first time it opens as it is made', () => {
  expect(openingBounds(null, [laptop])).toEqual({});
  expect(openingBounds(was, [])).toEqual({});
});

test('wherever it was, it is on a screen, and no larger', () => {
  const far = fc.integer({ min: -5000, max: 8000 });
  const size = fc.integer({ min: 1, max: 8000 });
  fc.assert(
    fc.property(far, far, size, size, (x, y, width, height) => {
      const opens = openingBounds({ x, y, width, height, isMaximized: false }, [laptop, beside]);
      const area = [laptop, beside].find(
        (one) => opens.x === undefined || (opens.x >= one.x && opens.x < one.x + one.width),
      );
      expect(area).toBeDefined();
      expect(opens.width).toBeLessThanOrEqual(area?.width ?? 0);
      expect(opens.height).toBeLessThanOrEqual(area?.height ?? 0);
    }),
  );
});

test('what was kept is read again, and what is damaged counts as nothing', () => {
  expect(readBounds(path)).toBeNull();
  writeBounds(path, was);
  expect(readBounds(path)).toEqual(was);
  for (const text of ['{', '[]', '{"x":1}', JSON.stringify({ ...was, width: 0 })]) {
    writeFileSync(path, text);
    expect(readBounds(path)).toBeNull();
  }
  // a place that cannot be written to is no reason to fail
  writeBounds(join(folder, 'not there', 'bounds.json'), was);
});
