import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const renderer = resolve(import.meta.dirname, '../../renderer');

/** What names a side of the screen in place of the beginning or the end of a line. */
const PHYSICAL = [
  /^\s*(left|right|top|bottom)\s*:/,
  /^\s*(margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right|top|bottom)\b/,
  /^\s*border-(top|bottom)-(left|right)-radius\s*:/,
  /^\s*(text-align|float|clear|justify-content|justify-self)\s*:[^;]*\b(left|right)\b/,
  /^\s*(width|height|min-width|max-width|min-height|max-height)\s*:/,
  // four lengths of which the second and the fourth differ
  /^\s*(margin|padding|border-width)\s*:\s*\S+\s+(\S+)\s+\S+\s+(?!\2;)\S+;/,
];

test('the styles name no side of the screen: each would stay where it is in Arabic', () => {
  const sheets = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.css'),
  );
  expect(sheets.length).toBeGreaterThan(20);
  const found = sheets.flatMap((name) =>
    readFileSync(join(renderer, name), 'utf8')
      .split('\n')
      .filter((line) => PHYSICAL.some((pattern) => pattern.test(line)))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
