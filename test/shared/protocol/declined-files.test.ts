import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../../shared/errors.ts';
import { unwantedOf } from '../../../shared/protocol/held-claims.ts';
import type { FileProblem } from '../../../shared/protocol/receiver.ts';
import { bytesOf, entriesOfTree } from '../../support/memory-tree.ts';
import { runSession } from '../../support/wire.ts';

/** Of an offer a person may want some files and not the others (PROTOCOL.md §5.12). */

const FILES = [0, 2, 3, 4, 5];
const TREE = [
  { path: ['a'], content: bytesOf(10, 1) },
  { path: ['folder'], content: null },
  { path: ['folder', 'b'], content: bytesOf(3_000, 2) },
  { path: ['folder', 'c'], content: new Uint8Array(0) },
  { path: ['d'], content: bytesOf(70_000, 3) },
  { path: ['e'], content: bytesOf(1, 4) },
];

const fates = fc.record({
  declined: fc.uniqueArray(fc.constantFrom(...FILES), { maxLength: 5 }),
  tooBig: fc.uniqueArray(fc.constantFrom(...FILES), { maxLength: 2 }),
  unreadable: fc.uniqueArray(fc.constantFrom(...FILES), { maxLength: 2 }),
});

test('what is declined is not sent, and stands behind what has failed', () => {
  fc.assert(
    fc.property(fates, ({ declined, tooBig, unreadable }) => {
      const big = tooBig.filter((index) => !declined.includes(index));
      const problemsOf = (indexes: readonly number[], code: ErrorCode): FileProblem[] =>
        indexes.map((index) => ({ index, code }));
      const skip = [...problemsOf(declined, 'DECLINED'), ...problemsOf(big, 'FILE_TOO_BIG')];
      const skipped = new Map(skip.map(({ index, code }) => [index, code]));
      const { sender, receiver } = runSession({
        sender: { tree: TREE, unreadable: new Set(unreadable) },
        receiver: { skip },
      });
      expect(sender.outcome).toEqual({ kind: 'done' });
      expect(receiver.outcome).toEqual({ kind: 'done' });
      const wanted = FILES.filter((index) => !skipped.has(index));
      const lost = wanted.filter((index) => unreadable.includes(index));
      const came = wanted.filter((index) => !lost.includes(index));
      expect([...receiver.files.keys()]).toEqual(came.map((n) => TREE[n]?.path.join('/')));
      const codes = sender.done?.failed.map(({ code }) => code) ?? [];
      const failures = big.length + lost.length;
      expect(codes).toHaveLength(failures + declined.length);
      expect(codes.slice(0, failures)).not.toContain('DECLINED');
      expect(new Set(codes.slice(failures))).toEqual(new Set(declined.map(() => 'DECLINED')));
      const entries = entriesOfTree(TREE);
      const held = { have: new Map(), published: new Map(), skipped };
      expect(unwantedOf(entries, held)).toEqual({
        files: declined.length,
        directories: 0,
        bytes: declined.reduce((sum, index) => sum + (TREE[index]?.content?.length ?? 0), 0),
      });
    }),
    { numRuns: 60 },
  );
});
