import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  MAX_TEXT_BYTES,
  contentOf,
  contentTitle,
  linkOf,
  offeredContent,
  textBytes,
  textFileName,
} from '../../../shared/model/content.ts';
import { planPath } from '../../../shared/protocol/wire-path.ts';

test.each([
  ['https://example.org', 'https://example.org/', 'example.org'],
  ['  http://example.org:8080/a?b=c#d\n', 'http://example.org:8080/a?b=c#d', 'example.org:8080'],
  ['HTTPS://EXAMPLE.org/', 'https://example.org/', 'example.org'],
  // what looks like one host, and leads to another
  ['https://bank.example@evil.example/', 'https://bank.example@evil.example/', 'evil.example'],
  ['https://аpple.com/', 'https://xn--pple-43d.com/', 'xn--pple-43d.com'],
  ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4', 'xn--bcher-kva.example'],
])('%j is a link, and says where it leads', (text, href, host) => {
  expect(linkOf(text)).toMatchObject({ href, host });
  expect(contentOf(text)).toBe('link');
});

test.each([
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:text/html,hello',
  'ftp://example.org/',
  'mailto:anna@example.org',
  'smb://server/share',
  'example.org',
  'https:example.org',
  'https://',
  'https:// example.org',
  'see https://example.org',
  'https://example.org and more',
  'https://example.org\nhttps://example.net',
  'https://example.org/\u202egpj.exe',
  'https://example.org/\u0000',
  'https://exa\u200bmple.org/',
  `https://${'a.'.repeat(126)}example/`,
])('%j is a text, and opens nothing', (text) => {
  expect(linkOf(text)).toBeNull();
  expect(contentOf(text)).toBe('text');
});

test('a name before the host is told, whatever it looks like', () => {
  expect(linkOf('https://evil.example.good.example@evil.example/')?.hasUserInfo).toBe(true);
  expect(linkOf('https://:word@evil.example/')?.hasUserInfo).toBe(true);
  expect(linkOf('https://evil.example/@good.example')?.hasUserInfo).toBe(false);
});

test('nothing that passes for a link leads anywhere but to the web', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('a', 'ä', '.', '/', '@', ':', '%', '\\', '[', ' ', '\u202e'),
  });
  fc.assert(
    fc.property(hostile, fc.constantFrom('', 'http://', 'https://', 'javascript:'), (rest, way) => {
      const link = linkOf(way + rest);
      if (link === null) return;
      expect(link.href).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
      expect(new URL(link.href).host).toBe(link.host);
    }),
  );
});

test('a text holds 64 KiB of UTF-8, and not a byte more', () => {
  expect(MAX_TEXT_BYTES).toBe(65_536);
  expect(contentOf('a'.repeat(MAX_TEXT_BYTES))).toBe('text');
  expect(contentOf('a'.repeat(MAX_TEXT_BYTES + 1))).toBeNull();
  const umlauts = 'ä'.repeat(MAX_TEXT_BYTES / 2);
  expect(textBytes(umlauts)).toBe(MAX_TEXT_BYTES);
  expect(contentOf(umlauts)).toBe('text');
  expect(contentOf(`${umlauts}ä`)).toBeNull();
  expect(contentOf(' \n\t ')).toBeNull();
});

const items = [{ kind: 'file' }] as const;
const ONE = { files: 1, directories: 0, bytes: 20 };

test('only one short file is taken for what its sender calls it', () => {
  expect(offeredContent({ content: 'text', items, totals: ONE })).toBe('text');
  expect(offeredContent({ items, totals: ONE })).toBeUndefined();
  const most = { ...ONE, bytes: MAX_TEXT_BYTES };
  expect(offeredContent({ content: 'link', items, totals: most })).toBe('link');
  const inFolder = { content: 'link', items: [{ kind: 'folder' }], totals: ONE } as const;
  expect(offeredContent(inFolder)).toBeUndefined();
  for (const totals of [
    { ...ONE, bytes: MAX_TEXT_BYTES + 1 },
    { ...ONE, bytes: 0 },
    { ...ONE, files: 2 },
    { ...ONE, files: 0 },
    { ...ONE, directories: 1 },
  ]) {
    expect(offeredContent({ content: 'text', items, totals })).toBeUndefined();
  }
});

test.each([
  ['Dinner is at eight.\nMara', 'Dinner is at eight.txt'],
  [
    'Dinner is at eight. Bring the blue folder, and the key',
    'Dinner is at eight. Bring the blue folder, and….txt',
  ],
  ['https://example.org/a/b', 'example.org.txt'],
  ['https://example.org:8080/', 'example.org 8080.txt'],
  ['../../etc/passwd', 'etc passwd.txt'],
  ['\u202eexe.cod', 'exe.cod.txt'],
  ['???', 'Text.txt'],
  ['...', 'Text.txt'],
])('%j is called by its first words', (text, name) => {
  expect(textFileName(text, 'Text')).toBe(name);
});

test('whatever a text says, it is a name that may cross, and not a long one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const name = textFileName(text, 'Text');
      expect(name.length).toBeLessThan(60);
      expect(name.endsWith('.txt')).toBe(true);
      for (const platform of ['win', 'mac', 'linux'] as const) {
        expect(planPath([name], platform).ok).toBe(true);
      }
      expect(contentTitle(name)).toBe(name.slice(0, -4));
    }),
  );
});
