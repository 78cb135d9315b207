import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DEVICE_NAME_GRAPHEMES } from '../../../shared/model/settings.ts';
import {
  cleanDeviceName,
  MAX_DEVICE_NAME_BYTES,
  NEUTRAL_DEVICE_NAME,
} from '../../../shared/protocol/device-name.ts';
import { anyText } from '../../support/any-text.ts';

const anyRaw = fc.oneof(
  anyText({ maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
    .map((units) => String.fromCharCode(...units)),
);
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

describe('cleanDeviceName', () => {
  it('leaves an ordinary name as it is, in any script', () => {
    for (const name of ["Anna's laptop", 'Büro 2.1', '李雷的电脑', 'می‌خواهم', '👩‍👩‍👧 ❤️', 'a<b>&']) {
      expect(cleanDeviceName(name)).toBe(name);
    }
  });

  it('takes away what turns text around, and what cannot be seen', () => {
    expect(cleanDeviceName('inv\u202egpj.exe')).toBe('invgpj.exe');
    expect(cleanDeviceName('\u2066a\u2069\u200fb\u061c')).toBe('ab');
    expect(cleanDeviceName('a\u200b\u3164\u{e0041}\ud800b')).toBe('ab');
  });

  it('makes one line of many, with single blanks', () => {
    expect(cleanDeviceName(' a\r\n\tb\u2028c\u0000\u001b[31m   d ')).toBe('a b c [31m d');
  });

  it('gives a neutral name to what cannot be read', () => {
    for (const name of ['', ' ', '\u200d', '\u202e\n', '\u2800', '\ufe0f', '\u0301']) {
      expect(cleanDeviceName(name)).toBe(NEUTRAL_DEVICE_NAME);
      expect(cleanDeviceName(name, 'desk')).toBe('desk');
    }
  });

  it('keeps whole graphemes when it cuts', () => {
    expect(cleanDeviceName('e\u0301'.repeat(80))).toBe('\u00e9'.repeat(MAX_DEVICE_NAME_GRAPHEMES));
    const family = '👩‍👩‍👧‍👦';
    expect(cleanDeviceName(family.repeat(40))).toBe(family.repeat(10));
    expect(cleanDeviceName(`a${'\u0301\u0316'.repeat(1000)}`)).toBe(NEUTRAL_DEVICE_NAME);
  });

  it('is safe, short and steady for any input', () => {
    fc.assert(
      fc.property(anyRaw, (raw) => {
        const name = cleanDeviceName(raw);
        expect(name).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u,
        );
        expect(name.trim()).toBe(name);
        expect(name).not.toBe('');
        expect([...graphemes.segment(name)].length).toBeLessThanOrEqual(MAX_DEVICE_NAME_GRAPHEMES);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MAX_DEVICE_NAME_BYTES);
        expect(cleanDeviceName(name)).toBe(name);
      }),
      { numRuns: 1000 },
    );
  });
});
