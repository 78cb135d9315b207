import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import * as limits from '../../../shared/protocol/limits.ts';

const tests = resolve(import.meta.dirname, '../..');

/** Every word of the other tests; imports count too: a linter refuses those that are not used. */
function wordsOfTests(): ReadonlySet<string> {
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.tsx?$/.test(path) && !path.endsWith('limits.test.ts'),
  );
  const texts = files.map((path) => readFileSync(join(tests, path), 'utf8'));
  return new Set(texts.flatMap((text) => text.match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []));
}

test('each limit has a test that names it', () => {
  const words = wordsOfTests();
  const others = [
    'PROTOCOL_VERSIONS',
    'ALPN_PROTOCOLS',
    'PAIRING_ALPN_PROTOCOLS',
    'LANE_ALPN_PROTOCOLS',
  ];
  const named = Object.keys(limits).filter((name) => !others.includes(name));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((name) => !words.has(name))).toEqual([]);
});
