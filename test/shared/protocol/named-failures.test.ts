import { describe, expect, test } from 'vitest';
import { SentStates } from '../../../electron/engine/transfer/sent-states.ts';
import { HASH_BYTES } from '../../../shared/protocol/binary-messages.ts';
import { FRAME_HEADER_BYTES, FRAME_TYPES } from '../../../shared/protocol/frame.ts';
import {
  MAX_DONE_PROBLEMS,
  MAX_FRAME_BYTES,
  MAX_PAGE_ENTRIES,
} from '../../../shared/protocol/limits.ts';
import { pagesOf } from '../../../shared/protocol/manifest.ts';
import type { Message, MessageOf } from '../../../shared/protocol/messages.ts';
import { decodeMessage, encodeMessage } from '../../../shared/protocol/messages.ts';
import type { ReceiverInput } from '../../../shared/protocol/receiver.ts';
import { createReceiver, stepReceiver } from '../../../shared/protocol/receiver.ts';
import type { SenderInput } from '../../../shared/protocol/sender.ts';
import { createSender, stepSender } from '../../../shared/protocol/sender.ts';
import type { Greeting } from '../../../shared/protocol/session.ts';
import { hello } from '../../../shared/protocol/session.ts';
import { bytesOf, entriesOfTree, offerOf } from '../../support/memory-tree.ts';

/** Whoever sends hears of every entry that failed, however many (PROTOCOL.md §5.16). */

const FILES = 50_002;
const LOST = 50_000;
const EMPTY = new Uint8Array(0);
const TREE = Array.from({ length: FILES }, (_, n) => ({ path: [`f${n}`], content: EMPTY }));
const GREETING: Greeting = { name: 'a', platform: 'linux', hashes: ['sha256'] };
const CODE = 'PLACE_REFUSED' as const;
const NEW: Greeting = { ...GREETING, failures: true };

/** The last so many do not come, as the receiver says it and the sender hears it. */
function lose(count: number, greeting: Greeting) {
  const entries = entriesOfTree(TREE);
  let receiver = createReceiver(GREETING).state;
  let sender = createSender(greeting, offerOf(entries), entries);
  const hear = (input: ReceiverInput): Message[] => {
    const step = stepReceiver(receiver, input);
    receiver = step.state;
    return step.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message] : []));
  };
  const say = (message: Message): Message[] => hear({ kind: 'message', message });
  say(hello(greeting));
  say({ type: 'offer', ...offerOf(entries) });
  for (const page of pagesOf(entries)) say({ type: 'entries', entries: [...page] });
  hear({ kind: 'accept', have: [], published: [], skip: [] });
  const came = FILES - count;
  for (let index = 0; index < FILES; index++) {
    const isHere = index < came;
    const hash = new Uint8Array(HASH_BYTES);
    say(isHere ? { type: 'fileEnd', index, hash } : { type: 'fileFailed', index, code: CODE });
  }
  say({ type: 'verify', hash: '0'.repeat(64) });
  const failed = entries.map((_, index) => ({ index, code: CODE })).slice(came);
  const frames = hear({ kind: 'finished', files: came, bytes: 0, failed }).map(encodeMessage);
  const delivered: MessageOf<'done'>[] = [];
  const give = (input: SenderInput): void => {
    const step = stepSender(sender, input);
    sender = step.state;
    for (const effect of step.effects) if (effect.kind === 'delivered') delivered.push(effect.done);
  };
  give({ kind: 'message', message: hello(GREETING) });
  give({ kind: 'entriesSent' });
  give({ kind: 'message', message: { type: 'ok' } });
  give({ kind: 'allSent', hash: '', failedFiles: 0 });
  for (const frame of frames) {
    const message = decodeMessage(frame[4] ?? 0, frame.subarray(FRAME_HEADER_BYTES));
    if (message) give({ kind: 'message', message });
  }
  const [done] = delivered;
  if (!done) throw new Error(`not delivered: ${sender.phase}`);
  return { done, frames };
}

const pages = ({ frames }: ReturnType<typeof lose>): number =>
  frames.filter((frame) => frame[4] === FRAME_TYPES.failed).length;

describe('of fifty thousand that failed', () => {
  test('each is named to a sender that asks for it, in frames that fit', () => {
    const lost = lose(LOST, NEW);
    const indexes = new Set(lost.done.failed.map(({ index }) => index));
    expect([lost.done.failedCount, indexes.size]).toEqual([LOST, LOST]);
    expect(pages(lost)).toBe(Math.ceil((LOST - MAX_DONE_PROBLEMS) / MAX_PAGE_ENTRIES));
    expect(Math.max(...lost.frames.map(({ length }) => length))).toBeLessThan(MAX_FRAME_BYTES / 4);
    const states = new SentStates(FILES);
    for (let index = 0; index < FILES; index++) states.sent(index);
    states.ended(lost.done);
    expect([0, FILES - LOST - 1, FILES - LOST, FILES - 1].map((n) => states.state(n))).toEqual([
      'checked',
      'checked',
      'failed',
      'failed',
    ]);
  });

  test('the first are named to any other, which hears no message that it does not know', () => {
    const lost = lose(LOST, GREETING);
    expect([lost.done.failedCount, lost.done.failed.length]).toEqual([LOST, MAX_DONE_PROBLEMS]);
    expect(pages(lost)).toBe(0);
  });
});

test('where `done` has room for all, nothing else is said', () => {
  expect(pages(lose(MAX_DONE_PROBLEMS, NEW))).toBe(0);
});

describe('a sender refuses', () => {
  const tree = [0, 1, 2].map((n) => ({ path: [`f${n}`], content: bytesOf(1, n) }));
  const entries = entriesOfTree(tree);

  function verifying(greeting: Greeting) {
    let state = createSender(greeting, offerOf(entries), entries);
    for (const input of [
      { kind: 'message', message: hello(GREETING) },
      { kind: 'entriesSent' },
      { kind: 'message', message: { type: 'ok' } },
      { kind: 'allSent', hash: '', failedFiles: 0 },
    ] as const) {
      state = stepSender(state, input).state;
    }
    return state;
  }

  test.each([
    ['an entry that was not offered', NEW, [[3]]],
    ['an entry that is named twice', NEW, [[0, 1], [1]]],
    ['what it did not ask for', GREETING, [[0]]],
  ] as const)('%s', (_what, greeting, pages) => {
    let state = verifying(greeting);
    expect(state.phase).toBe('verifying');
    for (const indexes of pages) {
      const message: Message = { type: 'failed', code: CODE, indexes: [...indexes] };
      state = stepSender(state, { kind: 'message', message }).state;
    }
    expect(state.phase).toBe('ended');
  });

  test('more than are counted, and one that `done` names again', () => {
    for (const failed of [[], [{ index: 0, code: CODE }]]) {
      const page: Message = { type: 'failed', code: CODE, indexes: [0] };
      const failedCount = failed.length;
      const files = 3 - failedCount;
      const done: Message = { type: 'done', files, bytes: 0, failedCount, failed };
      let state = stepSender(verifying(NEW), { kind: 'message', message: page }).state;
      const step = stepSender(state, { kind: 'message', message: done });
      state = step.state;
      expect(step.effects.map(({ kind }) => kind)).not.toContain('delivered');
    }
  });

  test('any of it before all is sent', () => {
    let state = createSender(NEW, offerOf(entries), entries);
    const page: Message = { type: 'failed', code: CODE, indexes: [0] };
    state = stepSender(state, { kind: 'message', message: page }).state;
    expect(state.phase).toBe('ended');
  });
});
