import fc from 'fast-check';

/** The surrogates, which are no characters, lie in between. */
const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;
const CODE_POINTS = 0x110000 - SURROGATES;

/** Backwards for the names of every object's own parts (`__proto__`, `constructor`), which it tries often. */
function indexOf(text: unknown): number {
  const code = typeof text === 'string' ? text.codePointAt(0) : undefined;
  if (code === undefined || String.fromCodePoint(code) !== text) throw new Error('no character');
  if (code < FIRST_SURROGATE) return code;
  if (code < FIRST_SURROGATE + SURROGATES) throw new Error('half a character');
  return code - SURROGATES;
}

const anyCharacter = fc
  .nat(CODE_POINTS - 1)
  .map((n) => String.fromCodePoint(n < FIRST_SURROGATE ? n : n + SURROGATES), indexOf);

/**
 * Text of any characters: what fast-check has as the unit 'binary'. That makes a table of all of Unicode,
 * for which each file that uses it would wait a second.
 */
export function anyText(constraints: fc.StringSharedConstraints = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: anyCharacter });
}
