import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../../shared/errors.ts';
import { PAIRING_ANSWERS } from '../../../shared/model/pairing.ts';
import { PLATFORMS } from '../../../shared/model/peer.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import { MAX_FRAME_BYTES, NONCE_BYTES } from '../../../shared/protocol/limits.ts';
import { toWireCode } from '../../../shared/protocol/messages.ts';
import type { PairingMessage } from '../../../shared/protocol/pairing-messages.ts';
import {
  PAIRING_FRAME_TYPES,
  decodePairing,
  encodePairing,
} from '../../../shared/protocol/pairing-messages.ts';
import type { PairingInput } from '../../../shared/protocol/pairing.ts';
import { stepPairing } from '../../../shared/protocol/pairing.ts';
import { anyText } from '../../support/any-text.ts';
import { bothMatch, run } from '../../support/pairing-sides.ts';

/** A pairing in every state it can be in, and anything at all as what comes next. */

describe('in every state', () => {
  const states = [run(), run({ answers: [bothMatch[0]!] })].flatMap(({ initiator, responder }) => [
    ...initiator.states,
    ...responder.states,
  ]);
  const some32 = fc.uint8Array({ minLength: NONCE_BYTES, maxLength: NONCE_BYTES });
  const code = fc.constantFrom(...ERROR_CODES);
  const message: fc.Arbitrary<PairingMessage> = fc.oneof(
    fc.record({
      type: fc.constant('greeting' as const),
      name: anyText({ maxLength: 20 }),
      platform: fc.constantFrom(...PLATFORMS),
    }),
    fc.record({ type: fc.constantFrom('commit', 'nonce', 'reveal'), bytes: some32 }),
    fc.record({ type: fc.constantFrom('match', 'mismatch', 'paired', 'ping') }),
    fc.record({ type: fc.constant('error' as const), code: code.map(toWireCode) }),
  );
  const input: fc.Arbitrary<PairingInput> = fc.oneof(
    message.map((m) => ({ kind: 'message' as const, message: m })),
    fc.constantFrom(...PAIRING_ANSWERS).map((answer) => ({ kind: 'answer' as const, answer })),
    fc.record({ kind: fc.constantFrom('fault', 'closed'), code }),
  );

  test('nothing that comes makes it throw, and an end is told once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...states), fc.array(input, { maxLength: 8 }), (from, inputs) => {
        let state = from;
        let ends = 0;
        for (const one of inputs) {
          const step = stepPairing(state, one);
          state = step.state;
          ends += step.effects.filter((effect) => effect.kind === 'end').length;
          const yes = step.effects.some((e) => e.kind === 'end' && e.outcome.kind === 'paired');
          if (yes) expect(one).toEqual({ kind: 'message', message: { type: 'paired' } });
        }
        expect(ends).toBeLessThanOrEqual(1);
        expect(state.phase === 'ended' ? 1 : 0).toBe(from.phase === 'ended' ? 1 : ends);
      }),
      { numRuns: 1000 },
    );
  });

  test('messages come back as they were sent', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const frame = encodePairing(sent);
        const read = decodePairing(frame[4] ?? 0, frame.subarray(5));
        expect(isDeepStrictEqual(plain(read), plain(sent))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('any bytes are read or refused, and never throw', () => {
    const type = fc.oneof(fc.nat(255), fc.constantFrom(...Object.values(PAIRING_FRAME_TYPES)));
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 80 }), (t, payload) => {
        const read = decodePairing(t, payload);
        if (read && 'bytes' in read) expect(read.bytes).toHaveLength(NONCE_BYTES);
      }),
      { numRuns: 1000 },
    );
    expect(decodePairing(PAIRING_FRAME_TYPES.commit, new Uint8Array(MAX_FRAME_BYTES))).toBeNull();
  });

  function plain(value: PairingMessage | null): unknown {
    return JSON.parse(
      JSON.stringify(value, (_k, v: unknown) => (v instanceof Uint8Array ? toHex(v) : v)),
    );
  }
});
