import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { Message, MessageOf } from '../../../shared/protocol/messages.ts';
import { createSender, stepSender } from '../../../shared/protocol/sender.ts';
import type { SenderState } from '../../../shared/protocol/sender.ts';
import type { Greeting } from '../../../shared/protocol/session.ts';
import type { MemoryEntry } from '../../support/memory-tree.ts';
import {
  blockHashes,
  bytesOf,
  contentHash,
  entriesOfTree,
  offerOf,
} from '../../support/memory-tree.ts';
import { runSession } from '../../support/wire.ts';

const HALF = BLOCK_BYTES / 2;
const TREE = [
  { path: ['one'], content: bytesOf(3 * BLOCK_BYTES + HALF, 1) },
  { path: ['folder'], content: null },
  { path: ['two'], content: bytesOf(2 * BLOCK_BYTES, 2) },
  { path: ['three'], content: bytesOf(10, 3) },
  { path: ['empty'], content: new Uint8Array(0) },
] as const;
const SENDER = { tree: TREE, dataFrameBytes: 256 * 1024 };

/** What a receiver says of a part file: the hashes of its first blocks, in messages of some length. */
function haveOf(
  index: number,
  part: Uint8Array,
  blocks: number,
  perMessage = 2,
): MessageOf<'have'>[] {
  const hashes = blockHashes(part, blocks);
  const messages: MessageOf<'have'>[] = [];
  for (let at = 0; at < hashes.length; at += perMessage * 32) {
    const some = hashes.slice(at, at + perMessage * 32);
    messages.push({ type: 'have', index, firstBlock: at / 32, hashes: some });
  }
  return messages;
}

function resume(have: readonly MessageOf<'have'>[], parts: ReadonlyMap<number, Uint8Array>) {
  return runSession({ sender: SENDER, receiver: { have, parts } });
}

function expectAll(result: ReturnType<typeof runSession>): void {
  expect(result.sender.outcome).toEqual({ kind: 'done' });
  for (const { path, content } of TREE) {
    if (content === null) continue;
    const got = result.receiver.files.get(path.join('/'));
    expect(got && Buffer.compare(got, content)).toBe(0);
  }
}

