import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../../shared/errors.ts';
import type { Pause } from '../../../shared/protocol/pause.ts';
import { NOT_PAUSED } from '../../../shared/protocol/pause.ts';
import { stepReceiver } from '../../../shared/protocol/receiver.ts';
import type { ReceiverInput, ReceiverState } from '../../../shared/protocol/receiver.ts';
import { stepSender } from '../../../shared/protocol/sender.ts';
import type { SenderInput, SenderState } from '../../../shared/protocol/sender.ts';
import { receiverStates, senderStates, session } from '../../support/machine-states.ts';
import { message } from '../../support/protocol-arbitraries.ts';

/** Both machines in every state they can be in, and anything at all as what happens next. */

const code = fc.constantFrom(...ERROR_CODES);
const bytes = fc.oneof(fc.nat(10_000), fc.constant(Number.MAX_SAFE_INTEGER));
const toBoth = [
  message.map((m) => ({ kind: 'message' as const, message: m })),
  fc.constant({ kind: 'cancel' as const }),
  fc.constant({ kind: 'pause' as const }),
  fc.constant({ kind: 'resume' as const }),
  fc.record({ kind: fc.constant('fault' as const), code }),
  fc.record({ kind: fc.constant('closed' as const), code }),
];
const toSender: fc.Arbitrary<SenderInput> = fc.oneof(
  { arbitrary: fc.constantFrom(...session.sender.inputs), weight: 3 },
  ...toBoth,
  fc.record({ kind: fc.constant('dataSent' as const), bytes }),
  fc.constant({ kind: 'entriesSent' as const }),
  fc.constant({ kind: 'allSent' as const, hash: '0'.repeat(64), failedFiles: 0 }),
);
const toReceiver: fc.Arbitrary<ReceiverInput> = fc.oneof(
  { arbitrary: fc.constantFrom(...session.receiver.inputs), weight: 3 },
  ...toBoth,
  fc.record({ kind: fc.constant('data' as const), bytes }),
  fc.record({ kind: fc.constant('decline' as const), code }),
  fc.record({
    kind: fc.constant('accept' as const),
    have: fc.constant([]),
    published: fc.constant([]),
    skip: fc.array(fc.record({ index: fc.nat(5), code }), { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('finished' as const),
    files: bytes,
    bytes,
    failed: fc.array(fc.record({ index: fc.nat(5), code }), { maxLength: 3 }),
  }),
);

/** Where one input may lead; `ended` is open from everywhere, staying too. */
const SENDER_WAYS: Readonly<Record<SenderState['phase'], readonly SenderState['phase'][]>> = {
  greeting: ['waiting'],
  waiting: ['streaming'],
  streaming: ['verifying'],
  verifying: [],
  ended: [],
};
const RECEIVER_WAYS: Readonly<Record<ReceiverState['phase'], readonly ReceiverState['phase'][]>> = {
  greeting: ['greeted'],
  greeted: ['listing'],
  listing: ['offered'],
  offered: ['receiving'],
  receiving: ['finishing'],
  finishing: [],
  ended: [],
};

function checkSender(before: SenderState, input: SenderInput): SenderState {
  const { state, effects } = stepSender(before, input);
  expect([before.phase, 'ended', ...SENDER_WAYS[before.phase]]).toContain(state.phase);
  expectEndTold(before.phase, state.phase, effects);
  for (const { kind } of effects) {
    if (kind === 'stream') expect([before.phase, state.phase]).toEqual(['waiting', 'streaming']);
    if (kind === 'delivered') expect(before.phase).toBe('verifying');
  }
  expectPauseTold(before, state, effects);
  return state;
}

function checkReceiver(before: ReceiverState, input: ReceiverInput): ReceiverState {
  const { state, effects } = stepReceiver(before, input);
  expect([before.phase, 'ended', ...RECEIVER_WAYS[before.phase]]).toContain(state.phase);
  expectEndTold(before.phase, state.phase, effects);
  for (const { kind } of effects) {
    if (kind === 'ask') expect(state.phase).toBe('offered');
    if (['openRange', 'write', 'endFile', 'dropFile', 'finish'].includes(kind)) {
      expect(before.phase).toBe('receiving');
    }
  }
  expectPauseTold(before, state, effects);
  return state;
}

const pauseOf = (state: object): Pause => ('pause' in state ? (state.pause as Pause) : NOT_PAUSED);

/** A driver that adds up what it is told knows the state, and it is told only what it did not know. */
function expectPauseTold(
  before: SenderState | ReceiverState,
  after: SenderState | ReceiverState,
  effects: readonly { readonly kind: string }[],
): void {
  if (after.phase === 'ended') return;
  const told = effects.filter((e) => e.kind === 'pauseChanged');
  const changed = !isDeepStrictEqual(pauseOf(before), pauseOf(after));
  expect(told).toEqual(changed ? [{ kind: 'pauseChanged', ...pauseOf(after) }] : []);
  if (after.phase !== 'streaming' && after.phase !== 'receiving') {
    expect(pauseOf(after)).toEqual(NOT_PAUSED);
  }
}

/** A driver learns of the end exactly once, and last; nothing follows it. */
function expectEndTold(
  before: string,
  after: string,
  effects: readonly { readonly kind: string }[],
): void {
  const ends = effects.filter((e) => e.kind === 'end');
  expect(ends).toHaveLength(before !== 'ended' && after === 'ended' ? 1 : 0);
  if (ends.length === 1) expect(effects.at(-1)).toBe(ends[0]);
  if (before === 'ended') expect(effects).toEqual([]);
}

describe('a machine', () => {
  test('was seen in every one of its phases before these tests say anything', () => {
    expect(new Set(senderStates.map((s) => s.phase))).toEqual(new Set(Object.keys(SENDER_WAYS)));
    expect(new Set(receiverStates.map((s) => s.phase))).toEqual(
      new Set(Object.keys(RECEIVER_WAYS)),
    );
  });

  test('that sends takes any input in any state without throwing or leaving its phases', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...senderStates),
        fc.array(toSender, { minLength: 1, maxLength: 12 }),
        (start, inputs) => {
          inputs.reduce(checkSender, start);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that receives takes any input in any state without throwing or leaving its phases', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...receiverStates),
        fc.array(toReceiver, { minLength: 1, maxLength: 12 }),
        (start, inputs) => {
          inputs.reduce(checkReceiver, start);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('answers a ping in any state by staying as it is', () => {
    const ping = { kind: 'message', message: { type: 'ping' } } as const;
    for (const state of senderStates)
      expect(stepSender(state, ping)).toEqual({ state, effects: [] });
    for (const state of receiverStates) {
      expect(stepReceiver(state, ping)).toEqual({ state, effects: [] });
    }
  });

  test('ends by cancel, error and a lost wire in any state, and tells nobody who is gone', () => {
    for (const state of senderStates.filter((s) => s.phase !== 'ended')) {
      const step = stepSender(state, { kind: 'closed', code: 'PEER_GONE' });
      expect(step.state.phase).toBe('ended');
      expect(step.effects.map((e) => e.kind)).toEqual(['end']);
    }
    for (const state of receiverStates.filter((s) => s.phase !== 'ended')) {
      for (const message of [{ type: 'cancel' }, { type: 'error', code: 'DISK_FULL' }] as const) {
        const step = stepReceiver(state, { kind: 'message', message });
        expect(step.state.phase).toBe('ended');
        // what was named and is cancelled before its list is whole was offered by an earlier connection
        const takenBack = state.phase === 'listing' && message.type === 'cancel';
        const kinds = step.effects.map((e) => e.kind);
        expect(kinds).toEqual(takenBack ? ['takenBack', 'end'] : ['end']);
      }
    }
  });

  test.each(['pause', 'resume'] as const)(
    'takes %s from the other side between ok and done only',
    (type) => {
      const input = { kind: 'message', message: { type } } as const;
      const ends = [
        ...senderStates.map((state) => [state.phase, stepSender(state, input).state.phase]),
        ...receiverStates.map((state) => [state.phase, stepReceiver(state, input).state.phase]),
      ];
      const open = ['streaming', 'verifying', 'receiving', 'finishing'];
      for (const [before = '', after] of ends) {
        expect(after).toBe(open.includes(before) ? before : 'ended');
      }
    },
  );

  test.each(['pause', 'resume'] as const)(
    'takes %s from its own person in any state, and says it only while content may flow',
    (kind) => {
      for (const state of senderStates) {
        const { effects } = stepSender(state, { kind });
        const says = kind === 'pause' && state.phase === 'streaming';
        expect(effects.filter((e) => e.kind === 'send')).toHaveLength(says ? 1 : 0);
      }
      for (const state of receiverStates) {
        const { effects } = stepReceiver(state, { kind });
        const says = kind === 'pause' && state.phase === 'receiving';
        expect(effects.filter((e) => e.kind === 'send')).toHaveLength(says ? 1 : 0);
      }
    },
  );

  test('that receives does not take its answer back once it has accepted', () => {
    for (const state of receiverStates) {
      if (state.phase !== 'receiving' && state.phase !== 'finishing') continue;
      const step = stepReceiver(state, { kind: 'decline', code: 'DECLINED' });
      expect(step).toEqual({ state, effects: [] });
    }
  });

  test('leaves the states it was in as they were', () => {
    const before = JSON.stringify([senderStates, receiverStates]);
    fc.assert(
      fc.property(fc.constantFrom(...receiverStates), toReceiver, (state, input) => {
        stepReceiver(state, input);
      }),
      { numRuns: 100 },
    );
    expect(JSON.stringify([senderStates, receiverStates])).toBe(before);
  });
});
