import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeJson, parseJson } from '../../../shared/protocol/json.ts';
import { MAX_JSON_DEPTH } from '../../../shared/protocol/limits.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number) => bytes('['.repeat(depth) + ']'.repeat(depth));

describe('JSON from a stranger', () => {
  test('comes back as it was written, unless it has a reserved key', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        const refused = /"(?:__proto__|constructor)":/.test(text);
        expect(JSON.stringify(parseJson(encodeJson(value)))).toBe(refused ? 'null' : text);
      }),
      { numRuns: 200 },
    );
  });

  test('is taken to the greatest depth and refused one deeper', () => {
    expect(parseJson(nested(MAX_JSON_DEPTH))).not.toBeNull();
    expect(parseJson(nested(MAX_JSON_DEPTH + 1))).toBeNull();
    expect(parseJson(bytes('{"a":'.repeat(10_000)))).toBeNull();
    expect(parseJson(nested(500_000))).toBeNull();
  });

  test('is not called deep for brackets inside its strings', () => {
    for (const before of ['', '"', '\\', '\\"', '"\\"']) {
      const value = { name: `${before}${'{'.repeat(100)}` };
      expect(parseJson(encodeJson(value))).toEqual(value);
    }
  });

  test.each([
    ['is cut off', '{"a":1'],
    ['has a byte order mark', '\ufeff{}'],
    ['has something after it', '{} {}'],
    ['is nothing', ''],
    ['names NaN', '{"a":NaN}'],
  ])('is refused where it %s', (_what, text) => {
    expect(parseJson(bytes(text))).toBeNull();
  });

  test('is refused where it is not UTF-8', () => {
    expect(parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toBeNull();
    expect(parseJson(Uint8Array.of(0x22, 0xc0, 0xaf, 0x22))).toBeNull();
  });

  test.each(['__proto__', 'constructor', '\\u005f_proto__'])(
    'is refused where %s is a key at any depth, and changes no object',
    (key) => {
      for (const text of [`{"${key}":{"polluted":1}}`, `{"a":[{"b":{"${key}":{"polluted":1}}}]}`]) {
        expect(parseJson(bytes(text))).toBeNull();
      }
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(parseJson(bytes('{"name":"__proto__"}'))).toEqual({ name: '__proto__' });
    },
  );

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string().map(bytes)), (payload) => {
        parseJson(payload);
      }),
      { numRuns: 300 },
    );
  });
});