describe('a resumed session', () => {
  test('sends no block that the receiver proves to have', () => {
    const blocks = fc.nat(4);
    fc.assert(
      fc.property(blocks, fc.nat(2), fc.integer({ min: 1, max: 4 }), (one, two, perMessage) => {
        const have = [
          ...haveOf(0, TREE[0].content, one, perMessage),
          ...haveOf(2, TREE[2].content, two, perMessage),
        ];
        const parts = new Map([
          [0, TREE[0].content.slice(0, one * BLOCK_BYTES)],
          [2, TREE[2].content.slice(0, two * BLOCK_BYTES)],
        ]);
        const result = resume(have, parts);
        expectAll(result);
        const sent = (index: number) => result.sender.sentBytes.get(index) ?? 0;
        expect(sent(0)).toBe(Math.max(0, 3 * BLOCK_BYTES + HALF - one * BLOCK_BYTES));
        expect(sent(2)).toBe((2 - two) * BLOCK_BYTES);
        expect(sent(3)).toBe(10);
      }),
      { numRuns: 40 },
    );
  });

  test('sends again just the blocks that are not what the source holds', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(BLOCK_BYTES / 2 - 1), (block, at) => {
        const part = TREE[0].content.slice();
        const place = block * BLOCK_BYTES + at;
        part[place] = (part[place] ?? 0) ^ 1;
        const result = resume(haveOf(0, part, 4), new Map([[0, part]]));
        expectAll(result);
        expect(result.sender.sentBytes.get(0)).toBe(block === 3 ? HALF : BLOCK_BYTES);
        expect(result.receiver.writes[0]?.offset).toBe(block * BLOCK_BYTES);
      }),
      { numRuns: 20 },
    );
  });

  test('that lies about what is there ends without that file', () => {
    // the receiver claims a block that its part does not hold
    const part = TREE[0].content.slice(0, BLOCK_BYTES).fill(0);
    const result = resume(haveOf(0, TREE[0].content, 1), new Map([[0, part]]));
    expect(result.receiver.files.has('one')).toBe(false);
    expect(result.sender.done).toMatchObject({ failed: [{ index: 0, code: 'HASH_MISMATCH' }] });
  });

  test('sends no file that is published already, and counts it in what it verifies', () => {
    const files = [
      { index: 0, hash: contentHash(TREE[0].content) },
      { index: 4, hash: contentHash(TREE[4].content) },
    ];
    const published = [{ type: 'published' as const, files }];
    const { sender, receiver } = runSession({ sender: SENDER, receiver: { published } });
    expect(sender.outcome).toEqual({ kind: 'done' });
    expect(sender.done).toMatchObject({ files: 4, failedCount: 0 });
    expect([...sender.sentBytes.keys()]).toEqual([2, 3]);
    expect([...receiver.files.keys()]).toEqual(['two', 'three']);
  });

  const claims = fc.record({
    published: fc.uniqueArray(fc.constantFrom<number>(0, 2, 3, 4), { maxLength: 4 }),
    stale: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    skipped: fc.uniqueArray(fc.constantFrom<number>(0, 2, 3, 4), { maxLength: 4 }),
  });

  test('sends anew just the published files that the source holds otherwise, and none skipped', () => {
    fc.assert(
      fc.property(claims, ({ published, stale, skipped }) => {
        const claimed = published.filter((index) => !skipped.includes(index));
        const fresh = claimed.filter((index) => stale[index] !== true);
        const files = claimed.map((index) => {
          const content = TREE[index]?.content ?? new Uint8Array(0);
          return { index, hash: contentHash(fresh.includes(index) ? content : bytesOf(5)) };
        });
        const { sender, receiver } = runSession({
          sender: SENDER,
          receiver: {
            published: files.length > 0 ? [{ type: 'published' as const, files }] : [],
            skip: skipped.map((index) => ({ index, code: 'FILE_TOO_BIG' as const })),
          },
        });
        expect(sender.outcome).toEqual({ kind: 'done' });
        expect(receiver.outcome).toEqual({ kind: 'done' });
        const coming = [0, 2, 3, 4].filter((n) => !skipped.includes(n) && !fresh.includes(n));
        expect([...receiver.files.keys()]).toEqual(coming.map((n) => TREE[n]?.path.join('/')));
        for (const index of coming) {
          const { path, content } = TREE[index] ?? fail();
          const got = receiver.files.get(path.join('/'));
          expect(got && content && Buffer.compare(got, content)).toBe(0);
        }
        expect([...sender.sentBytes.keys()]).toEqual(coming.filter((n) => n !== 4));
        expect(sender.done).toMatchObject({
          files: 4 - skipped.length,
          failedCount: skipped.length,
          failed: skipped.map((index) => ({ index, code: 'FILE_TOO_BIG' })),
        });
      }),
      { numRuns: 60 },
    );
  });

  test('counts a published file that cannot be sent anew as failed', () => {
    const files = [{ index: 3, hash: contentHash(bytesOf(5)) }];
    const { sender, receiver } = runSession({
      sender: { ...SENDER, unreadable: new Set([3]) },
      receiver: { published: [{ type: 'published', files }] },
    });
    expect(receiver.outcome).toEqual({ kind: 'done' });
    expect(sender.done).toMatchObject({
      files: 3,
      failedCount: 1,
      failed: [{ index: 3, code: 'SOURCE_UNREADABLE' }],
    });
  });

  const hashes = (blocks: number) => new Uint8Array(blocks * 32);
  test.each<[string, MessageOf<'have'>[]]>([
    [
      'an index that was not offered',
      [{ type: 'have', index: 5, firstBlock: 0, hashes: hashes(1) }],
    ],
    ['a directory', [{ type: 'have', index: 1, firstBlock: 0, hashes: hashes(1) }]],
    [
      'more blocks than the file has',
      [{ type: 'have', index: 2, firstBlock: 0, hashes: hashes(3) }],
    ],
    ['blocks of an empty file', [{ type: 'have', index: 4, firstBlock: 0, hashes: hashes(1) }]],
    ['blocks from the middle', [{ type: 'have', index: 0, firstBlock: 1, hashes: hashes(1) }]],
    [
      'the same blocks twice',
      [
        { type: 'have', index: 0, firstBlock: 0, hashes: hashes(1) },
        { type: 'have', index: 0, firstBlock: 0, hashes: hashes(1) },
      ],
    ],
    [
      'too many blocks in two messages',
      [
        { type: 'have', index: 2, firstBlock: 0, hashes: hashes(2) },
        { type: 'have', index: 2, firstBlock: 2, hashes: hashes(1) },
      ],
    ],
  ])('ends as a violation of the protocol where have speaks of %s', (_what, have) => {
    const { sender, receiver } = runSession({ sender: SENDER, receiver: { have } });
    for (const end of [sender, receiver]) {
      expect(end.outcome).toMatchObject({ failure: { code: 'PROTOCOL_VIOLATION' } });
    }
    expect(sender.sentBytes.size).toBe(0);
  });

  test.each([1, 5, 0xffffffff])(
    'ends as a violation of the protocol where published names entry %i, which is no file',
    (index) => {
      const published = [{ type: 'published' as const, files: [{ index, hash: hashes(1) }] }];
      const { sender } = runSession({ sender: SENDER, receiver: { published } });
      expect(sender.outcome).toMatchObject({ failure: { code: 'PROTOCOL_VIOLATION' } });
    },
  );

  const claim = (index: number) => ({ index, hash: hashes(1) });
  const skip = (...indexes: number[]): MessageOf<'skip'> => ({
    type: 'skip',
    code: 'FILE_TOO_BIG',
    indexes,
  });
  const have0 = { type: 'have' as const, index: 0, firstBlock: 0, hashes: hashes(1) };
  test.each<[string, Message[]]>([
    ['published twice in one message', [{ type: 'published', files: [claim(0), claim(0)] }]],
    [
      'published in two messages',
      [
        { type: 'published', files: [claim(0)] },
        { type: 'published', files: [claim(0)] },
      ],
    ],
    ['published after have', [have0, { type: 'published', files: [claim(0)] }]],
    ['in have after published', [{ type: 'published', files: [claim(0)] }, have0]],
    ['skipped twice in one message', [skip(0, 0)]],
    ['skipped in two messages', [skip(0), skip(0)]],
    ['skipped after have', [have0, skip(0)]],
    ['skipped after published', [{ type: 'published', files: [claim(0)] }, skip(0)]],
    ['in have after skip', [skip(0), have0]],
    ['published after skip', [skip(0), { type: 'published', files: [claim(0)] }]],
    ['skipped and is a directory', [skip(1)]],
    ['skipped and was not offered', [skip(5)]],
  ])('ends as a violation of the protocol where a file is %s', (_what, messages) => {
    const { steps, last } = sayTo(waiting(TREE), messages);
    expect(steps.slice(0, -1).every((step) => step.effects.length === 0)).toBe(true);
    expect(last?.effects.at(-1)).toMatchObject({
      outcome: { failure: { code: 'PROTOCOL_VIOLATION' } },
    });
  });

  test('takes a claim for each of many files, and each of many blocks, as one list', () => {
    const many = Array.from({ length: 2000 }, (_, n) => ({ path: [String(n)], bytes: 1 }));
    const long = { path: ['long'], bytes: 2000 * BLOCK_BYTES };
    const state = waiting([], [...many, long]);
    const hash = (n: number) => new Uint8Array(32).fill(n % 256);
    const messages = many.flatMap((_, n): Message[] => [
      { type: 'published', files: [{ index: n, hash: hash(n) }] },
      { type: 'have', index: many.length, firstBlock: n, hashes: hash(n) },
    ]);
    const { steps, last } = sayTo(state, [...messages, { type: 'ok' }]);
    // one object all along: nothing is copied for a message
    expect(new Set(steps.slice(0, -1).map((step) => step.state)).size).toBe(1);
    const stream = last?.effects[0];
    if (stream?.kind !== 'stream') throw new Error(stream?.kind);
    const all = new Uint8Array(Buffer.concat(many.map((_, n) => hash(n))));
    expect([...stream.held.published]).toEqual(many.map((_, n) => [n, hash(n)]));
    expect([...stream.held.have]).toEqual([[many.length, all]]);
  });
});

/** A sender whose offer is on its way in full. */
function waiting(
  tree: readonly MemoryEntry[],
  more: readonly { readonly path: readonly string[]; readonly bytes: number }[] = [],
): SenderState {
  const files = more.map(({ path, bytes }) => ({ kind: 'file' as const, path, bytes }));
  const entries = [...entriesOfTree(tree), ...files];
  const greeting: Greeting = { name: '', platform: 'linux', hashes: ['sha256'] };
  const hello: Message = { type: 'hello', versions: [1], ...greeting, hashes: ['sha256'] };
  const start = createSender(greeting, offerOf(entries), entries);
  const greeted = stepSender(start, { kind: 'message', message: hello }).state;
  return stepSender(greeted, { kind: 'entriesSent' }).state;
}

function sayTo(start: SenderState, messages: readonly Message[]) {
  let state = start;
  const steps = messages.map((message) => {
    const step = stepSender(state, { kind: 'message', message });
    ({ state } = step);
    return step;
  });
  return { steps, last: steps.at(-1) };
}

function fail(): never {
  throw new Error('no such entry');
}
