import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeJson } from '../../../shared/protocol/json.ts';
import {
  MANIFEST_PAGE_BYTES,
  MAX_COMPONENT_BYTES,
  MAX_ENTRIES,
  MAX_LIST_MEMORY_BYTES,
  MAX_MANIFEST_BYTES,
  MAX_OFFER_ITEMS,
  MAX_PATH_DEPTH,
} from '../../../shared/protocol/limits.ts';
import {
  itemsCover,
  pagesOf,
  totalsAreLegal,
  totalsOf,
  withPage,
} from '../../../shared/protocol/manifest.ts';
import type { Pages } from '../../../shared/protocol/manifest.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { stepReceiver } from '../../../shared/protocol/receiver.ts';
import { itemsOf, offerOf } from '../../support/memory-tree.ts';
import { entry } from '../../support/protocol-arbitraries.ts';
import { WireReceiver } from '../../support/wire-receiver.ts';

const file = (path: readonly string[], bytes = 0): Entry => ({
  kind: 'file',
  path: [...path],
  bytes,
});

describe('the pages of an offer', () => {
  test('hold every entry once and in order, and stay below their size', () => {
    const control = '\u0001'.repeat(700);
    const wide = fc.array(fc.constantFrom('a', '漢'.repeat(900), control, '\ud800'), {
      minLength: 1,
      maxLength: 30,
    });
    const entries = fc.array(
      fc.oneof(
        entry,
        wide.map((path) => file(path, Number.MAX_SAFE_INTEGER)),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(entries, (all) => {
        const pages = [...pagesOf(all)];
        expect(pages.flat()).toEqual(all);
        for (const page of pages) {
          expect(page.length).toBeGreaterThan(0);
          if (page.length === 1) continue;
          expect(encodeJson({ entries: page }).length).toBeLessThanOrEqual(MANIFEST_PAGE_BYTES);
        }
        let kept: Pages | null = null;
        for (const page of pages) kept = withPage(kept, page);
        expect([...(kept?.entries ?? [])]).toEqual(all);
      }),
      { numRuns: 100 },
    );
  });

  test('of the deepest and longest path that may be sent fit one frame', () => {
    const path = Array.from({ length: MAX_PATH_DEPTH }, () => '\ud800'.repeat(MAX_COMPONENT_BYTES));
    const [page] = pagesOf([file(path, Number.MAX_SAFE_INTEGER)]);
    expect(encodeJson({ entries: page }).length).toBeLessThan(1024 * 1024);
  });

  test('one entry at a time cost a receiver no more than the entries themselves', () => {
    const receiver = new WireReceiver();
    const count = MAX_ENTRIES;
    const all = Array.from({ length: count }, (_, n) => file(['d', String(n)]));
    const greeting = { versions: [1], name: '', platform: 'other' as const, hashes: ['sha256'] };
    receiver.input({ kind: 'message', message: { type: 'hello', ...greeting } });
    receiver.input({ kind: 'message', message: { type: 'offer', ...offerOf(all) } });
    let { state } = receiver;
    for (const one of all.slice(0, -1)) {
      const message = { type: 'entries' as const, entries: [one] };
      ({ state } = stepReceiver(state, { kind: 'message', message }));
    }
    // all states share one list: copies would be five billion entries
    if (state.phase !== 'listing' || state.pages === null) throw new Error(state.phase);
    expect([...state.pages.entries]).toEqual(all.slice(0, -1));
  });

  test('as long as an offer may be and nested as deep as source trees are fit', () => {
    const path = Array.from({ length: 20 }, (_, n) => `directory ${n}`);
    const pages = withPage(null, Array<Entry>(MAX_ENTRIES).fill(file(path)));
    expect(pages.entries.keptBytes).toBeLessThan(MAX_LIST_MEMORY_BYTES);
  });

  test.each([
    ['long', 1000, 1000, MAX_MANIFEST_BYTES / 63_000],
    ['short', 1, 60_000, MAX_LIST_MEMORY_BYTES / (64 * 50)],
  ])('of %s names beyond what an offer may take are refused before the last', (...row) => {
    const [, units, count, most] = row;
    const receiver = new WireReceiver();
    const path = Array.from({ length: 64 }, () => 'x'.repeat(units));
    const tops = ['a', 'b']; // nothing is shared with the one before
    const all = Array.from({ length: count }, (_, n) =>
      file([tops[n % 2] ?? '', ...path.slice(2), String(n)]),
    );
    const greeting = { versions: [1], name: '', platform: 'other' as const, hashes: ['sha256'] };
    receiver.input({ kind: 'message', message: { type: 'hello', ...greeting } });
    receiver.input({ kind: 'message', message: { type: 'offer', ...offerOf(all) } });
    let taken = 0;
    for (const page of pagesOf(all)) {
      if (receiver.outcome !== null) break;
      receiver.input({ kind: 'message', message: { type: 'entries', entries: [...page] } });
      taken += page.length;
    }
    expect(receiver.outcome).toMatchObject({ failure: { code: 'TOO_MANY_FILES' } });
    expect(taken).toBeLessThan(most * 1.1);
    expect(taken).toBeGreaterThan(most * 0.8);
  });
});

describe('the totals of an offer', () => {
  test('count files, directories and bytes', () => {
    const all: Entry[] = [file(['a'], 5), { kind: 'directory', path: ['d'] }, file(['d', 'b'], 7)];
    expect(totalsOf(all)).toEqual({ files: 2, directories: 1, bytes: 12 });
  });

  test('are legal from one entry to the greatest number', () => {
    const totals = (files: number, directories: number, bytes = 0) =>
      totalsAreLegal({ files, directories, bytes });
    expect(totals(0, 0)).toBe(false);
    expect(totals(0, 1)).toBe(true);
    expect(totals(MAX_ENTRIES, 0)).toBe(true);
    expect(totals(MAX_ENTRIES, 1)).toBe(false);
    expect(totals(1, 0, Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(totals(1, 0, 2 ** 53)).toBe(false);
  });
});

describe('what the prompt shows', () => {
  const entries: Entry[] = [file(['a.txt']), file(['photos', 'x.jpg']), file(['b.txt'])];
  const items = itemsOf(entries);

  test('covers the entries that it was made from', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 30 }), (all) => {
        const kinds = new Map(itemsOf(all).map((item) => [item.name, item.kind]));
        // one name as a file and as a folder is refused when the names are planned
        const clear = all.filter(
          ({ kind, path }) =>
            kinds.get(path[0] ?? '') === (kind === 'file' && path.length === 1 ? 'file' : 'folder'),
        );
        expect(clear.length === 0 || itemsCover(offerOf(clear), clear)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('names nothing that does not come, and nothing twice', () => {
    const other = { name: 'holiday.jpg', kind: 'file' as const };
    expect(itemsCover({ items: [...items, other], itemCount: 4 }, entries)).toBe(false);
    expect(itemsCover({ items: [...items.slice(1), other], itemCount: 3 }, entries)).toBe(false);
    expect(itemsCover({ items: [other], itemCount: 2 }, [file(['evil.desktop'])])).toBe(false);
    const twice = [...items.slice(1), ...items.slice(2)];
    expect(itemsCover({ items: twice, itemCount: 3 }, entries)).toBe(false);
  });

  test('names all there is up to its limit, and counts the rest', () => {
    expect(itemsCover({ items, itemCount: 3 }, entries)).toBe(true);
    for (const itemCount of [1, 2, 4]) {
      expect(itemsCover({ items, itemCount }, entries)).toBe(false);
      expect(itemsCover({ items: items.slice(0, 2), itemCount }, entries)).toBe(false);
    }
    expect(itemsCover({ items: items.slice(0, 2), itemCount: 3 }, entries)).toBe(false);
    const many = Array.from({ length: MAX_OFFER_ITEMS + 5 }, (_, n) => file([String(n)]));
    const all = itemsOf(many);
    const show = (from: number, to: number, itemCount = many.length) =>
      itemsCover({ items: all.slice(from, to), itemCount }, many);
    expect(show(0, MAX_OFFER_ITEMS)).toBe(true);
    expect(show(5, MAX_OFFER_ITEMS + 5)).toBe(true);
    expect(show(0, MAX_OFFER_ITEMS - 1)).toBe(false);
    expect(show(0, MAX_OFFER_ITEMS, many.length - 1)).toBe(false);
    expect(show(0, MAX_OFFER_ITEMS, many.length + 1)).toBe(false);
  });

  test('does not cover another name, nor a folder where it showed a file', () => {
    const shown = (name: string, kind: 'file' | 'folder') =>
      itemsCover({ items: [{ name, kind }], itemCount: 1 }, [file(['a.txt'])]);
    expect(shown('a.txt', 'file')).toBe(true);
    expect(shown('a.txt', 'folder')).toBe(false);
    expect(shown('A.txt', 'file')).toBe(false);
    expect(
      itemsCover({ items: [{ name: 'd', kind: 'file' }], itemCount: 1 }, [file(['d', 'x'])]),
    ).toBe(false);
  });
});
