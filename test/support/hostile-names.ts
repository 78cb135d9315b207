import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { NamePlatform } from '../../shared/protocol/wire-path.ts';
import { anyText } from './any-text.ts';

/** The corpus of names, and arbitraries that put its worst parts together. */

export const PLATFORMS = ['linux', 'mac', 'win'] as const satisfies readonly NamePlatform[];

interface Row {
  readonly id: string;
  readonly parts: readonly string[];
  readonly expect: Readonly<Record<NamePlatform, 'A' | 'M' | 'R'>>;
  readonly savedAs: Readonly<Record<NamePlatform, readonly string[] | null>>;
  readonly why: string;
}

function rowsOf(file: string): readonly Row[] {
  const url = new URL(`../corpus/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as readonly Row[];
}

export const given = rowsOf('names.json');
export const more = rowsOf('names-more.json');
export const rows = [...given, ...more];

const hostile = fc.constantFrom(
  ...rows.flatMap((row) => row.parts),
  ...[
    '\u202e',
    '\u200d',
    '\ufe0f',
    '\u3000',
    '.',
    ' ',
    '/',
    '\\',
    ':',
    '\0',
    '\ud800',
    '~1',
    'con',
  ],
  ...[
    'é'.repeat(130),
    'x'.repeat(300),
    '.dropline-',
    'A',
    'a',
    ' (2)',
    '\u0301',
    '\u200b',
    '\u0130',
  ],
);
export const anyName = fc.oneof(
  { weight: 3, arbitrary: hostile },
  { weight: 3, arbitrary: fc.array(hostile, { maxLength: 4 }).map((parts) => parts.join('')) },
  anyText({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);
export const anyPlatform = fc.constantFrom(...PLATFORMS);
const UNSAFE =
  /[/\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
const WINDOWS_UNSAFE = /[:<>"|?*]|[. ]$|^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)/i;

export function expectStorable(name: string, platform: NamePlatform): void {
  expect(name).not.toMatch(UNSAFE);
  expect(name).not.toMatch(/^[. ]*$/);
  expect(name.toLowerCase()).not.toMatch(/^\.dropline-/);
  if (platform === 'win') expect(name).not.toMatch(WINDOWS_UNSAFE);
  if (platform === 'mac') expect(name).not.toContain(':');
  const size = platform === 'linux' ? Buffer.byteLength(name) : name.length;
  expect(size).toBeLessThanOrEqual(255);
}
